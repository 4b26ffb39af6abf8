"""Promises of ocguard.workflows.report.claims."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import docs_schemas
from blocks import anchored, mined
from ocguard import protect
from ocguard.creator import Profile
from ocguard.errors import BundleError
from ocguard.identity import Signer
from ocguard.report.claims import NONE, Fact
from ocguard.report.evidence import Capture
from ocguard.report.manifest import signed_bundle
from ocguard.workflows.home.drafts import add_draft
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import make_report
from ocguard.workflows.report.claims import Claims, compare_claims, read_zipped
from ocguard.workflows.timestamp.making import stamp
from ocguard.workflows.timestamp.proving import Anchors
from ocguard.workflows.timestamp.stating import state, take_in
from timestamps import Authority

Dispute = tuple[Path, Path]


@pytest.fixture(scope="module")
def dispute(gallery, drawings, stolen, authority: Authority, tmp_path_factory) -> Dispute:
    """Let an artist with drafts, and a thief who protected a stolen copy, report on each other."""
    folder = tmp_path_factory.mktemp("dispute")
    shutil.copytree(gallery.home, folder / "artist")
    artist, thief = Workspace.at(folder / "artist"), Workspace.at(folder / "thief")
    work = gallery.protected("soft.jpg").work_id
    assert add_draft(artist, work, drawings.line_art(300, 260, 5)).error is None
    assert stamp(artist, authority.address, authority.root.read_text())
    assert state(artist, folder / "statement.txt")
    proof, root = anchored((folder / "statement.txt").read_bytes())
    take_in(artist, proof, mined(root))
    thief.home.create(Profile("Kai"))
    options = {"visible": "none", "creator": "Kai"}
    (taken,) = protect([stolen], out=folder / "posted", home=folder / "thief", **options)
    assert taken.error is None
    make_report(artist, Path(taken.output), folder / "a", Capture())
    make_report(thief, gallery.out / "soft.jpg", folder / "b", Capture())
    names = [shutil.make_archive(str(folder / name), "zip", folder / name) for name in "ab"]
    return Path(names[0]), Path(names[1])


def facts(claims: Claims) -> dict[str, Fact]:
    """Give the table by names."""
    return {fact.name: fact for fact in claims.facts}


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Copy a zipped bundle with other files."""
    files = read_zipped(source)
    change(files)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def test_each_side_shows_what_it_has(dispute: Dispute, authority: Authority) -> None:
    """The artist's mark is in the thief's picture, and not the other way round."""
    claims = compare_claims(*dispute, Anchors(authority.root.read_text()))
    table = facts(claims)
    assert claims.is_intact
    assert (table["Name"].a, table["Name"].b) == ("Mo", "Kai")
    assert table["Verdict"].a in {"near-copy", "likely-derivative"}
    assert "by chance at most" in table["Own mark in it"].a
    assert table["Own mark in it"].b == NONE
    assert (table["Size of the work"].a, table["Size of the work"].b) == ("600 x 520", "420 x 360")
    signed, anchored_in = table["Trusted time"].a.split("; ", 1)
    assert " UTC, CN=Test authority" in signed
    assert "2026-09-21T14:13:20 UTC, Bitcoin block 840000 (" in anchored_in
    assert "anybody can make such a block" in anchored_in
    assert (table["Drafts"].a, table["Drafts"].b) == ("1 file, 0 like the work", NONE)
    assert " UTC, " in table["Trusted time of a draft"].a
    assert table["Trusted time"].b == table["Trusted time of a draft"].b == NONE


def test_the_record_keeps_to_its_schema(dispute: Dispute) -> None:
    """Field by field."""
    record = compare_claims(*dispute).to_dict()
    schema = json.loads((docs_schemas.SCHEMAS / "claims-1.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(record)
    assert list(record) == list(schema["properties"])


def test_a_changed_bundle_is_called_so(dispute: Dispute, tmp_path: Path) -> None:
    """And what was changed in it."""
    other = rewritten(
        dispute[1], tmp_path / "b.zip", lambda files: files.update({"work.json": b"{}"})
    )
    claims = compare_claims(dispute[0], other)
    assert not claims.is_intact
    assert facts(claims)["Bundle"].b == "CHANGED: work.json was changed."


def test_a_proof_of_another_file_is_no_trusted_time(dispute: Dispute, tmp_path: Path) -> None:
    """Nor is one that does not hold, whoever signed the bundle."""

    def signed_by_thief(change: Callable[[dict[str, bytes]], object], name: str) -> str:
        stolen = {k: v for k, v in read_zipped(dispute[0]).items() if k.startswith("time-work/")}

        def changed(files: dict[str, bytes]) -> None:
            manifest = json.loads(files.pop("manifest.json"))
            for one in ("manifest.sig", "identity.pem"):
                del files[one]
            files.update(stolen)
            change(files)
            told = {k: v for k, v in manifest.items() if k not in {"schema", "identity", "files"}}
            files.update(signed_bundle(files, told, Signer(b"k" * 32)))

        path = rewritten(dispute[1], tmp_path / name, changed)
        claims = compare_claims(dispute[0], path)
        assert claims.is_intact
        return facts(claims)["Trusted time"].b

    assert "another file" in signed_by_thief(lambda _: None, "1.zip")
    broken = signed_by_thief(lambda files: files.update({"time-work/token.tsr": b"x"}), "2.zip")
    assert broken.startswith("none that holds")


def test_a_folder_around_a_bundle_is_left_out(dispute: Dispute, tmp_path: Path) -> None:
    """As file managers zip."""
    with zipfile.ZipFile(tmp_path / "around.zip", "w") as archive:
        for name, data in read_zipped(dispute[0]).items():
            archive.writestr(f"report/{name}", data)
    assert read_zipped(tmp_path / "around.zip") == read_zipped(dispute[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.pop("manifest.json"),
        lambda files: files.pop("check.json"),
        lambda files: files.update({"check.json": b"[" * 99_999}),
        lambda files: files.update({"check.json": b"[]"}),
        lambda files: files.update({"manifest.json": b"{}"}),
        lambda files: files.update({"work.json": b'{"width": 1}'}),
        lambda files: files.update({f"more-{n}": b"" for n in range(300)}),
    ],
)
def test_what_is_no_bundle_is_our_error(
    dispute: Dispute, tmp_path: Path, change: Callable[[dict[str, bytes]], object]
) -> None:
    """It names the file."""
    path = rewritten(dispute[1], tmp_path / "b.zip", change)
    with pytest.raises(BundleError, match=r"b\.zip"):
        compare_claims(dispute[0], path)


def test_other_files_are_no_bundles(tmp_path: Path) -> None:
    """A picture, and a file with two of one name."""
    (tmp_path / "b.zip").write_bytes(b"no zip")
    with pytest.raises(BundleError, match=r"b\.zip is no zipped"):
        read_zipped(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("manifest.json", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("manifest.json", b"2")
    with pytest.raises(BundleError, match="two files of one name"):
        read_zipped(tmp_path / "c.zip")
