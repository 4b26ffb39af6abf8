"""A creator's own web site: what it tells crawlers, in each server's words, and its gallery."""
