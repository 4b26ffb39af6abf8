"""Promises of ocguard.workflows.report.bundle."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import docs_schemas
from ocguard.errors import BundleError, ImageReadError, OutputExistsError, ProfileError
from ocguard.home import Home
from ocguard.report.evidence import Capture
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import Report, make_report, read_identity, verify_report

MAX_BYTES = 6_000_000
MAX_PAGES = 6


def test_a_bundle_holds_everything_and_no_more(report: Report, stolen: Path) -> None:
    """The suspect byte by byte, the saved page under a harmless name, and a small size."""
    names = {path.relative_to(report.folder).as_posix() for path in report.folder.rglob("*.*")}
    shown = ("suspect", "work", "laid", "points", "difference")
    pictures = {f"pictures/{one}.jpg" for one in shown}
    other = {"report.html", "check.json", "work.json", "suspect.jpg", "pages/page-1.mhtml"}
    assert names == pictures | other | {"manifest.json", "manifest.sig", "identity.pem"}
    assert (report.folder / "suspect.jpg").read_bytes() == stolen.read_bytes()
    assert json.loads((report.folder / "check.json").read_text("utf-8"))["verdict"] == "near-copy"
    assert report.size_bytes < MAX_BYTES


def test_the_manifest_lists_every_file(report: Report) -> None:
    """With the digest that other programs compute, and what the bundle is about."""
    manifest = json.loads((report.folder / "manifest.json").read_text("utf-8"))
    for name, listed in manifest["files"].items():
        data = (report.folder / name).read_bytes()
        assert listed == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    schema = json.loads((docs_schemas.SCHEMAS / "manifest-1.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(manifest)
    assert list(manifest) == list(schema["properties"])
    assert manifest["capture"]["url"] == "https://example.org/1"
    assert manifest["hashes"]["imagehash-phash@4.3.2"].keys() == {"suspect", "work"}


def test_the_record_of_the_work_keeps_to_its_schema(report: Report, gallery) -> None:
    """Without folders, and without who got a copy."""
    record = json.loads((report.folder / "work.json").read_text("utf-8"))
    schema = json.loads((docs_schemas.SCHEMAS / "claim-1.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(record)
    assert list(record) == list(schema["properties"])
    assert record["source"] == "soft.jpg"
    assert record["marks"]


def test_a_bundle_is_verified_by_its_identity(report: Report, gallery, tmp_path) -> None:
    """From a file; a change, a new file and a link are found."""
    identity = Home(gallery.home).load_key().signer().identity
    (tmp_path / "mo.pem").write_bytes(identity.to_pem())
    assert verify_report(report.folder, read_identity(tmp_path / "mo.pem")).is_intact
    copy = tmp_path / "copy"
    shutil.copytree(report.folder, copy)
    (copy / "pictures" / "work.jpg").write_bytes(b"other")
    (copy / "more.txt").write_text("more")
    if os.name == "posix":
        (copy / "suspect.jpg").unlink()
        (copy / "suspect.jpg").symlink_to(report.folder / "suspect.jpg")
        (copy / "folder").symlink_to(report.folder)
    problems = verify_report(copy, identity).problems
    assert {"more.txt was added.", "pictures/work.jpg was changed."} <= set(problems)
    if os.name == "posix":
        assert {"folder was added.", "suspect.jpg was changed."} <= set(problems)


def test_a_folder_that_exists_is_never_touched(gallery, stolen: Path, tmp_path: Path) -> None:
    """Not even an empty one."""
    with pytest.raises(OutputExistsError):
        make_report(Workspace.at(gallery.home), stolen, tmp_path, Capture())
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_leaves_nothing(gallery, tmp_path: Path) -> None:
    """Neither a folder nor a part of one."""
    (tmp_path / "broken.png").write_bytes(b"broken")
    with pytest.raises(ImageReadError):
        make_report(Workspace.at(gallery.home), tmp_path / "broken.png", tmp_path / "r", Capture())
    assert [path.name for path in tmp_path.iterdir()] == ["broken.png"]


def test_nobody_who_cannot_sign_makes_a_report(stolen: Path, tmp_path: Path) -> None:
    """The message says how to become somebody."""
    with pytest.raises(ProfileError, match="profile set"):
        make_report(Workspace.at(tmp_path / "home"), stolen, tmp_path / "r", Capture())


def test_what_is_no_bundle_is_said(tmp_path: Path) -> None:
    """A file, an empty folder, an identity that is none."""
    (tmp_path / "a").write_text("a")
    with pytest.raises(BundleError, match="no folder"):
        verify_report(tmp_path / "a", None)
    (tmp_path / "empty").mkdir()
    assert "manifest.json is missing." in verify_report(tmp_path / "empty", None).problems
    with pytest.raises(ProfileError, match="no public identity"):
        read_identity(tmp_path / "a")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_works_in_a_browser(report: Report, browser, width: int, scheme: str) -> None:
    """No error, nothing beyond the border, all pictures shown, no barrier that axe-core finds."""
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto((report.folder / "report.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    shown = "[...document.images].map(one => one.complete && one.naturalWidth > 0)"
    assert tab.evaluate(shown) == [True] * 6
    tab.get_by_role("slider").fill("80")
    cut = "getComputedStyle(document.querySelector('.overlay')).getPropertyValue('--cut')"
    assert tab.evaluate(cut) == "80%"
    tab.get_by_role("button", name="Blink").click()
    assert tab.get_by_role("button", name="Blink").get_attribute("aria-pressed") == "true"
    found = Axe().run(tab)
    tab.close()
    assert found.violations_count == 0, found.generate_report()
    assert said == []


def test_the_page_prints_on_few_sheets(report: Report, browser) -> None:
    """A4, with everything that is on the screen."""
    tab = browser.new_page()
    tab.goto((report.folder / "report.html").as_uri())
    pdf = tab.pdf(prefer_css_page_size=True)
    tab.close()
    assert 1 <= pdf.count(b"/Type /Page\n") <= MAX_PAGES
