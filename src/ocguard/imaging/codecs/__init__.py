"""One module a file format (or concern) between encoded bytes and :class:`~..picture.Picture`.

Every format module has ``read(data) -> Picture``, and ``write(picture, quality) -> bytes`` where
ocguard writes that format. ``read`` raises :class:`~ocguard.errors.ImageReadError` with a reason
that :mod:`..formats` completes by the file's name; ``write`` gets a picture that
:mod:`.fitting` has already made fit the format.
"""
