"""Between picture files and arrays: all that must survive, pure pixel functions, quality measures.

Files are touched in :mod:`.files` and :mod:`.publishing` alone; the other modules take and return
values.
"""
