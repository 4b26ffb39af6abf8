"""Promises of detecting: whose mark it is, where it lies, and "no" for everything else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

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
        "mirrored", "transform", "error", "passed_over", "seconds",
    ]  # fmt: skip
    assert record["schema"] == "ocguard.detect/1"
    assert [len(row) for row in record["transform"]] == [3, 3]
    assert json.loads(json.dumps(record, allow_nan=False)) == record
