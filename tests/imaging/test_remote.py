"""Promises of object stores: an object is found and read, and appears whole, never over another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocguard.errors import OutputExistsError, RemoteError
from ocguard.imaging.files import find_pictures, read_bytes
from ocguard.imaging.publishing import publish
from ocguard.imaging.remote import Remote, location_of


@pytest.mark.parametrize(
    ("named", "location"),
    [
        ("art/fox.png", Path("art/fox.png")),
        ("file:///tmp/a%20b.png", Path("/tmp/a b.png")),
        ("file://localhost/tmp/a.png", Path("/tmp/a.png")),
        ("s3://studio/art/fox.png", Remote("s3://studio/art/fox.png")),
        ("S3://studio/art/", Remote("s3://studio/art")),
        ("s3://studio", Remote("s3://studio")),
        (Remote("s3://studio/a"), Remote("s3://studio/a")),
    ],
)
def test_a_file_is_named_by_a_path_or_an_address(named, location) -> None:
    """A slash at the end says nothing."""
    assert location_of(named) == location


@pytest.mark.parametrize("named", ["http://example.com/a.png", "ftp://a/b", "file://other/a"])
def test_other_addresses_are_refused(named) -> None:
    """With what to write instead."""
    with pytest.raises(RemoteError, match="s3://BUCKET/KEY"):
        location_of(named)


@pytest.mark.parametrize("named", ["s3://", "s3:///key", "s3://AKIAX:hidden@studio/art/fox.png"])
def test_an_address_without_a_bucket_or_with_credentials_is_not_repeated(named) -> None:
    """A secret in it would end up in a log."""
    with pytest.raises(RemoteError, match="without credentials") as refused:
        location_of(named)
    assert "hidden" not in str(refused.value)


def test_a_folder_is_joined_as_a_path_is() -> None:
    """And knows what lies in it."""
    folder = Remote("s3://studio/art")
    fox = folder / Path("sub", "fox.tar.png")
    assert (fox.url, fox.name, fox.stem, fox.suffix, os.fspath(fox)) == (
        *("s3://studio/art/sub/fox.tar.png", "fox.tar.png", "fox.tar", ".png"),
        "s3://studio/art/sub/fox.tar.png",
    )
    assert fox.is_in(folder)
    assert fox.is_in(fox)
    assert not Remote("s3://studio/art2/fox.png").is_in(folder)
    assert fox.inside(folder) == Path("sub/fox.tar.png")


def test_an_object_is_published_whole_and_never_over_another(bucket) -> None:
    """Unless that is asked for; the very same bytes are no other object."""
    target = Remote(bucket.url) / "out" / "fox.png"
    publish(target, b"first")
    assert target.exists()
    publish(target, b"first")
    with pytest.raises(OutputExistsError, match=r"out/fox\.png exists already"):
        publish(target, b"second")
    assert read_bytes(target) == b"first"
    publish(target, b"second", overwrite=True)
    assert bucket.tree("out") == {"fox.png": b"second"}


def test_what_is_prepared_and_not_published_leaves_no_object(bucket) -> None:
    """A check that refuses comes before the upload."""

    def refuse(_: bytes) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        publish(Remote(bucket.url) / "out.png", b"data", check=refuse)
    assert not (Remote(bucket.url) / "out.png").exists()


def test_pictures_are_found_below_a_key_as_below_a_folder(bucket, gallery) -> None:
    """Hidden ones are left alone, others are passed over, and a longer key is another folder."""
    art = bucket.put_tree(gallery.art, "art")
    bucket.put("art/.hidden/a.png", b"x")
    bucket.put("art2/b.png", b"x")
    here, there = find_pictures([gallery.art]), find_pictures([location_of(art)])
    said = [
        sorted((one.inside, one.file_format) for one in found.pictures) for found in (here, there)
    ]
    assert said[0] == said[1]
    assert [one.path.name for one in there.passed_over] == ["notes.txt"]
    without = find_pictures([location_of(art)], leave_out=[location_of(f"{art}/sub")])
    assert len(without.pictures) == len(there.pictures) - 1


def test_one_object_is_found_by_its_own_name(bucket) -> None:
    """Also one that is not there, so that reading it says why not."""
    address = location_of(bucket.put("art/fox.png", b"\x89PNG\r\n\x1a\n"))
    (found,) = find_pictures([address]).pictures
    assert (found.path, found.inside, found.file_format) == (address, Path("fox.png"), "PNG")
    (missing,) = find_pictures([location_of(f"{bucket.url}/none.png")]).pictures
    with pytest.raises(FileNotFoundError) as error:
        read_bytes(missing.path)
    assert error.value.filename == f"{bucket.url}/none.png"


def test_the_name_of_what_an_object_holds_changes_with_it(bucket) -> None:
    """A cluster names its tasks by that."""
    one = location_of(bucket.put("a", b"first"))
    before = one.version()
    assert before == one.version()
    bucket.put("a", b"second")
    assert before != one.version()
