"""Promises of ocguard.workflows.report.notices."""

from __future__ import annotations

import json
import shutil

import pytest
from PIL import Image

from blocks import anchored, mined
from ocguard.errors import BundleError, OutputExistsError, PlatformError
from ocguard.home import Home
from ocguard.portfolio import Posted
from ocguard.report.evidence import Capture
from ocguard.report.manifest import signed_bundle
from ocguard.workflows.home.drafts import add_draft
from ocguard.workflows.home.postings import posting_of
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import make_report, read_bundle
from ocguard.workflows.report.notices import write_notice
from ocguard.workflows.timestamp.making import stamp
from ocguard.workflows.timestamp.stating import state, take_in
from timestamps import Authority


@pytest.fixture
def workspace(gallery) -> Workspace:
    """Return the gallery's."""
    return Workspace.at(gallery.home)


def signed_again(workspace, report, folder, name: str, change) -> None:
    """Change one JSON file of a report, and sign it again, as its maker could."""
    files = read_bundle(report.folder)
    manifest = json.loads(files["manifest.json"])
    record = {"check.json": json.loads(files["check.json"]), "manifest.json": manifest}
    change(record[name])
    files["check.json"] = json.dumps(record["check.json"]).encode()
    facts = {key: manifest[key] for key in manifest if key not in {"schema", "identity", "files"}}
    kept = {key: files[key] for key in manifest["files"] if key != "identity.pem"}
    signer = workspace.home.load_key().signer()
    for key, data in signed_bundle(kept, facts, signer).items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_a_draft_is_written_from_a_report(workspace, report, tmp_path) -> None:
    """Two files: what to read, and the notice with what the report knows."""
    notice = write_notice(workspace, report.folder, tmp_path / "new" / "n", "xiaohongshu", "author")
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "new" / "n").iterdir()}
    assert written == {"notice.txt": notice.text, "read-first.txt": notice.read_first}
    manifest = json.loads((report.folder / "manifest.json").read_text("utf-8"))
    assert manifest["files"]["suspect.jpg"]["sha256"] in notice.text
    assert "https://example.org/1" in notice.text
    assert "发布账号：thief" in notice.text
    assert "发现时间：北京时间 2026-11-29 18:00（2026-11-29 10:00 UTC）" in notice.text
    assert "soft.jpg" in notice.text
    assert "隐形水印" in notice.text


def test_what_the_portfolio_knows_of_the_work_is_filled_in(
    gallery, stolen, drawings, authority: Authority, tmp_path
) -> None:
    """First post, drafts, and trusted times that verify; not a block that anybody can make."""
    mine = Workspace.at(shutil.copytree(gallery.home, tmp_path / "home"))
    work = gallery.protected("soft.jpg").work_id
    with mine.open_store() as store:
        store.postings.record([posting_of(work, Posted("https://x.com/mo/1", "2026-05-01"))])
    sketch = tmp_path / "sketch.png"
    Image.fromarray(drawings.line_art(300, 260, 5)).save(sketch)
    assert add_draft(mine, work, sketch).error is None
    stamp(mine, authority.address, authority.root.read_text())
    state(mine, tmp_path / "statement.txt")
    proof, root = anchored((tmp_path / "statement.txt").read_bytes())
    take_in(mine, proof, mined(root))
    made = make_report(mine, stolen, tmp_path / "report", Capture())
    text = write_notice(mine, made.folder, tmp_path / "n", "weibo", "author").text
    assert "2026-05-01，https://x.com/mo/1【请确认" in text
    assert "过程稿（sketch.png；" in text
    assert "time-work 北京时间 2" in text
    assert "time-draft-1 北京时间 2" in text
    assert "block-" not in text


def test_the_contact_is_that_of_the_maker_alone(workspace, report, tmp_path) -> None:
    """Somebody else who drafts from the report does not put their address to that name."""
    home = Home(tmp_path / "home")
    shutil.copytree(workspace.home.folder, home.folder)
    home.save_profile(type(home.load_profile())("Mo Lin", contact="mo@example.org"))
    creator = json.loads((report.folder / "manifest.json").read_text("utf-8"))["creator"]
    other = write_notice(Workspace.at(home.folder), report.folder, tmp_path / "a", "x", "author")
    assert "mo@example.org" not in other.text
    home.save_profile(type(home.load_profile())(creator, contact="mo@example.org"))
    mine = write_notice(Workspace.at(home.folder), report.folder, tmp_path / "b", "x", "author")
    assert "Mail: mo@example.org" in mine.text


def test_a_report_that_was_changed_is_refused(workspace, report, tmp_path) -> None:
    """And one that cannot be read, and what is no report."""
    copy = tmp_path / "copy"
    shutil.copytree(report.folder, copy)
    (copy / "check.json").write_text("{}")
    with pytest.raises(BundleError, match=r"not as it was signed.*check\.json was changed"):
        write_notice(workspace, copy, tmp_path / "n", "x", "author")
    signed_again(workspace, report, tmp_path / "c", "check.json", dict.clear)
    with pytest.raises(BundleError, match="no report that this version reads"):
        write_notice(workspace, tmp_path / "c", tmp_path / "n", "x", "author")
    with pytest.raises(BundleError, match="is no folder"):
        write_notice(workspace, tmp_path / "none", tmp_path / "n", "x", "author")
    assert not (tmp_path / "n").exists()


def test_nothing_is_drafted_where_no_work_was_found(workspace, report, tmp_path) -> None:
    """A notice would say what the report does not show."""
    signed_again(
        workspace, report, tmp_path / "c", "manifest.json", lambda it: it.update(verdict="no-match")
    )
    with pytest.raises(BundleError, match="names no work of yours"):
        write_notice(workspace, tmp_path / "c", tmp_path / "n", "x", "author")


def test_a_mark_from_another_work_is_no_evidence(workspace, report, tmp_path) -> None:
    """Whoever copies a mark into a picture must not get it into a notice."""
    record = json.loads((report.folder / "check.json").read_text("utf-8"))
    (mark,) = record["marks"]
    signed_again(
        workspace,
        report,
        tmp_path / "c",
        "check.json",
        lambda it: it["marks"][0].update(copied=True),
    )
    honest = write_notice(workspace, report.folder, tmp_path / "a", "x", "author")
    copied = write_notice(workspace, tmp_path / "c", tmp_path / "b", "x", "author")
    assert mark["mark_id"] in honest.text
    assert mark["mark_id"] not in copied.text


def test_nothing_is_overwritten_or_guessed(workspace, report, tmp_path) -> None:
    """A folder that exists is left alone; a platform is one that is known."""
    (tmp_path / "n").mkdir()
    with pytest.raises(OutputExistsError):
        write_notice(workspace, report.folder, tmp_path / "n", "x", "author")
    with pytest.raises(PlatformError):
        write_notice(workspace, report.folder, tmp_path / "m", "facebok", "author")
