"""Promises of ocguard.imaging.svg."""

from __future__ import annotations

import gzip
import sys

import pytest

from ocguard.errors import ImageReadError, MissingExtraError
from ocguard.imaging import svg
from ocguard.imaging.svg import is_svg, svg_rgba

pytest.importorskip("resvg_py")

DISC = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'
    b'<circle cx="50" cy="50" r="40" fill="#e25c3b"/></svg>'
)


@pytest.mark.parametrize("data", [DISC, gzip.compress(DISC, mtime=0), b"\xef\xbb\xbf\n" + DISC])
def test_a_drawing_becomes_pixels_with_clear_ground(data: bytes) -> None:
    """Plain, gzipped, or with a byte order mark; the longer side as asked for."""
    assert is_svg(data)
    rgba = svg_rgba(data, 400, "logo.svg")
    assert rgba.shape == (200, 400, 4)
    assert tuple(rgba[100, 100]) == (0xE2, 0x5C, 0x3B, 255)
    assert rgba[100, 350, 3] == 0


def test_an_upright_drawing_keeps_its_longer_side() -> None:
    """The side asked for is never exceeded by more than a pixel."""
    tall = DISC.replace(b"0 0 200 100", b"0 0 100 300")
    assert max(svg_rgba(tall, 600, "logo.svg").shape[:2]) == pytest.approx(600, abs=12)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        b"\xff\xfe<svg",
        gzip.compress(DISC, mtime=0)[:40],
        DISC.replace(b"0 0 200 100", b"0 0 100000 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(data: bytes) -> None:
    """Broken, in another encoding, or endless."""
    with pytest.raises(ImageReadError, match=r"logo\.svg"):
        svg_rgba(data, 400, "logo.svg")


def test_other_files_are_no_svg() -> None:
    """A picture is read as a picture."""
    for data in (b"\x89PNG\r\n", b"", b"<html><body>", b"\xff\xd8\xff"):
        assert not is_svg(data)


@pytest.mark.parametrize(
    "place", ["/etc/passwd", "secret.png", "file:///x.png", "data:image/svg+xml,x", "&where;"]
)
def test_drawings_that_name_other_files_are_refused(place: str) -> None:
    """A logo from elsewhere never shows what lies on this machine; entities hide nothing."""
    drawing = (
        '<!DOCTYPE svg [<!ENTITY where "/home/mira/secret.png">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"'
        f' viewBox="0 0 9 9"><image x:href="{place}" width="9" height="9"/></svg>'
    )
    with pytest.raises(ImageReadError, match="embed"):
        svg_rgba(drawing.encode(), 100, "logo.svg")


def test_shapes_that_a_drawing_uses_twice_are_drawn() -> None:
    """References within the drawing are usual."""
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><defs>'
        b'<rect id="r" width="30" height="30" fill="red"/></defs>'
        b'<use href="#r" x="60" y="60"/></svg>'
    )
    assert tuple(svg_rgba(drawing, 90, "logo.svg")[75, 75]) == (255, 0, 0, 255)


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """SVG is the only kind of logo that needs it."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtraError, match="pip install resvg-py"):
        svg_rgba(DISC, 400, "logo.svg")


@pytest.mark.skipif(sys.platform == "win32", reason="a process has no limits there")
def test_a_small_drawing_that_would_take_hours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter of four hundred bytes asks for more time than any logo."""
    monkeypatch.setattr(svg, "CPU_SECONDS", 1)
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><filter id="f">'
        '<feTurbulence numOctaves="999999" baseFrequency=".1"/></filter>'
        '<rect width="9" height="9" filter="url(#f)"/></svg>'
    )
    with pytest.raises(ImageReadError, match=r"logo\.svg takes too much time or memory to draw"):
        svg_rgba(drawing.encode(), 1024, "logo.svg")
