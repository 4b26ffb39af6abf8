"""Copies that were found, and what became of them."""
