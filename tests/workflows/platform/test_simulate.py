"""Promises of ocguard.workflows.platform.simulate."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocguard.imaging.files import read_picture
from ocguard.platforms.profile import Codec, Fit, Stage, Upload
from ocguard.platforms.shipped import shipped_profiles
from ocguard.workflows.platform.simulate import plan_uploads, simulate_files

SITE = replace(
    shipped_profiles()["x"],
    name="site",
    upload=Upload(("png", "jpeg")),
    stages=(Stage("shrinks", Codec("jpeg", (80, 80)), fit=Fit(long_side_px=(60, 60))),),
)
KEEPER = replace(SITE, name="keeper", stages=(), keeps=("exif", "xmp", "iptc"))


@pytest.fixture
def art(tmp_path, drawings) -> Path:
    """Draw two pictures, one in a subfolder."""
    (tmp_path / "art" / "sub").mkdir(parents=True)
    Image.fromarray(drawings.cel(120, 80)).save(tmp_path / "art" / "a.png")
    Image.fromarray(drawings.cel(50, 40)).save(tmp_path / "art" / "sub" / "b.png")
    return tmp_path / "art"


def test_each_platform_has_its_folder_that_mirrors_the_tree(art, tmp_path) -> None:
    """In the format that the platform serves; one that keeps files keeps their names."""
    uploads = plan_uploads([art], tmp_path / "out", [SITE, KEEPER])
    assert [str(one.planned.output.relative_to(tmp_path / "out")) for one in uploads] == [
        str(Path("site", "a.jpg")),
        str(Path("site", "sub", "b.jpg")),
        str(Path("keeper", "a.png")),
        str(Path("keeper", "sub", "b.png")),
    ]


def test_the_record_is_true_of_the_file(art, tmp_path) -> None:
    """Size, format and bytes; what happened is said."""
    result = next(simulate_files(plan_uploads([art], tmp_path / "out", [SITE]), 1))
    served = read_picture(result.output)
    assert (result.status, result.error) == ("simulated", None)
    assert served.size == (result.width, result.height) == (60, 40)
    assert (result.file_format, result.platform) == ("JPEG", "site")
    assert result.bytes_out == Path(result.output).stat().st_size
    assert result.bytes_in == (art / "a.png").stat().st_size
    assert result.happened
    record = json.loads(json.dumps(result.to_dict()))
    assert record["schema"] == "ocguard.simulate/1"
    assert record["happened"] == list(result.happened)


def test_a_kept_file_is_kept_byte_for_byte(art, tmp_path) -> None:
    """And the original stays where it is."""
    before = (art / "a.png").read_bytes()
    result = next(simulate_files(plan_uploads([art], tmp_path / "out", [KEEPER]), 1))
    assert Path(result.output).read_bytes() == (art / "a.png").read_bytes() == before


def test_nothing_is_overwritten_unasked(art, tmp_path) -> None:
    """A second run fails for each picture and changes none; asked, it succeeds."""
    uploads = plan_uploads([art], tmp_path / "out", [SITE])
    first = list(simulate_files(uploads, 1))
    mine = Path(first[0].output)
    mine.write_bytes(b"mine")
    again = list(simulate_files(uploads, 1))
    assert [one.status for one in again] == ["failed", "failed"]
    assert "exists" in again[0].error
    assert mine.read_bytes() == b"mine"
    done = list(simulate_files(uploads, 1, overwrite=True))
    assert [one.status for one in done] == ["simulated", "simulated"]


def test_one_bad_or_refused_picture_does_not_stop_the_others(art, tmp_path) -> None:
    """Each says why; no file is left for it."""
    (art / "0.png").write_bytes(b"no picture")
    refusing = replace(SITE, name="small", upload=Upload(("png",), max_side_px=100))
    results = list(simulate_files(plan_uploads([art], tmp_path / "out", [refusing]), 1))
    assert [one.status for one in results] == ["failed", "failed", "simulated"]
    assert "0.png" in results[0].error
    assert "small" in results[1].error
    assert [path.name for path in (tmp_path / "out").rglob("*.*")] == ["b.jpg"]
    assert all(one.seconds >= 0 for one in results)
