"""Promises of protecting: marked, declared, recorded, whole; and nothing else touched."""

from __future__ import annotations

import hashlib
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ocguard
from ocguard.imaging.files import read_picture
from ocguard.keys import SecretKey
from ocguard.portfolio import open_store
from ocguard.provenance.declared import declared
from ocguard.workflows.home.works import known_marks, mark_id_of

PLAIN = {"visible": "none", "creator": "Mo"}

PROTECT = """
import sys
import ocguard
if __name__ == "__main__":
    art, out, home = sys.argv[1:4]
    for result in ocguard.protect([art], out=out, home=home, visible="none", creator="Mo"):
        print(result.status, result.error, flush=True)
"""


def digest(path: str | Path) -> str:
    """Hash a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def records(location: str | Path) -> dict[str, str]:
    """Map the digests of all recorded outputs to their works."""
    with open_store(location) as store:
        works = [work.work_id for work in store.works()]
        return {mark.output_sha256: work for work in works for mark in store.marks(work)}


def test_every_mark_reads_back(gallery) -> None:
    """Each output carries its own mark id, for its work and recipient."""
    for result in gallery.results:
        found = ocguard.detect(result.output, home=gallery.home)
        assert (found.verdict, found.mark_id) == ("found", result.mark_id)
        assert (found.work_id, found.recipient) == (result.work_id, "studio")


def test_every_output_is_recorded(gallery) -> None:
    """The portfolio knows each file by its digest."""
    known = records(gallery.home / "portfolio.sqlite3")
    assert {digest(one.output): one.work_id for one in gallery.results} == known


def test_inputs_stay_and_the_tree_is_mirrored(gallery) -> None:
    """Same names, same formats, same size in pixels; other files are not copied."""
    outputs = sorted(path for path in gallery.out.rglob("*") if path.is_file())
    inside = [path.relative_to(gallery.out).as_posix() for path in outputs]
    assert inside == ["cel.png", "cutout.png", "soft.jpg", "sub/林.webp"]
    for path in outputs:
        original = gallery.art / path.relative_to(gallery.out)
        with Image.open(path) as marked, Image.open(original) as host:
            assert (marked.format, marked.size, marked.mode) == (host.format, host.size, host.mode)


def test_the_figures_are_true(gallery) -> None:
    """The ratio and the sizes can be measured again."""
    result = gallery.protected("cel.png")
    host = np.asarray(Image.open(gallery.art / "cel.png"), np.float64)
    marked = np.asarray(Image.open(result.output), np.float64)
    psnr = 10 * math.log10(255**2 / np.square(marked - host).mean())
    assert result.margin_db > 0
    assert result.psnr_db == pytest.approx(psnr, abs=0.01)
    assert 0.9 < result.ssim < 1
    assert result.bytes_in == (gallery.art / "cel.png").stat().st_size
    assert result.bytes_out == Path(result.output).stat().st_size


def test_transparent_pixels_do_not_change(gallery) -> None:
    """The color under alpha 0 and alpha itself are the artist's."""
    host = np.asarray(Image.open(gallery.art / "cutout.png"))
    marked = np.asarray(Image.open(gallery.protected("cutout.png").output))
    hidden = host[..., 3] == 0
    assert hidden.any()
    assert np.array_equal(host[hidden], marked[hidden])
    assert np.array_equal(host[..., 3], marked[..., 3])


def test_the_opt_out_is_declared(gallery) -> None:
    """Every output says who made it and that it must not be mined."""
    for result in gallery.results:
        said = declared(read_picture(result.output).carried)
        assert said["creator"] == ["Mo"]
        assert said["data_mining"][0].endswith("DMI-PROHIBITED-AIMLTRAINING")


def test_the_mark_id_is_derived_from_work_and_recipient(gallery) -> None:
    """The same work for the same recipient is the same mark, on every machine with the key."""
    result = gallery.protected("cel.png")
    key = SecretKey.load(gallery.home / "secret.key")
    assert int(result.mark_id, 16) == mark_id_of(key, result.work_id, "studio")
    ids = {mark_id_of(key, result.work_id, name) for name in ("", "studio", "other")}
    assert len(ids) == 3


def test_protecting_again_is_the_same_work_and_mark(tmp_path, drawings) -> None:
    """A second copy for the same recipient; another recipient gets another mark."""
    art = drawings.cel(400, 300)
    first = ocguard.protect(art, home=tmp_path, **PLAIN)
    again = ocguard.protect(art, home=tmp_path, **PLAIN)
    other = ocguard.protect(art, home=tmp_path, recipient="studio", **PLAIN)
    assert first.work_id == again.work_id == other.work_id
    assert first.mark_id == again.mark_id != other.mark_id
    assert ocguard.Portfolio(home=tmp_path).stats().works == 1
    assert ocguard.Portfolio(home=tmp_path).stats().marks == 3


def test_a_title_is_kept_with_the_work(tmp_path, drawings) -> None:
    """The last one counts, also of a file that is made already; a dry run and no title keep it."""
    Image.fromarray(drawings.cel(400, 300)).save(tmp_path / "a1.png")
    options = {"out": tmp_path / "out", "home": tmp_path / "h", **PLAIN}
    said = [{"title": " 春の狐 "}, {}, {"title": "Fox"}, {"title": "no", "dry_run": True}]
    titles = []
    for one in said:
        work_id = ocguard.protect(tmp_path / "a1.png", **options, **one).work_id
        titles.append(ocguard.Portfolio(home=tmp_path / "h").show(work_id).title)
    assert titles == ["春の狐", "春の狐", "Fox", "Fox"]


def test_what_is_no_title_is_refused_before_any_work(tmp_path, drawings) -> None:
    """The portfolio could not keep it."""
    with pytest.raises(ValueError, match="a title is one line"):
        ocguard.protect(drawings.cel(400, 300), home=tmp_path, title="a\nb", **PLAIN)


def test_a_visible_mark_says_the_notice(tmp_path, drawings) -> None:
    """It is laid before the invisible mark, which is measured alone."""
    art = drawings.gradient(500, 400)
    plain = ocguard.protect(art, home=tmp_path, **PLAIN)
    band = ocguard.protect(art, home=tmp_path, creator="Mo", visible="band", text="MO 2026")
    if band.error and "font" in band.error.lower():
        pytest.skip(band.error)
    assert band.error is None
    plain_pixels = read_picture(plain.data).frames[0].pixels
    band_pixels = read_picture(band.data).frames[0].pixels
    assert (np.abs(plain_pixels.astype(int) - band_pixels) > 10).mean() > 0.005
    assert band.psnr_db > 40


def test_a_logo_is_laid(tmp_path, drawings) -> None:
    """Any picture can be the logo."""
    red = np.zeros((40, 80, 4), np.uint8)
    red[...] = (255, 0, 0, 255)
    options = {"home": tmp_path, "creator": "Mo", "logo": red, "opacity": 100.0}
    result = ocguard.protect(drawings.gradient(500, 400), visible="corner", **options)
    assert result.error is None
    pixels = read_picture(result.data).frames[0].pixels.astype(int)
    is_red = (pixels[..., 0] > 220) & (pixels[..., 1] < 40) & (pixels[..., 2] < 40)
    assert is_red[200:, 250:].sum() > 100


@pytest.mark.parametrize(
    ("file_format", "expected"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")]
)
def test_the_format_can_be_chosen(tmp_path, drawings, file_format, expected) -> None:
    """The mark is read back from what was encoded."""
    result = ocguard.protect(
        drawings.cel(480, 400), home=tmp_path, file_format=file_format, quality=90, **PLAIN
    )
    assert result.error is None
    assert read_picture(result.data).carried.file_format == expected


def test_every_frame_of_an_animation_is_marked(tmp_path, drawings) -> None:
    """A thief takes any frame."""
    frames = [Image.fromarray(frame) for frame in drawings.frames(400, 320, 3)]
    path = tmp_path / "a.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=80, lossless=True)
    result = ocguard.protect(path, home=tmp_path, **PLAIN)
    assert result.error is None
    for frame in read_picture(result.data).frames:
        found = ocguard.detect(np.ascontiguousarray(frame.pixels), home=tmp_path)
        assert found.mark_id == result.mark_id


def test_a_gif_is_not_said_to_lose_what_it_never_had(tmp_path, drawings) -> None:
    """The declaration is in its XMP; EXIF has no place there."""
    path = tmp_path / "a.gif"
    Image.fromarray(drawings.cel(240, 200)).save(path)
    result = ocguard.protect(path, out=tmp_path / "out", home=tmp_path / "h", **PLAIN)
    assert not any("EXIF" in sentence for sentence in result.warnings)
    carried = read_picture(tmp_path / "out" / "a.gif").carried
    assert b"DMI-PROHIBITED" in (carried.xmp or b"")


def test_what_exists_is_not_overwritten_unless_asked(tmp_path, drawings) -> None:
    """The three answers of ``on_exists``."""
    path, out = tmp_path / "a.png", tmp_path / "out"
    Image.fromarray(drawings.cel(400, 300)).save(path)
    out.mkdir()
    (out / "a.png").write_bytes(b"mine")
    home = tmp_path / "home"
    failed = ocguard.protect(path, out=out, home=home, **PLAIN)
    assert failed.status == "failed"
    assert "exists already" in failed.error
    skipped = ocguard.protect(path, out=out, home=home, on_exists="skip", **PLAIN)
    assert (skipped.status, skipped.error) == ("skipped", None)
    assert (out / "a.png").read_bytes() == b"mine"
    assert ocguard.Portfolio(home=home).stats().works == 0
    done = ocguard.protect(path, out=out, home=home, on_exists="overwrite", **PLAIN)
    assert done.status == "protected"
    assert list(records(home / "portfolio.sqlite3")) == [digest(out / "a.png")]


def test_overwriting_replaces_a_link_not_what_it_points_to(tmp_path, drawings) -> None:
    """Somebody else's file behind a link stays."""
    path, out = tmp_path / "a.png", tmp_path / "out"
    Image.fromarray(drawings.cel(400, 300)).save(path)
    out.mkdir()
    (tmp_path / "precious.png").write_bytes(b"precious")
    (out / "a.png").symlink_to(tmp_path / "precious.png")
    home = tmp_path / "home"
    done = ocguard.protect(path, out=out, home=home, on_exists="overwrite", **PLAIN)
    assert done.status == "protected"
    assert (tmp_path / "precious.png").read_bytes() == b"precious"
    assert not (out / "a.png").is_symlink()


def test_a_protected_copy_is_not_protected_again(gallery, tmp_path) -> None:
    """It would become a work of its own, and be marked twice."""
    result = ocguard.protect([gallery.out / "cel.png"], out=tmp_path, home=gallery.home, **PLAIN)[0]
    assert result.status == "skipped"
    assert gallery.protected("cel.png").work_id in result.warnings[0]


def test_a_dry_run_leaves_nothing(tmp_path, drawings) -> None:
    """No home, no portfolio, no output; but all figures."""
    path = tmp_path / "a.png"
    Image.fromarray(drawings.cel(400, 300)).save(path)
    home, out = tmp_path / "home", tmp_path / "out"
    result = ocguard.protect([path], out=out, home=home, dry_run=True, **PLAIN)[0]
    assert result.status == "skipped"
    assert result.psnr_db > 35
    assert result.bytes_out > 0
    assert sorted(child.name for child in tmp_path.iterdir()) == ["a.png"]


def test_bad_files_are_passed_over(tmp_path, drawings) -> None:
    """One truncated picture does not stop a folder; a tiny one is registered without a mark."""
    Image.fromarray(drawings.cel(400, 300, 1)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:2000])
    Image.fromarray(drawings.cel(400, 300, 2)).save(tmp_path / "c.png")
    Image.fromarray(drawings.cel(20, 20)).save(tmp_path / "d.png")
    results = ocguard.protect([tmp_path], out=tmp_path / "out", home=tmp_path / "h", **PLAIN)
    assert [one.status for one in results] == ["protected", "failed", "protected", "registered"]
    assert "b.png" in results[1].error
    assert any("64 px" in said for said in results[3].warnings)
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["a.png", "c.png", "d.png"]
    assert ocguard.Portfolio(home=tmp_path / "h").stats().works == 3


def test_a_tiny_picture_is_declared_and_known_again(tmp_path, drawings) -> None:
    """It has no room for an invisible mark, and gets everything else."""
    Image.fromarray(drawings.cel(96, 90)).save(tmp_path / "emote.png")
    options = {"out": tmp_path / "out", "home": tmp_path / "h", **PLAIN}
    first = ocguard.protect(tmp_path / "emote.png", **options)
    assert (first.status, first.mark_id, first.psnr_db) == ("registered", None, None)
    xmp = read_picture(Path(first.output).read_bytes()).carried.xmp
    assert b"DataMining" in xmp
    again = ocguard.protect(tmp_path / "emote.png", **options)
    assert (again.status, again.mark_id, again.work_id) == ("unchanged", None, first.work_id)
    found = ocguard.check(first.output, home=tmp_path / "h")
    assert (found.verdict, found.work_id, found.marks) == ("identical", first.work_id, ())
    key = SecretKey.load(tmp_path / "h" / "secret.key")
    with open_store(tmp_path / "h" / "portfolio.sqlite3") as store:
        assert known_marks(store, key) == []


def test_a_failed_publication_leaves_no_record(tmp_path, drawings) -> None:
    """The output folder cannot be made: the work is not registered."""
    path = tmp_path / "a.png"
    Image.fromarray(drawings.cel(400, 300)).save(path)
    (tmp_path / "out").write_text("a file, no folder")
    result = ocguard.protect(path, out=tmp_path / "out", home=tmp_path / "h", **PLAIN)
    assert result.status == "failed"
    stats = ocguard.Portfolio(home=tmp_path / "h").stats()
    assert (stats.works, stats.marks) == (0, 0)


def test_the_record_names_absolute_places(gallery) -> None:
    """A relative path means nothing next year."""
    (shown,) = [one for one in ocguard.Portfolio(home=gallery.home).works() if one.width == 640]
    assert shown.source == str(gallery.art / "cel.png")
    assert shown.marks[0].output == str(gallery.out / "cel.png")


FULL_DISK = """
import resource, signal, sys
import ocguard
art, out, home, limit = sys.argv[1:5]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
print(ocguard.protect(art, out=out, home=home, visible="none").error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
@pytest.mark.parametrize("limit_bytes", [20_000, 100_000, 400_000])
def test_a_full_disk_leaves_neither_output_nor_record(tmp_path, drawings, limit_bytes) -> None:
    """Whether the record or the file does not fit; the portfolio works on."""
    home, out, path = tmp_path / "home", tmp_path / "out", tmp_path / "a.png"
    ocguard.protect(drawings.cel(200, 150), home=home, **PLAIN)
    Image.fromarray(drawings.painterly(640, 640, 3)).save(path)
    command = [sys.executable, "-c", FULL_DISK, str(path), str(out), str(home), str(limit_bytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}
    assert done.stdout.strip() != "None"
    assert not list(out.glob("*"))
    assert ocguard.Portfolio(home=home).stats().works == 1
    assert ocguard.protect(path, out=out, home=home, **PLAIN).status == "protected"


def make_art(folder: Path, drawings, count: int) -> None:
    """Draw a folder of pictures."""
    folder.mkdir()
    for seed in range(count):
        Image.fromarray(drawings.cel(320, 240, seed)).save(folder / f"{seed:02d}.png")


def start(art: Path, out: Path, home: Path) -> subprocess.Popen[str]:
    """Protect a folder in a process of its own."""
    command = [sys.executable, "-c", PROTECT, str(art), str(out), str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request, tmp_path, monkeypatch) -> str:
    """Name a portfolio in a database of each kind, for all that runs in the test."""
    url = request.getfixturevalue("postgres").new_url() if request.param == "postgresql" else None
    location = url or str(tmp_path / "home" / "portfolio.sqlite3")
    monkeypatch.setenv("OCGUARD_PORTFOLIO", location)
    return location


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_killed_run_leaves_no_output_without_record_and_no_half_file(
    tmp_path, drawings, shared
) -> None:
    """Killed at several moments, and finished by the next run."""
    make_art(tmp_path / "art", drawings, 6)
    home, out = tmp_path / "home", tmp_path / "out"
    ocguard.protect(drawings.cel(320, 240, 99), home=home, **PLAIN)
    for wanted in (1, 3):
        process = start(tmp_path / "art", out, home)
        while len(list(out.glob("*.png"))) < wanted and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        known = records(shared)
        assert {digest(path) for path in out.rglob("*.png")} <= known.keys()
        assert not [path for path in out.rglob("*") if path.suffix != ".png"]
    options = {"out": out, "home": home, "on_exists": "skip", **PLAIN}
    results = ocguard.protect([tmp_path / "art"], **options)
    assert {one.status for one in results} == {"protected", "skipped"}
    assert len(list(out.glob("*.png"))) == 6


def test_two_runs_at_once_share_home_and_portfolio(tmp_path, drawings, shared) -> None:
    """First use included: one key, one portfolio, every work."""
    home = tmp_path / "home"
    for name in ("x", "y"):
        make_art(tmp_path / name, drawings, 3)
    runs = [start(tmp_path / name, tmp_path / f"out-{name}", home) for name in ("x", "y")]
    said = [run.communicate(timeout=120)[0].splitlines() for run in runs]
    assert said == [["protected None"] * 3] * 2
    outputs = [path for name in ("x", "y") for path in (tmp_path / f"out-{name}").iterdir()]
    assert {digest(path) for path in outputs} <= records(shared).keys()
    stats = ocguard.Portfolio(home=home).stats()
    assert (stats.works, stats.marks) == (3, 6)
    assert ocguard.Portfolio(home=home).damage() == []
    with open_store(shared) as store:
        marks = [mark for work in store.works() for mark in store.marks(work.work_id)]
        assert len(store.journal.chains()) <= 2
    assert len({mark.issue_id for mark in marks}) == 6
    assert len({(mark.mark_id, mark.work_id) for mark in marks}) == 3
    assert len({mark.mark_id for mark in marks}) == 3


def test_a_server_that_drops_its_connections_leaves_no_output_without_record(
    tmp_path, drawings, postgres, monkeypatch
) -> None:
    """Whenever that happens; what failed says so, and the next run finishes it."""
    make_art(tmp_path / "art", drawings, 6)
    home, out, url = tmp_path / "home", tmp_path / "out", postgres.new_url()
    monkeypatch.setenv("OCGUARD_PORTFOLIO", url)
    ocguard.protect(drawings.cel(320, 240, 99), home=home, **PLAIN)
    process = start(tmp_path / "art", out, home)
    ours = "FROM pg_stat_activity WHERE application_name = 'ocguard'"
    with postgres.connect() as db:
        while process.poll() is None:
            db.execute(f"SELECT pg_terminate_backend(pid) {ours}")
            time.sleep(0.02)
    db.close()
    said = process.communicate()[0].splitlines()
    assert {one.split()[0] for one in said} <= {"protected", "failed"}
    assert {digest(path) for path in out.rglob("*.png")} <= records(url).keys()
    options = {"out": out, "home": home, "on_exists": "skip", **PLAIN}
    results = ocguard.protect([tmp_path / "art"], **options)
    assert {one.status for one in results} <= {"protected", "skipped"}
    assert {digest(path) for path in out.rglob("*.png")} <= records(url).keys()
    assert len(list(out.glob("*.png"))) == 6
    assert ocguard.Portfolio(home=home).damage() == []


def test_several_workers_give_the_same_as_one(gallery, tmp_path) -> None:
    """Order, ids and files do not depend on the number of processes."""
    options = {"home": gallery.home, "recipient": "studio", "visible": "none", "creator": "Mo"}
    paths = [gallery.art / "cel.png", gallery.art / "soft.jpg"]
    options["portfolio"] = tmp_path / "other.sqlite3"
    results = ocguard.protect(paths, out=tmp_path / "out", jobs=2, **options)
    for path, result in zip(paths, results, strict=True):
        assert result.error is None
        assert digest(result.output) == digest(gallery.protected(path.name).output)
