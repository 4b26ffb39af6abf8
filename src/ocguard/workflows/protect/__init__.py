"""Protect pictures: options, outputs, both marks, survival on platforms, preview."""
