"""Promises of ocguard.watermark.visible.qr."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.watermark.visible.qr import MAX_ADDRESS_CHARACTERS, least_side_px, qr_rgba

ADDRESS = "https://example.org/mira-vale"


@pytest.mark.parametrize("scale", [1.0, 1.37])
def test_a_phone_reads_the_address_at_the_least_size(scale: float) -> None:
    """Drawn at the smallest side that is promised, through JPEG at quality 60."""
    code = qr_rgba(ADDRESS)
    side = round(scale * least_side_px(code))
    small = cv2.resize(code[..., :3], (side, side), interpolation=cv2.INTER_AREA)
    page = np.full((3 * side, 3 * side, 3), 120, np.uint8)
    page[side : 2 * side, side : 2 * side] = small
    sent = cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1)
    seen = cv2.resize(sent, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    assert cv2.QRCodeDetector().detectAndDecode(seen)[0] == ADDRESS


def test_the_quiet_zone_is_white_and_four_modules_wide() -> None:
    """Readers need it to find the code on busy art."""
    code = qr_rgba(ADDRESS)
    module = round(code.shape[0] / (least_side_px(code) / 3))
    zone = 4 * module
    assert (code[:zone, :, :3] == 255).all()
    assert (code[:, -zone:, :3] == 255).all()
    assert (code[zone : zone + module, zone : zone + module, :3] < 40).all()
    assert (code[..., 3] == 255).all()


@pytest.mark.parametrize(
    "address", ["mira", "javascript:alert(1)", "https://a b", "https://x/" + "y" * 200]
)
def test_what_is_no_short_address_is_refused(address: str) -> None:
    """A code that leads nowhere, or that nobody can scan, is never made."""
    with pytest.raises(ValueError, match=f"https|{MAX_ADDRESS_CHARACTERS}"):
        qr_rgba(address)
