"""Promises of ocguard.workflows.check.recover."""

from __future__ import annotations

import shutil
from pathlib import Path

import c2pa
import pytest
from PIL import Image

import ocguard
from ocguard.errors import OutputExistsError
from ocguard.keys import SecretKey
from ocguard.provenance.content_credentials import manifest_store
from ocguard.workflows.check.recover import recover
from ocguard.workflows.home.workspace import Workspace

SIGNED = {"visible": "none", "creator": "Mo", "digital_source": "digitalCreation", "c2pa": True}


@pytest.fixture(scope="module")
def place(tmp_path_factory, drawings) -> Path:
    """Sign one picture for everybody and for somebody, and protect another without signing."""
    root = tmp_path_factory.mktemp("signed")
    (root / "home").mkdir(mode=0o700)
    SecretKey.from_bytes(b"a key for all that is found back").save(root / "home" / "secret.key")
    Image.fromarray(drawings.cel(640, 480, 1)).save(root / "fox.png")
    Image.fromarray(drawings.painterly(600, 520, 2)).save(root / "plain.png")
    for name, options in (
        ("fox.png", SIGNED),
        ("fox.png", SIGNED | {"recipient": "Ina", "out": "ina"}),
        ("plain.png", SIGNED | {"c2pa": False}),
    ):
        places = {"out": root / str(options.get("out", "out")), "home": root / "home"}
        (done,) = ocguard.protect([root / name], **options | places)
        assert done.status == "protected"
    return root


@pytest.fixture
def found_again(place, tmp_path):
    """Recover a copy's credentials into a new file."""

    def run(suspect: Path):
        return recover(Workspace.at(place / "home"), suspect, tmp_path / "found.c2pa")

    return run


def copy_of(path: Path, target: Path, change=lambda picture: picture, **options) -> Path:
    """Save a changed copy, without anything beside its pixels."""
    with Image.open(path) as picture:
        change(picture.convert("RGB")).save(target, **options)
    return target


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture,
        lambda picture: picture.resize((480, 360)),
        lambda picture: picture.crop((64, 48, 576, 432)),
    ],
)
def test_a_copy_leads_back_to_its_credentials(place, found_again, tmp_path, change) -> None:
    """Compressed again, and then scaled or cropped: its own, not those for somebody else."""
    for folder, recipient in (("out", ""), ("ina", "Ina")):
        protected = place / folder / "fox.png"
        found = found_again(copy_of(protected, tmp_path / "copy.jpg", change, quality=75))
        sidecar = tmp_path / "found.c2pa"
        assert sidecar.read_bytes() == found.manifest == manifest_store(protected.read_bytes())
        assert (found.by, found.mark.recipient, found.others) == ("mark", recipient, 0)
        sidecar.unlink()


def test_the_sidecar_is_read_by_others(place, found_again, tmp_path) -> None:
    """And they say what it is: valid for the protected file, not matching the copy."""
    copy = copy_of(place / "out" / "fox.png", tmp_path / "copy.png")
    sidecar = found_again(copy).manifest
    for path, state in ((copy, "Invalid"), (place / "out" / "fox.png", "Valid")):
        with (
            path.open("rb") as stream,
            c2pa.Reader("image/png", stream, manifest_data=sidecar) as reader,
        ):
            assert reader.get_validation_state() == state
            assert ("assertion.dataHash.mismatch" in reader.json()) == (state == "Invalid")


def test_the_protected_file_itself_is_known(place, found_again) -> None:
    """By its digest, before any pixel is looked at."""
    assert found_again(place / "out" / "fox.png").by == "file"


def test_a_copy_too_small_for_its_mark_is_known_by_its_picture(
    place, found_again, tmp_path
) -> None:
    """The file for everybody is named, and that there is another."""
    tiny = copy_of(
        *(place / "out" / "fox.png", tmp_path / "tiny.jpg"),
        lambda picture: picture.resize((160, 120)),
        quality=30,
    )
    found = found_again(tiny)
    assert (found.by, found.mark.recipient, found.others) == ("picture", "", 1)
    assert found.verdict == "near-copy"


def test_where_nothing_was_signed_nothing_is_written(
    place, found_again, tmp_path, drawings
) -> None:
    """Neither for a protected file without credentials, nor for a stranger."""
    Image.fromarray(drawings.line_art(400, 400, 9)).save(tmp_path / "stranger.png")
    assert found_again(place / "out" / "plain.png") is None
    assert found_again(tmp_path / "stranger.png") is None
    assert not (tmp_path / "found.c2pa").exists()


def test_no_file_is_overwritten(place, found_again, tmp_path) -> None:
    """A name that is taken is an error."""
    (tmp_path / "found.c2pa").write_bytes(b"mine")
    with pytest.raises(OutputExistsError):
        found_again(place / "out" / "fox.png")
    assert (tmp_path / "found.c2pa").read_bytes() == b"mine"


def test_credentials_move_with_the_portfolio(place, tmp_path) -> None:
    """An export brings them to another machine with the same key."""
    ocguard.Portfolio(place / "home" / "portfolio.sqlite3").export(tmp_path / "all.zip")
    (tmp_path / "home").mkdir(mode=0o700)
    SecretKey.load(place / "home" / "secret.key").save(tmp_path / "home" / "secret.key")
    ocguard.Portfolio(tmp_path / "home" / "portfolio.sqlite3").merge(tmp_path / "all.zip")
    copy = copy_of(place / "ina" / "fox.png", tmp_path / "copy.jpg", quality=80)
    found = recover(Workspace.at(tmp_path / "home"), copy, tmp_path / "found.c2pa")
    assert found is not None
    assert found.manifest == manifest_store((place / "ina" / "fox.png").read_bytes())


def test_what_was_signed_here_goes_before_what_a_file_claims(place, tmp_path) -> None:
    """Whoever gets an export taken over does not exchange what is found."""
    (tmp_path / "home").mkdir(mode=0o700)
    SecretKey.load(place / "home" / "secret.key").save(tmp_path / "home" / "secret.key")
    own = {"out": tmp_path / "own", "home": tmp_path / "home"}
    assert ocguard.protect([place / "fox.png"], **SIGNED, **own)[0].status == "protected"
    shutil.copytree(place / "home", tmp_path / "theirs")
    younger = {"out": tmp_path / "younger", "home": tmp_path / "theirs"}
    assert ocguard.protect([place / "fox.png"], **SIGNED, **younger)[0].status == "protected"
    ocguard.Portfolio(tmp_path / "theirs" / "portfolio.sqlite3").export(tmp_path / "all.zip")
    ocguard.Portfolio(tmp_path / "home" / "portfolio.sqlite3").merge(tmp_path / "all.zip")
    copy = copy_of(tmp_path / "own" / "fox.png", tmp_path / "copy.jpg", quality=80)
    found = recover(Workspace.at(tmp_path / "home"), copy, tmp_path / "found.c2pa")
    assert found is not None
    assert found.manifest == manifest_store((tmp_path / "own" / "fox.png").read_bytes())
    assert found.others > 0
