"""Promises of comparing: two pictures, no portfolio, the same words as a check."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import ocguard
from ocguard.errors import ImageReadError


def test_a_copy_is_recognized(drawings) -> None:
    """Crop and JPEG do not hide it."""
    art = drawings.painterly(500, 400, 3)
    result = ocguard.compare(art, np.ascontiguousarray(art[:340, 60:]))
    assert result.is_finding
    assert result.work_id == result.candidates[0].work_id
    assert result.candidates[0].source == "array"


def test_equal_pixels_are_identical(tmp_path, drawings) -> None:
    """In whatever files."""
    Image.fromarray(drawings.cel(300, 200)).save(tmp_path / "a.png")
    assert ocguard.compare(tmp_path / "a.png", drawings.cel(300, 200)).verdict == "identical"


def test_nearly_equal_pixels_are_not_called_identical(drawings) -> None:
    """One changed pixel of a large picture vanishes in its small view."""
    art = drawings.cel(2200, 2000, 5)
    other = art.copy()
    other[1000, 1000] ^= 1
    assert ocguard.compare(art, other).verdict == "near-copy"


def test_strangers_do_not_match(drawings) -> None:
    """Two pictures of one style are two pictures."""
    result = ocguard.compare(drawings.painterly(400, 300, 1), drawings.painterly(400, 300, 2))
    assert (result.verdict, result.work_id) == ("no-match", None)


def test_what_cannot_be_read_is_an_error(tmp_path, drawings) -> None:
    """There is no other input to go on with."""
    with pytest.raises(ImageReadError):
        ocguard.compare(drawings.cel(100, 100), b"nothing")
