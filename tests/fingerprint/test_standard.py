"""Promises of ocguard.fingerprint.standard."""

import imagehash
import numpy as np
import pytest
from PIL import Image

from ocguard.fingerprint.normalize import resize_area
from ocguard.fingerprint.standard import RENDITION_PX, standard_hashes

VERSION = imagehash.__version__


@pytest.mark.parametrize("kind", ["phash", "dhash", "whash"])
def test_standard_hashes_equal_those_of_imagehash(kind, drawings):
    """On a picture that needs no shrinking, they are what imagehash itself gives."""
    art = drawings.cel(200, 150)
    expected = str(getattr(imagehash, kind)(Image.fromarray(art)))
    assert standard_hashes(art)[f"imagehash-{kind}@{VERSION}"] == expected


def test_standard_hashes_read_back_with_imagehash(drawings):
    """Other tools need nothing but the text."""
    hashes = standard_hashes(drawings.cel(120, 90))
    phash = hashes[f"imagehash-phash@{VERSION}"]
    assert str(imagehash.hex_to_hash(phash)) == phash
    cropped = hashes[f"imagehash-crop-resistant-128px@{VERSION}"]
    assert str(imagehash.hex_to_multihash(cropped)) == cropped


def test_transparency_is_laid_on_white(drawings):
    """The color under alpha 0 does not reach the hashes."""
    cutout = drawings.cutout(120, 90)
    other = cutout.copy()
    other[cutout[..., 3] == 0, :3] = (200, 0, 90)
    hashes = [standard_hashes(one[..., :3], one[..., 3]) for one in (cutout, other)]
    white = np.where(cutout[..., 3:] == 0, 255, cutout[..., :3])
    assert hashes[0] == hashes[1]
    near = standard_hashes(white.astype(np.uint8))[f"imagehash-dhash@{VERSION}"]
    ours = imagehash.hex_to_hash(hashes[0][f"imagehash-dhash@{VERSION}"])
    assert ours - imagehash.hex_to_hash(near) <= 3


@pytest.mark.parametrize("size", [(640, 400), (200, 512)])
def test_a_large_picture_hashes_as_its_small_rendition_does(size, drawings):
    """All hashes, exactly: they are taken at 256 pixels, shrunk by our own means."""
    art = drawings.painterly(*size)
    scale = RENDITION_PX / max(size)
    small = resize_area(art, (round(size[0] * scale), round(size[1] * scale)))
    assert standard_hashes(art) == standard_hashes(small)
