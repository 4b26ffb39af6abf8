"""Promises of checking: the right work, the reasons, the marks, and nothing about strangers."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import ocguard
from ocguard.errors import PortfolioError, ProfileError
from ocguard.portfolio import JoinedReader, copy_portfolio, keep_share, open_store
from ocguard.workflows.check.options import CheckOptions
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.workspace import Workspace


def cropped(path: Path, share: float = 0.85) -> Image.Image:
    """Cut the right and lower part off a picture, as a thief would."""
    with Image.open(path) as image:
        width, height = image.size
        return image.convert("RGB").crop((0, 0, int(width * share), int(height * share)))


def saved(image: Image.Image, path: Path, quality: int = 75) -> Path:
    """Save as a JPEG."""
    image.save(path, quality=quality)
    return path


def test_a_cropped_and_recompressed_copy_is_found(gallery, tmp_path) -> None:
    """The verdict names the work, says why, and the mark says who leaked it."""
    protected = gallery.protected("soft.jpg")
    suspect = saved(cropped(Path(protected.output)), tmp_path / "s.jpg")
    result = ocguard.check(suspect, home=gallery.home)
    assert result.is_finding
    assert result.work_id == protected.work_id
    assert result.candidates[0].source == str(gallery.art / "soft.jpg")
    assert result.candidates[0].log10_lr > 0
    assert result.candidates[0].evidence["inliers"] > 10
    assert result.reason
    (mark,) = result.marks
    assert (mark.mark_id, mark.work_id) == (protected.mark_id, protected.work_id)
    assert (mark.recipient, mark.mode) == ("studio", "informed")
    assert 0 < mark.p_value < 1e-9


def test_the_original_itself_is_identical(gallery) -> None:
    """Its pixels are the work's, whatever file they are in; it carries no mark."""
    pixels = np.asarray(Image.open(gallery.art / "cel.png"))
    for suspect in (gallery.art / "cel.png", pixels):
        result = ocguard.check(suspect, home=gallery.home)
        assert result.verdict == "identical"
        assert result.work_id == gallery.protected("cel.png").work_id
        assert result.marks == ()


def test_the_protected_file_itself_is_identical(gallery) -> None:
    """It needs no matching, and says whose copy it is."""
    result = ocguard.check(gallery.out / "cutout.png", home=gallery.home)
    assert result.verdict == "identical"
    assert result.work_id == gallery.protected("cutout.png").work_id
    assert [mark.recipient for mark in result.marks] == ["studio"]


def test_mixed_copies_name_all_who_mixed_them(drawings, tmp_path) -> None:
    """Each copy has a visible mark of its own too; the mean of three of them names those three."""
    work, home = tmp_path / "work.png", tmp_path / "home"
    Image.fromarray(drawings.cel(640, 480, 6)).save(work)
    copies = [
        np.asarray(Image.open(io.BytesIO(made.data)).convert("RGB"), np.float64)
        for made in (
            ocguard.protect(work, home=home, creator="Mo", recipient=recipient)
            for recipient in ("anna", "ben", "cora", "dan", "eva")
        )
    ]
    mixed = Image.fromarray(np.rint(np.mean(copies[1:4], axis=0)).astype(np.uint8))
    result = ocguard.check(saved(mixed, tmp_path / "mixed.jpg"), home=home)
    assert {mark.recipient for mark in result.marks} == {"ben", "cora", "dan"}


def test_a_strangers_picture_is_no_match(gallery, drawings) -> None:
    """No work, no mark, no accusation."""
    result = ocguard.check(drawings.painterly(500, 400, 77), home=gallery.home)
    assert (result.verdict, result.work_id, result.marks) == ("no-match", None, ())
    assert not result.is_finding


def test_a_flat_picture_cannot_be_told(gallery) -> None:
    """Nothing can be said about nothing."""
    result = ocguard.check(np.full((200, 200, 3), 255, np.uint8), home=gallery.home)
    assert result.verdict == "cannot-tell"


def test_a_part_too_plain_to_compare_is_said_to_carry_the_mark(gallery) -> None:
    """The verdict stays open: a mark alone names no work, but it is never kept from the reader."""
    with Image.open(gallery.protected("cel.png").output) as image:
        width, height = image.size
        part = image.convert("RGB").crop((width // 10, height // 20, width // 2, height // 2))
    result = ocguard.check(part, home=gallery.home)
    assert result.verdict == "cannot-tell"
    assert [mark.copied for mark in result.marks] == [False]
    assert "But a mark of yours is in it." in result.reason


def test_bad_files_are_reported_in_their_place(gallery, tmp_path) -> None:
    """The others are checked."""
    (tmp_path / "a.png").write_bytes(b"broken")
    saved(cropped(gallery.out / "cel.png"), tmp_path / "b.jpg")
    first, second = ocguard.check([tmp_path], home=gallery.home)
    assert (first.verdict, first.is_finding) == (None, False)
    assert "a.png" in first.error
    assert second.error is None


def test_several_workers_check_the_same(gallery, tmp_path) -> None:
    """Each opens the index for itself."""
    paths = [
        saved(cropped(gallery.out / name), tmp_path / f"{n}.jpg")
        for n, name in enumerate(("cel.png", "soft.jpg"))
    ]
    results = ocguard.check(paths, home=gallery.home, jobs=2)
    works = [gallery.protected(name).work_id for name in ("cel.png", "soft.jpg")]
    assert [one.work_id for one in results] == works


def test_works_registered_later_are_found(tmp_path, drawings) -> None:
    """The index follows the portfolio, forwards and backwards."""
    portfolio = ocguard.Portfolio(home=tmp_path)
    art = [drawings.painterly(400, 300, seed) for seed in range(2)]
    portfolio.add(art[0])
    assert ocguard.check(art[1], home=tmp_path).verdict != "identical"
    work_id = portfolio.add(art[1]).work_id
    copy = Image.fromarray(art[1]).resize((320, 240))
    assert ocguard.check(copy, home=tmp_path).work_id == work_id
    portfolio.remove(work_id)
    assert not ocguard.check(copy, home=tmp_path).is_finding


def test_without_a_key_marks_are_not_read(gallery, tmp_path) -> None:
    """A portfolio alone is enough to compare."""
    location = gallery.home / "portfolio.sqlite3"
    result = ocguard.check(gallery.out / "cel.png", home=tmp_path, portfolio=location)
    assert (result.verdict, result.marks) == ("identical", ())


def test_without_a_portfolio_there_is_nothing_to_check_against(tmp_path, drawings) -> None:
    """The message says what makes one."""
    with pytest.raises(PortfolioError, match="ocguard protect"):
        ocguard.check(drawings.cel(100, 100), home=tmp_path)


def test_what_the_file_says_of_itself_is_passed_on(gallery, tmp_path, drawings) -> None:
    """A label of machine generation is evidence."""
    path = tmp_path / "ai.png"
    chunks = PngInfo()
    chunks.add_text("parameters", "a fox\nSteps: 20, Seed: 1")
    Image.fromarray(drawings.cel(200, 150, 50)).save(path, pnginfo=chunks)
    said = ocguard.check(path, home=gallery.home).declared
    assert "Seed: 1" in json.dumps(said)


def test_the_result_is_the_documented_record(gallery, tmp_path) -> None:
    """Key by key, ready for JSON."""
    suspect = saved(cropped(gallery.out / "soft.jpg"), tmp_path / "s.jpg")
    record = ocguard.check(suspect, home=gallery.home).to_dict()
    assert list(record) == [
        "schema", "status", "input", "verdict", "work_id", "portfolio", "is_others", "reason",
        "reason_code", "reason_values", "measures", "candidates", "found", "searched", "marks",
        "missing_mark", "permitted", "declared",
        "calibration_id", "bounds_id", "learned", "error",
        "error_code", "error_template", "error_values", "passed_over", "seconds", "id",
    ]  # fmt: skip
    assert record["schema"] == "ocguard.check/2"
    assert 1 <= len(record["candidates"]) <= 5
    assert list(record["candidates"][0]) == ["work_id", "source", "title", "log10_lr", "evidence"]
    assert list(record["marks"][0]) == [
        "mark_id", "work_id", "recipient", "p_value", "mode", "copied",
    ]  # fmt: skip
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_a_find_is_told_to_the_journal(drawings, tmp_path) -> None:
    """With the suspect's digest and the verdict; a stranger's picture is not."""
    portfolio = ocguard.Portfolio(home=tmp_path / "h")
    work = drawings.cel(300, 220, 1)
    added = portfolio.add(work)
    copy = saved(Image.fromarray(work), tmp_path / "copy.jpg")
    verdict = ocguard.check(copy, home=tmp_path / "h").verdict
    ocguard.check(drawings.painterly(300, 220, 7), home=tmp_path / "h")
    told = [row.facts for row in portfolio.journal() if row.event == "checked"]
    digest = hashlib.sha256(copy.read_bytes()).hexdigest()
    assert told == [{"suspect_sha256": digest, "work": added.work_id, "verdict": verdict}]


def test_a_check_without_marks_gives_the_same_verdict_and_says_so(gallery, tmp_path) -> None:
    """Crawlers that compare alone learn that marks were not read."""
    suspect = saved(cropped(gallery.out / "soft.jpg"), tmp_path / "s.jpg")
    full = ocguard.check(suspect, home=gallery.home)
    alone = ocguard.check(suspect, home=gallery.home, only="match")
    assert (alone.verdict, alone.work_id) == (full.verdict, full.work_id)
    assert (alone.marks, alone.searched.omitted) == ((), ("marks",))
    assert full.marks
    assert full.searched.omitted == ()


def test_marks_alone_are_read_without_a_verdict_on_works(gallery, tmp_path) -> None:
    """The mark is a finding; what the picture resembles is not claimed, and that is said."""
    suspect = saved(cropped(gallery.out / "soft.jpg"), tmp_path / "s.jpg")
    result = ocguard.check(suspect, home=gallery.home, only="marks")
    assert [mark.mark_id for mark in result.marks] == [gallery.protected("soft.jpg").mark_id]
    assert (result.verdict, result.candidates, result.is_finding) == ("cannot-tell", (), True)
    assert (result.reason_code, result.searched.omitted) == ("marks-alone", ("works",))
    assert result.to_dict()["searched"]["omitted"] == ["works"]


def test_the_very_same_picture_is_told_whatever_is_looked_for(gallery) -> None:
    """Equal digests cost nothing."""
    result = ocguard.check(gallery.art / "cel.png", home=gallery.home, only="marks")
    assert (result.verdict, result.reason_code) == ("identical", "same-pixels")


def test_for_marks_alone_nothing_is_indexed(gallery, tmp_path) -> None:
    """Whoever looks for nothing else does not wait for what is compared."""
    home = tmp_path / "home"
    shutil.copytree(gallery.home, home, ignore=shutil.ignore_patterns("cache"))
    result = ocguard.check(gallery.out / "cel.png", home=home, only="marks")
    assert result.marks
    assert not (home / "cache").exists()


def dealt(gallery, *servers) -> list[str]:
    """Deal the works of the gallery to a portfolio on each server, by their ids."""
    source = str(gallery.home / "portfolio.sqlite3")
    urls = [server.new_url() for server in servers]
    for share, url in enumerate(urls, 1):
        copy_portfolio(source, url)
        with open_store(url) as store:
            keep_share(store, share, len(urls))
    return urls


def test_works_on_two_servers_are_searched_as_those_of_one_portfolio(
    gallery, postgres, second_postgres, drawings, tmp_path
) -> None:
    """Every answer is the same, and says which were searched, and which one holds the work."""
    urls = dealt(gallery, postgres, second_postgres)
    suspects = [
        gallery.art / "cel.png",
        saved(cropped(gallery.out / "soft.jpg"), tmp_path / "part.jpg"),
        drawings.painterly(500, 400, 77),
    ]
    for suspect in suspects:
        one = ocguard.check(suspect, home=gallery.home)
        several = ocguard.check(suspect, home=gallery.home, portfolio=urls[0], also=urls[1:])
        holder = one.work_id and urls[int(one.work_id, 16) % 2]
        assert (several.searched.portfolios, several.portfolio) == (tuple(urls), holder)
        searched = replace(several.searched, portfolios=())
        same = replace(several, searched=searched, portfolio=None, seconds=one.seconds)
        assert same == one


def test_a_server_that_stops_is_never_a_silent_no_match(
    gallery, postgres, second_postgres, drawings
) -> None:
    """Neither for a suspect that comes then, nor for one that is being checked."""
    urls = dealt(gallery, postgres, second_postgres)
    names_it = re.escape(str(second_postgres.folder))
    workspace = Workspace.at(gallery.home, urls[0])
    job = prepare_check(workspace, CheckOptions(also=tuple(urls[1:])))
    with contextlib.ExitStack() as stack:
        stores = [stack.enter_context(one.open_store()) for one in job.portfolios]
        second_postgres.stop()
        with pytest.raises(PortfolioError, match=names_it):
            list(JoinedReader(stores).works())
    result = Checker(job).check(drawings.painterly(500, 400, 77))
    assert (result.verdict, result.status) == (None, "failed")
    assert re.search(names_it, result.error)
    with pytest.raises(PortfolioError, match=names_it):
        prepare_check(workspace, CheckOptions(also=tuple(urls[1:])))


def test_marks_alone_need_a_key(gallery, tmp_path) -> None:
    """Nothing else would be looked for."""
    location = gallery.home / "portfolio.sqlite3"
    with pytest.raises(ProfileError):
        ocguard.check(gallery.out / "cel.png", home=tmp_path, portfolio=location, only="marks")


def test_every_database_gives_the_same_answers(gallery, drawings, postgres, tmp_path) -> None:
    """A file and a server."""
    with Image.open(gallery.art / "soft.jpg") as image:
        turned = image.rotate(90, expand=True).resize((260, 300)).convert("RGB")
    suspects = [
        gallery.art / "cel.png",
        Path(gallery.protected("soft.jpg").output),
        saved(cropped(gallery.art / "cel.png", 0.6), tmp_path / "part.jpg", 60),
        saved(turned, tmp_path / "turned.jpg"),
    ]
    shapes = (255 - drawings.cel(512, 640, 4), drawings.cel(500, 400, 77), np.zeros((64, 64, 3)))
    for number, rgb in enumerate(shapes):
        suspects.append(tmp_path / f"{number}.png")
        Image.fromarray(rgb.astype(np.uint8)).save(suspects[-1])
    answers = []
    for name, location in (("file", tmp_path / "p.sqlite3"), ("server", postgres.new_url())):
        home = shutil.copytree(
            gallery.home, tmp_path / name, ignore=shutil.ignore_patterns("cache", "portfolio*")
        )
        copy_portfolio(gallery.home / "portfolio.sqlite3", location)
        found = ocguard.check(suspects, home=home, portfolio=location)
        answers.append([replace(one, seconds=0.0).to_dict() for one in found])
    assert answers[0] == answers[1]
    verdicts = [one["verdict"] for one in answers[0]]
    assert verdicts[0] == verdicts[1] == "identical"
    assert "no-match" in verdicts
    assert len(set(verdicts)) > 2


def test_a_banner_is_told_its_own_size(gallery, drawings) -> None:
    """Not that of the small view that is looked at."""
    thin = np.ascontiguousarray(drawings.painterly(4096, 16, 77)[:8])
    result = ocguard.check(thin, home=gallery.home)
    assert result.reason_code == "suspect-too-small"
    assert "4096 x 8 pixels, 96 a side" in result.reason
