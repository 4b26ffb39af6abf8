"""A portfolio in one SQLite file, the default."""
