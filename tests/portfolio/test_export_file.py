"""Promises of ocguard.portfolio.export_file."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import export_file
from ocguard.portfolio.export_file import FORMAT, bounded, open_export, refuse, require_past


def written(path: Path, manifest: object, more: bytes = b"") -> Path:
    """Make a file with a manifest and one more part, which packs well."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("more", more)
    return path


def test_an_export_opens(tmp_path: Path) -> None:
    """By its format."""
    with open_export(written(tmp_path / "a.zip", {"format": FORMAT}, b"more")) as archive:
        assert archive.read("more") == b"more"


@pytest.mark.parametrize("manifest", [{"format": "ocguard.portfolio/99"}, {}, [], "text"])
def test_other_files_are_refused_by_name(tmp_path: Path, manifest: object) -> None:
    """Those of newer versions too."""
    path = written(tmp_path / "a.zip", manifest)
    with pytest.raises(PortfolioError, match=r"a\.zip was not imported"), open_export(path):
        pass


def test_what_goes_wrong_inside_names_the_file(tmp_path: Path) -> None:
    """A missing part too."""
    path = written(tmp_path / "a.zip", {"format": FORMAT})
    with pytest.raises(PortfolioError, match=r"a\.zip"), open_export(path) as archive:
        archive.read("missing")


def test_a_small_file_that_claims_to_hold_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any of it is unpacked."""
    monkeypatch.setattr(export_file, "_ROOM_BYTES", 0)
    path = written(tmp_path / "a.zip", {"format": FORMAT}, bytes(10**6))
    with pytest.raises(PortfolioError, match="claims to hold"), open_export(path):
        pass


def test_reading_ends_at_the_limit() -> None:
    """One byte more is an error."""
    assert bounded(io.BytesIO(b"abc"), 3) == b"abc"
    with pytest.raises(ValueError, match="more than 2 bytes"):
        bounded(io.BytesIO(b"abc"), 2)


def test_the_future_is_refused() -> None:
    """The latest of several times counts."""
    require_past("2020-01-01T00:00:00.000000Z")
    with pytest.raises(ValueError, match="future"):
        require_past("2020-01-01T00:00:00.000000Z", "9020-01-01T00:00:00.000000Z")


def test_a_refusal_is_told_or_an_error() -> None:
    """As the caller wants."""
    told: list[str] = []
    refuse("why", told.append)
    assert told == ["why"]
    with pytest.raises(PortfolioError, match="why"):
        refuse("why", None)
