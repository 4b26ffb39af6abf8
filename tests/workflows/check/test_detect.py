"""Promises of detecting: whose mark it is, where it lies, and "no" for everything else."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

import ocguard
from ocguard.errors import ProfileError


def test_a_crop_is_laid_on_the_marked_picture(gallery, tmp_path) -> None:
    """The transform maps pixels of the suspect to pixels of the protected file."""
    result = gallery.protected("soft.jpg")
    with Image.open(result.output) as image:
        image.crop((40, 30, 600, 520)).save(tmp_path / "crop.png")
    found = ocguard.detect(tmp_path / "crop.png", home=gallery.home)
    assert (found.verdict, found.mark_id) == ("found", result.mark_id)
    assert not found.mirrored
    corner = np.array(found.transform) @ (100, 100, 1)
    assert corner == pytest.approx((140, 130), abs=2.5)


def test_a_large_copy_is_laid_in_its_own_pixels(gallery, tmp_path) -> None:
    """Also where the suspect is larger than what is looked at."""
    result = gallery.protected("soft.jpg")
    with Image.open(result.output) as image:
        image.resize((1800, 1560), Image.Resampling.LANCZOS).save(tmp_path / "large.png")
    found = ocguard.detect(tmp_path / "large.png", home=gallery.home)
    assert found.mark_id == result.mark_id
    corner = np.array(found.transform) @ (900, 780, 1)
    assert corner == pytest.approx((300, 260), abs=2.5)


def test_a_mirrored_copy_is_said_to_be_mirrored(gallery, tmp_path) -> None:
    """Thieves mirror pictures."""
    result = gallery.protected("soft.jpg")
    with Image.open(result.output) as image:
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "mirror.png")
    found = ocguard.detect(tmp_path / "mirror.png", home=gallery.home)
    assert (found.mark_id, found.mirrored) == (result.mark_id, True)


def test_a_negative_is_said_to_be_one(gallery, tmp_path) -> None:
    """Light and dark exchanged."""
    result = gallery.protected("soft.jpg")
    with Image.open(result.output) as image:
        ImageOps.invert(image.convert("RGB")).save(tmp_path / "negative.png")
    found = ocguard.detect(tmp_path / "negative.png", home=gallery.home)
    assert (found.mark_id, found.negative) == (result.mark_id, True)


def forged(gallery, stranger: np.ndarray) -> Image.Image:
    """Lay what a denoiser takes off a marked picture on another one, as strongly as it must be."""
    with Image.open(gallery.protected("cel.png").output) as image:
        marked = np.asarray(image.convert("RGB"))
    left = marked.astype(float) - cv2.fastNlMeansDenoisingColored(marked, None, 4, 4, 7, 21)
    return Image.fromarray(np.clip(np.rint(stranger + 4 * left), 0, 255).astype(np.uint8))


def test_a_mark_copied_onto_another_picture_is_told_to_be(gallery, drawings) -> None:
    """The mark is named, and that this is not its work; a finding it is not."""
    found = ocguard.detect(forged(gallery, drawings.painterly(640, 480, 60)), home=gallery.home)
    assert (found.verdict, found.is_finding) == ("copied", False)
    assert found.mark_id == gallery.protected("cel.png").mark_id
    assert [mark.verdict for mark in found.marks] == ["copied"]
    assert "may have been copied" in found.reason


def test_a_copied_mark_goes_after_one_on_its_own_work(gallery, drawings) -> None:
    """On a page that shows both, whichever is the stronger."""
    page = Image.new("RGB", (1300, 600), "white")
    page.paste(forged(gallery, drawings.painterly(640, 480, 60)), (20, 40))
    with Image.open(gallery.out / "soft.jpg") as image:
        page.paste(image.convert("RGB"), (690, 40))
    found = ocguard.detect(page, home=gallery.home)
    assert [mark.verdict for mark in found.marks] == ["found", "copied"]
    assert (found.verdict, found.mark_id) == ("found", gallery.protected("soft.jpg").mark_id)


def test_an_unmarked_picture_has_no_mark(gallery) -> None:
    """The original itself, for example."""
    found = ocguard.detect(gallery.art / "soft.jpg", home=gallery.home)
    assert found.verdict in {"not-found", "cannot-tell"}
    assert (found.mark_id, found.work_id, found.is_finding) == (None, None, False)
    assert found.reason


def test_another_creators_key_finds_nothing(gallery, tmp_path, drawings) -> None:
    """The mark is keyed."""
    ocguard.protect(drawings.cel(200, 150), home=tmp_path, visible="none", creator="Other")
    found = ocguard.detect(gallery.out / "soft.jpg", home=tmp_path)
    assert not found.is_finding


def test_the_key_alone_reads_the_mark(gallery, tmp_path) -> None:
    """Without the portfolio the mark is found, but not whose it is."""
    result = gallery.protected("cel.png")
    (tmp_path / "home").mkdir()
    for name in ("secret.key", "profile.toml"):
        target = tmp_path / "home" / name
        target.write_bytes((gallery.home / name).read_bytes())
        target.chmod(0o600)
    found = ocguard.detect(result.output, home=tmp_path / "home")
    assert (found.verdict, found.mark_id) == ("found", result.mark_id)
    assert (found.work_id, found.recipient, found.transform) == (None, None, None)


def test_without_a_key_nothing_can_be_read(tmp_path, drawings) -> None:
    """The message names the two ways to get one."""
    with pytest.raises(ProfileError, match="key import"):
        ocguard.detect(drawings.cel(100, 100), home=tmp_path)


def test_several_workers_read_in_order(gallery) -> None:
    """Bad files in their place."""
    paths = [gallery.out / "cel.png", gallery.art / "notes.txt", gallery.out / "soft.jpg"]
    results = ocguard.detect(paths, home=gallery.home, jobs=2)
    assert [one.verdict for one in results] == ["found", None, "found"]
    assert "notes.txt" in results[1].error


def test_the_result_is_the_documented_record(gallery) -> None:
    """Key by key, ready for JSON."""
    record = ocguard.detect(gallery.out / "cel.png", home=gallery.home).to_dict()
    assert list(record) == [
        "schema", "status", "input", "verdict", "mark_id", "work_id", "recipient", "p_value",
        "mirrored", "negative", "transform", "marks", "error",
        "error_code", "error_template", "error_values", "passed_over", "seconds",
    ]  # fmt: skip
    assert record["schema"] == "ocguard.detect/2"
    (mark,) = record["marks"]
    shared = record.keys() & mark.keys()
    assert {name: mark[name] for name in shared} == {name: record[name] for name in shared}
    left, top, width, height = mark["place"]
    assert 0 <= left <= left + width <= 640
    assert 0 <= top <= top + height <= 480
    assert [len(row) for row in record["transform"]] == [3, 3]
    assert json.loads(json.dumps(record, allow_nan=False)) == record
