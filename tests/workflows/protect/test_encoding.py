"""Promises of ocguard.workflows.protect.encoding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocguard.errors import ImageWriteError
from ocguard.imaging.files import read_picture
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.quality import fidelity, seen_change
from ocguard.keys import SecretKey
from ocguard.provenance.optout import OptOut
from ocguard.watermark.invisible import Margins
from ocguard.workflows.protect import encoding
from ocguard.workflows.protect.encoding import OutputForm
from ocguard.workflows.protect.marking import BESIDE_ORIGINAL

KEY = SecretKey(bytes(range(32)))
OPT_OUT = OptOut(creator="Mira Vale", notice="© Mira Vale")


@pytest.fixture(scope="module")
def art(drawings) -> Picture:
    """A painted picture of 400 x 320 pixels."""
    return Picture.from_array(drawings.painterly(400, 320, 2))


def made(art: Picture, output: OutputForm, strength: str = "normal"):
    """Make the file that will be published."""
    return encoding.make_protected_file(art, 77, KEY, strength, OPT_OUT, output)


def test_the_file_is_marked_declared_and_in_the_form_asked_for(art) -> None:
    """What is said of it is true of its bytes."""
    file = made(art, OutputForm("jpeg", 88), "strong")
    picture = read_picture(file.encoded.data)
    assert (file.encoded.file_format, file.strength, file.known.mark_id) == ("JPEG", "strong", 77)
    assert picture.carried.quality == 88
    assert b"Mira Vale" in picture.carried.xmp
    assert file.warnings == file.encoded.warnings


def test_a_stronger_mark_changes_more_and_reads_better(art) -> None:
    """In this order."""
    files = [made(art, OutputForm(), strength) for strength in ("quiet", "normal", "strong")]
    changed = [file.fidelity.psnr_db for file in files]
    margins = [file.margins.key_db for file in files]
    assert changed == sorted(changed, reverse=True)
    assert margins == sorted(margins)


def test_a_mark_that_hard_compression_takes_away_is_warned_of() -> None:
    """A plain ground hides nothing; who posts it should know what its mark can do."""
    flat = Picture.from_array(np.full((450, 600, 3), 128, np.uint8))
    assert encoding.FADES in made(flat, OutputForm(), "quiet").warnings


def test_nobody_is_told_that_a_check_finds_what_it_says_it_cannot() -> None:
    """A plain ground is too flat to be recognized: its faint mark must not promise a check."""
    assert "ocguard check" not in str(encoding.FADES)


def test_a_mark_that_compression_leaves_to_the_original_is_warned_of_once(art) -> None:
    """Not where it is read beside the original alone already, and not where it outlives both."""
    file = made(art, OutputForm())
    later = Margins(key_db=-6.0, issued_db=-1.0, original_db=9.0)
    already = replace(file.encoded, warnings=(BESIDE_ORIGINAL,))
    assert encoding._faintness(later, file.encoded) == (encoding.BESIDE_ORIGINAL_LATER,)
    assert encoding._faintness(later, already) == ()
    assert encoding._faintness(file.margins, file.encoded) == ()


def test_quality_falls_only_as_far_as_the_largest_upload_asks(art) -> None:
    """From what was asked for, step by step."""
    best = made(art, OutputForm("jpeg", 95))
    size = len(best.encoded.data)
    assert made(art, OutputForm("jpeg", 95, size + 100)).encoded.data == best.encoded.data
    smaller = made(art, OutputForm("jpeg", 95, size - 1)).encoded.data
    assert read_picture(smaller).carried.quality == encoding.LOWER_QUALITIES[0]
    assert len(smaller) < size


def test_quality_is_never_raised_to_fit() -> None:
    """Who asked for 80 gets 75, not 90 first."""
    grain = np.random.default_rng(1).integers(0, 256, (120, 120, 3), dtype=np.uint8)
    picture = Picture.from_array(grain)
    sizes = {q: len(encoding.encode_picture(picture, "jpeg", q).data) for q in (75, 80)}
    assert sizes[75] < sizes[80]
    assert encoding._quality_within(picture, OutputForm("jpeg", 80, sizes[75])) == 75


def test_a_file_that_stays_too_large_is_refused_with_a_way_out(art) -> None:
    """Lossless formats have no quality to lower."""
    for file_format in ("png", "jpeg"):
        with pytest.raises(ImageWriteError, match=r"bytes, and 1,000 may be posted; try --format"):
            made(art, OutputForm(file_format, None, 1000))


def test_the_figures_of_a_gif_are_those_of_its_file(drawings) -> None:
    """A palette changes more than the mark does."""
    frames = tuple(Frame(drawings.painterly(400, 320, seed), 80.0) for seed in (1, 2))
    gif = Picture(frames, "rgb", False, Carried(file_format="GIF"))
    file = made(gif, OutputForm())
    shown = read_picture(file.encoded.data)
    assert file.fidelity == fidelity(gif, shown)
    assert file.visibility == seen_change(gif, shown)
    assert file.fidelity.psnr_db < 45


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (OutputForm(), encoding.ON_STILL),
        (OutputForm("jpeg"), encoding.ON_STILL_LOSSY),
        (OutputForm("webp"), encoding.ON_STILL_LOSSY),
    ],
)
def test_a_mark_on_flat_ground_makes_lossless_files_larger(form, said) -> None:
    """Of others that is not said."""
    flat = Picture.from_array(np.full((450, 600, 3), 128, np.uint8))
    warnings = made(flat, form, "strong").warnings
    assert [one for one in warnings if "flat ground" in one] == [said]


def test_a_lossless_file_that_grew_says_so_with_what_keeps_it_small(art) -> None:
    """Not one that was painted, nor where another format was asked for, nor for some bytes."""
    encoded = made(art, OutputForm()).encoded
    size = len(encoded.data)
    (warning,) = encoding.growth_warnings(encoded, "PNG", size // 4)
    assert "4 times" in warning
    assert "--format webp" in warning
    assert encoding.growth_warnings(encoded, "PNG", size - 1000) == ()
    assert encoding.growth_warnings(encoded, "JPEG", size // 4) == ()
    assert encoding.growth_warnings(encoded, "PNG", 0) == ()
    small = replace(encoded, data=encoded.data[:9000])
    assert encoding.growth_warnings(small, "PNG", 1000) == ()
