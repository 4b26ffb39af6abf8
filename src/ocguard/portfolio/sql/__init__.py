"""The queries of a portfolio in a database, in SQL that every kind of ours understands."""
