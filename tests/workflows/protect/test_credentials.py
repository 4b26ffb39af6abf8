"""Promises of ocguard.workflows.protect.credentials."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import c2pa
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

import ocguard
from credentials import signed as signed_by_others
from ocguard.imaging.files import read_picture
from ocguard.imaging.formats import WRITTEN
from ocguard.keys import SecretKey
from ocguard.portfolio import open_store
from ocguard.provenance.content_credentials import manifest_store
from ocguard.provenance.credentials import MEDIA_TYPES
from ocguard.provenance.declared import declared

SIGNED = {
    "visible": "none",
    "creator": "Mo",
    "digital_source": "digitalCreation",
    "c2pa": True,
}
AIGC = '{"Label":"1","ContentProducer":"maker","ProduceID":"42"}'


def protected(folder: Path, **options) -> list[ocguard.ProtectResult]:
    """Protect all that lies in a folder's ``art``."""
    places = {"out": folder / "out", "home": folder / "home"}
    return list(ocguard.protect([folder / "art"], **places, **SIGNED | options))


@pytest.fixture
def art(tmp_path, drawings) -> Path:
    """Draw a picture in a folder of its own."""
    (tmp_path / "art").mkdir()
    Image.fromarray(drawings.cel(300, 240)).save(tmp_path / "art" / "a.png")
    return tmp_path / "art"


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.avif", "a.tif", "a.gif"])
def test_a_protected_file_is_signed_last(tmp_path, drawings, name: str) -> None:
    """A validator agrees; the file is the one of the record, which keeps what it was signed with.

    Mark, metadata and credentials are in it together.
    """
    (tmp_path / "art").mkdir()
    Image.fromarray(drawings.cel(300, 240)).save(tmp_path / "art" / name, quality=90)
    (result,) = protected(tmp_path)
    assert (result.error, result.status) == (None, "protected")
    data = Path(result.output).read_bytes()
    with c2pa.Reader(result.output) as reader:
        assert reader.get_validation_state() == "Valid"
        assert result.mark_id in reader.json()
    with open_store(tmp_path / "home" / "portfolio.sqlite3") as store:
        (mark,) = store.marks_of_file(hashlib.sha256(data).hexdigest())
        assert store.credentials(mark.issue_id) == manifest_store(data)
    assert ocguard.detect(result.output, home=tmp_path / "home").mark_id == result.mark_id
    said = declared(read_picture(result.output).carried, data)
    assert said["digital_source_type"][0].endswith("/digitalCreation")
    assert said["claims"][0]["training_mining"]["cawg.ai_training"] == "notAllowed"


def test_without_being_asked_nothing_is_signed(tmp_path, art) -> None:
    """Neither the file nor the portfolio holds credentials."""
    (result,) = protected(tmp_path, c2pa=False)
    assert manifest_store(Path(result.output).read_bytes()) is None
    with open_store(tmp_path / "home" / "portfolio.sqlite3") as store:
        (mark,) = store.marks(result.work_id)
        assert store.credentials(mark.issue_id) is None


def synthetic(path: Path) -> None:
    """Give a picture the label of synthetic content."""
    info = PngImagePlugin.PngInfo()
    info.add_text("AIGC", AIGC)
    with Image.open(path) as image:
        image.save(path, pnginfo=info)


def with_credentials(path: Path) -> None:
    """Have a picture signed by somebody else."""
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"
    actions = [{"action": "c2pa.created", "digitalSourceType": source}]
    manifest = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}]}
    path.write_bytes(signed_by_others(path.read_bytes(), "image/png", manifest))


def composite(path: Path) -> None:
    """Declare another source in the picture."""
    options = {"visible": "none", "creator": "Mo", "digital_source": "compositeCapture"}
    done = ocguard.protect(Image.open(path), home=path.parent.parent / "elsewhere", **options)
    path.write_bytes(done.data)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (synthetic, "carries a label of synthetic content"),
        (with_credentials, "has some of its own"),
        (composite, "declares that it is compositeCapture, not digitalCreation"),
    ],
)
def test_credentials_never_say_what_the_picture_denies(tmp_path, art, change, why: str) -> None:
    """It is protected without, and told why; the same run again has nothing to do."""
    change(art / "a.png")
    (result,) = protected(tmp_path)
    assert result.status == "protected"
    assert any("no Content Credentials were written" in one and why in one
               for one in result.warnings)  # fmt: skip
    assert manifest_store(Path(result.output).read_bytes()) is None
    (again,) = protected(tmp_path)
    assert again.status == "unchanged"


def test_the_same_command_again_does_nothing_twice(tmp_path, art) -> None:
    """Though every signature differs; without credentials it is another request."""
    assert [one.status for one in protected(tmp_path)] == ["protected"]
    assert [one.status for one in protected(tmp_path)] == ["unchanged"]
    assert [one.status for one in protected(tmp_path, c2pa=False)] == ["failed"]


def test_every_format_that_is_written_can_be_signed() -> None:
    """Nobody learns after the work that it was for nothing."""
    assert set(MEDIA_TYPES) == WRITTEN


def test_credentials_leave_room_for_what_a_platform_takes(tmp_path, art) -> None:
    """A file made for platforms is signed too, and what they leave is proven as ever."""
    (result,) = protected(tmp_path, platforms=("x",))
    assert result.status == "protected"
    assert result.survives["x"].mark == "found"
    assert manifest_store(Path(result.output).read_bytes())


def test_the_picture_is_that_of_a_file_without(tmp_path, art) -> None:
    """Not a pixel differs."""
    kept = []
    for number, is_signed in enumerate((True, False)):
        home, options = tmp_path / str(number), SIGNED | {"c2pa": is_signed}
        home.mkdir(mode=0o700)
        SecretKey(bytes(32)).save(home / "secret.key")
        done = ocguard.protect(Image.open(art / "a.png"), home=home, **options)
        kept.append(np.asarray(Image.open(io.BytesIO(done.data))))
    assert np.array_equal(*kept)
