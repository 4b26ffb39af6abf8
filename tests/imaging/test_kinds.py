"""Tests of telling what a file is by its first bytes."""

import pytest

from ocguard.imaging.kinds import NO_PICTURE, SUFFIXES, format_of, format_of_suffix, unread_kind


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\xff\x0a\x7a", "JXL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JP2"),
        (b"P6\n# made by hand\n4 4\n255\n", "PNM"),
        (b"P1 is a parking place", None),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "BMP"),
        (b"BMW is a maker of cars", None),
        (b"PK\3\4" + bytes(26) + b"mimetypeapplication/x-krita", "KRA"),
        (b"PK\3\4" + bytes(26) + b"000000.jpg\xff\xd8", "UGOIRA"),
        (b"PK\3\4" + bytes(26) + b"page-1.jpg\xff\xd8", None),
        (b"PK\3\4" + bytes(26) + b"word/document.xml", None),
        (b"\0\0\0\x18ftypavif\0\0\0\0avif", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isom", None),
        (b"II*\0\x10\0\0\0CR\2\0", None),
        (b"", None),
    ],
)
def test_formats_are_told_by_content(head, expected):
    """And texts, documents, videos and raw files are not taken for pictures."""
    assert format_of(head) == expected


def test_every_suffix_leads_to_its_format():
    """In any case of letters."""
    for file_format, suffixes in SUFFIXES.items():
        assert {format_of_suffix(suffix.upper()) for suffix in suffixes} == {file_format}
    assert format_of_suffix("") is None


@pytest.mark.parametrize(
    ("head", "suffix", "word"),
    [
        (b"CSFCHUNK", "", "Clip Studio"),
        (b"gimp xcf file", ".xcf", "GIMP"),
        (b"II*\0\x08\0\0\0", ".NEF", "raw file"),
        (b"\0\0\0\x18ftypmp42", "", "video"),
        (b"RIFF\0\0\0\0AVI LIST", ".bin", "video"),
        (b"<svg xmlns=", ".svg", "vector"),
        (b"PK\3\4", ".procreate", "Procreate"),
        (b"PK\3\4", "", "archive"),
        (b"import os", ".py", NO_PICTURE),
        (b"", "", NO_PICTURE),
    ],
)
def test_what_is_not_read_is_named(head, suffix, word):
    """By content where it has a signature, else by its name."""
    assert word in unread_kind(head, suffix)


def test_what_may_be_a_picture_is_not_passed_over():
    """By content or by name: a damaged picture has to be told as such."""
    assert unread_kind(b"\x89PNG\r\n\x1a\n", ".jpg_large") == ""
    assert unread_kind(b"", ".png") == ""
