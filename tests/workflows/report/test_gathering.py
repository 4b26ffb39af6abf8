"""Promises of ocguard.workflows.report.gathering."""

from __future__ import annotations

import datetime
import io
import json

import pytest
from PIL import Image

from ocguard import protect
from ocguard.errors import ImageReadError
from ocguard.imaging.files import read_picture
from ocguard.report.evidence import Capture
from ocguard.wording import RULES
from ocguard.workflows.home.workspace import Identity, Workspace
from ocguard.workflows.report.captures import capture_of
from ocguard.workflows.report.gathering import Gathered, gather

NOTHING_SAID = Capture()


def gatherer(home, capture=NOTHING_SAID):
    """Gather what is known of a suspect's bytes, with the works of a home as portfolio."""
    workspace = Workspace.at(home)
    identity = Identity(workspace.home.load_profile(), workspace.home.load_key(), is_new=False)

    def about(data: bytes, name: str = "/home/mo/secret folder/found.jpg") -> Gathered:
        return gather(workspace, identity, name, data, capture)

    return about


@pytest.fixture
def gathered(gallery):
    return gatherer(gallery.home)


def test_a_copy_is_laid_on_its_work(gathered, stolen, gallery) -> None:
    """Verdict, both pictures, overlay, details, differences, fingerprints, rules, timeline."""
    found = gathered(stolen.read_bytes())
    evidence = found.evidence
    assert evidence.verdict == "near-copy"
    assert "“soft.jpg” is in it line for line." in evidence.verdict_text
    assert set(found.pictures) == {"suspect", "work", "laid", "difference", "points"}
    assert read_picture(found.pictures["laid"]).size == read_picture(found.pictures["work"]).size
    assert evidence.is_laid
    assert evidence.points > 20
    assert evidence.record["marks"][0]["p_value"] < 1e-8
    assert {one.name.partition("@")[0] for one in evidence.hashes} >= {"imagehash-phash"}
    assert evidence.rules[0].name == RULES["copy"]
    whats = [event.what for event in evidence.events]
    assert whats[0] == "The work was registered."
    assert whats[-1] == "This report was made."
    assert evidence.suspect.colors


def test_of_equal_pixels_no_rule_is_told(gathered, gallery) -> None:
    """Their digests decide, and nothing was measured for a rule."""
    evidence = gathered((gallery.art / "soft.jpg").read_bytes()).evidence
    assert (evidence.verdict, evidence.rules) == ("identical", ())


def test_a_feed_is_drawn_by_the_part_that_shows_the_work_and_said_to_be(
    gathered, stolen, gallery, drawings
) -> None:
    """Whoever reads the report is told that the file holds more than is drawn."""
    assert not gathered(stolen.read_bytes()).evidence.is_cut
    feed, file = Image.new("RGB", (1080, 2000), (250, 250, 250)), io.BytesIO()
    for number, place in enumerate([(20, 20), (560, 20), (560, 1020), (20, 1020)]):
        feed.paste(Image.fromarray(drawings.line_art(480, 480, 70 + number)), place)
    with Image.open(gallery.out / "soft.jpg") as picture:
        feed.paste(picture.resize((500, 433)), (20, 530))
    feed.save(file, "PNG")
    assert gathered(file.getvalue()).evidence.is_cut


@pytest.mark.parametrize(
    ("captured", "is_too_early"),
    [
        ("2020-01-01T10:00+08:00", True),
        ("2020-01-01", True),
        ("2999-01-01T10:00+08:00", False),
        (datetime.datetime.now(datetime.UTC).date().isoformat(), False),
        ("", False),
    ],
)
def test_a_copy_that_is_older_than_the_mark_in_it_is_noticed(
    gallery, stolen, captured, is_too_early
) -> None:
    """A wrong date in a report is what the other side finds first."""
    gathered = gatherer(gallery.home, capture_of(captured=captured))
    assert gathered(stolen.read_bytes()).evidence.is_saved_too_early is is_too_early


def test_folders_and_recipients_stay_at_home(gathered, stolen, gallery) -> None:
    """What is handed out names files, not where they lie, and not who got a copy."""
    evidence = gathered(stolen.read_bytes()).evidence
    said = json.dumps(evidence.record) + str(evidence)
    assert "secret folder" not in said
    assert str(gallery.art) not in said
    assert "studio" not in said
    assert evidence.suspect.name == "found.jpg"
    assert evidence.record["candidates"][0]["source"] == "soft.jpg"


def test_a_stranger_gives_a_report_without_a_work(gathered, drawings, tmp_path) -> None:
    """Nothing is laid on anything."""
    Image.fromarray(drawings.line_art(500, 400, 77)).save(tmp_path / "other.png")
    found = gathered((tmp_path / "other.png").read_bytes())
    assert found.evidence.verdict in {"no-match", "cannot-tell"}
    assert found.evidence.work is None
    assert set(found.pictures) == {"suspect"}


def test_a_mirrored_copy_says_so(gathered, gallery, tmp_path) -> None:
    """And is laid on the work all the same."""
    with Image.open(gallery.out / "soft.jpg") as picture:
        mirrored = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        mirrored.save(tmp_path / "m.jpg", quality=80)
    evidence = gathered((tmp_path / "m.jpg").read_bytes()).evidence
    assert evidence.is_mirrored
    assert evidence.is_laid


def test_a_work_on_a_board_is_outlined(gathered, gallery, drawings, tmp_path) -> None:
    """The part of a large suspect that shows it is what the report is about."""
    board = Image.new("RGB", (1500, 600), (240, 240, 240))
    board.paste(Image.fromarray(drawings.cel(700, 500, 50)), (760, 50))
    with Image.open(gallery.out / "soft.jpg") as picture:
        board.paste(picture, (60, 40))
    board.save(tmp_path / "board.png")
    evidence = gathered((tmp_path / "board.png").read_bytes()).evidence
    assert evidence.work is not None
    assert evidence.work.name == "soft.jpg"
    assert evidence.is_outlined


def test_a_repaint_is_laid_on_all_of_its_work(drawings, tmp_path) -> None:
    """There are no matching details to show, and the ratio is that of the repaint."""
    figure, home = drawings.figure(1), tmp_path / "home"
    Image.fromarray(figure).save(tmp_path / "work.png")
    protect(tmp_path / "work.png", out=tmp_path / "out", home=home, creator="Mo", visible="none")
    Image.fromarray(drawings.hatched(figure)).save(tmp_path / "repaint.png")
    found = gatherer(home)((tmp_path / "repaint.png").read_bytes())
    assert found.evidence.verdict == "cannot-tell"
    assert found.evidence.rules[0].name == RULES["repaint"]
    assert set(found.pictures) == {"suspect", "work", "laid", "difference"}
    assert found.evidence.is_laid
    assert not found.evidence.points


def test_a_suspect_that_cannot_be_read_is_an_error(gathered) -> None:
    """Nothing is reported about it."""
    with pytest.raises(ImageReadError):
        gathered(b"broken")
