"""Suspect in, verdict out: search, align, compare, decide."""
