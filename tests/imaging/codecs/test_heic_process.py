"""Promises of ocguard.imaging.codecs.heic_process."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from ocguard.imaging.apart import decode_apart

pytest.importorskip("pi_heif", reason="needs the extra heic")

HEIC = (Path(__file__).parents[1] / "data" / "turned.heic").read_bytes()


@pytest.mark.parametrize(("max_pixels", "has_pixels"), [(32 * 48, True), (32 * 48 - 1, False)])
def test_the_pixels_come_with_what_the_file_carries_within_the_limit(
    max_pixels: int, has_pixels: bool
) -> None:
    """Over the limit the size alone is told."""
    decoded = decode_apart("ocguard.imaging.codecs.heic_process", [max_pixels], HEIC)
    with np.load(BytesIO(decoded), allow_pickle=False) as arrays:
        assert tuple(arrays["size"]) == (32, 48)
        assert ("pixels" in arrays) == has_pixels
        if has_pixels:
            assert arrays["pixels"].shape == (48, 32, 4)
            assert {"exif", "xmp", "icc_profile"} <= set(arrays)
