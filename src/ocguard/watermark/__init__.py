"""Marks in pictures: the visible one that people read, and the invisible one that ocguard reads."""
