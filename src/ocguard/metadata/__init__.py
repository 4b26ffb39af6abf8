"""What picture files say in EXIF, TIFF tags and XMP: read and extended in one place."""
