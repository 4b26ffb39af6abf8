"""Between picture files and arrays: all that must survive, pure pixel functions, quality measures.

Input and output live in :mod:`.files` alone; the other modules take and return values.
"""
