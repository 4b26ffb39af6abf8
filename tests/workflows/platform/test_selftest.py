"""Promises of ocguard.workflows.platform.selftest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from ocguard.errors import OutputExistsError, PlatformError
from ocguard.platforms.profile_toml import parse_profile
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.platform.selftest import (
    SelftestJob,
    describe_posted,
    measure_files,
    prepare_selftest,
    write_profile,
)


class Trips:
    """Pictures that were posted, and what came back of them."""

    def __init__(self, folder: Path, drawings) -> None:
        self.folder = folder
        self.art = [drawings.painterly(400, 300, 1), drawings.cel(360, 360, 2)]
        self.posted = []
        for number, pixels in enumerate(self.art):
            self.posted.append(folder / f"posted-{number}.png")
            Image.fromarray(pixels).save(self.posted[-1])

    def downloaded(self, name: str, pixels, **options: int) -> Path:
        """Save a download."""
        Image.fromarray(pixels).save(self.folder / name, **options)
        return self.folder / name

    def job(self) -> SelftestJob:
        """Describe what was posted, in a home without a key."""
        posted = list(describe_posted(self.posted, 1))
        return prepare_selftest(Workspace.at(self.folder / "home"), posted)

    def measured(self, *paths: Path):
        """Measure downloads."""
        return list(measure_files(self.job(), paths, 1))


@pytest.fixture
def trips(tmp_path, drawings) -> Trips:
    """Post two pictures."""
    return Trips(tmp_path, drawings)


def test_a_download_is_paired_by_what_it_shows(trips) -> None:
    """Whatever its name; size, format and quality are those of the files."""
    small = Image.fromarray(trips.art[1]).resize((180, 180))
    small.save(trips.folder / "IMG_1.jpg", quality=80, subsampling=2)
    (one,) = trips.measured(trips.folder / "IMG_1.jpg")
    assert (one.status, one.original) == ("measured", str(trips.posted[1]))
    assert (one.width_in, one.width, one.height) == (360, 180, 180)
    assert (one.file_format, one.quality, one.chroma) == ("JPEG", 80, "4:2:0")
    assert one.kept_area == 1
    assert one.bytes_out == (trips.folder / "IMG_1.jpg").stat().st_size
    assert (one.mark, one.mark_id) == (None, None)


def test_an_unchanged_file_is_known_to_be_the_same(trips) -> None:
    """By its pixels, without comparing."""
    (one,) = trips.measured(trips.downloaded("same.png", trips.art[0]))
    assert one.trip is not None
    assert one.trip.is_same
    assert one.original == str(trips.posted[0])


def test_a_cut_is_measured(trips) -> None:
    """Half of the width, all of the height."""
    cut = trips.downloaded("cut.jpg", trips.art[0][:, 100:300], quality=92)
    (one,) = trips.measured(cut)
    assert one.kept_area == pytest.approx(0.5, abs=0.03)


def test_a_stranger_and_a_broken_file_fail_alone(trips, drawings) -> None:
    """Each says why; the other download is measured."""
    stranger = trips.downloaded("stranger.png", drawings.line_art(300, 300, 8))
    broken = trips.folder / "broken.jpg"
    broken.write_bytes(b"no picture")
    results = trips.measured(stranger, broken, trips.downloaded("same.png", trips.art[0]))
    assert [one.status for one in results] == ["failed", "failed", "measured"]
    assert "resembles none of the posted pictures; is it" in results[0].error
    assert "broken.jpg" in results[1].error


def test_a_posted_file_that_cannot_be_read_is_left_out(trips) -> None:
    """It says why, and the others are used."""
    trips.posted.append(trips.folder / "broken.png")
    trips.posted[-1].write_bytes(b"no picture")
    described = list(describe_posted(trips.posted, 1))
    assert [one.error is None for one in described] == [True, True, False]
    assert len(trips.job().posted) == 2


def test_the_profile_reads_back_and_overwrites_nothing_unasked(trips) -> None:
    """What was written is what is returned."""
    results = trips.measured(trips.downloaded("same.png", trips.art[0]))
    path = trips.folder / "platforms" / "mine.toml"
    profile = write_profile(path, "mine", results)
    assert parse_profile(path.read_text("utf-8"), "copy") == profile
    path.write_text("mine")
    with pytest.raises(OutputExistsError):
        write_profile(path, "mine", results)
    assert path.read_text() == "mine"
    assert write_profile(path, "mine", results, overwrite=True) == profile


def test_nothing_measured_makes_no_profile(trips) -> None:
    """Nor a file."""
    with pytest.raises(PlatformError):
        write_profile(trips.folder / "mine.toml", "mine", [])
    assert not (trips.folder / "mine.toml").exists()


def test_the_secret_is_never_shown(trips) -> None:
    """Neither by the job nor by a record, which is ready for JSON."""
    job = SelftestJob(trips.job().posted, bytes(range(32)))
    assert repr(job.secret) not in repr(job)
    (one,) = trips.measured(trips.downloaded("same.png", trips.art[0]))
    record = json.loads(json.dumps(one.to_dict()))
    assert record["schema"] == "ocguard.selftest/1"
    assert "trip" not in record
