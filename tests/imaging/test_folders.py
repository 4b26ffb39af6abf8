"""Tests of searching folders for pictures."""

import os
from pathlib import Path

import pytest

from ocguard.imaging.files import read_bytes, read_picture
from ocguard.imaging.folders import DANGLING, find_pictures


def found(*paths, **options):
    """Names found, within the folder named."""
    return [one.inside.as_posix() for one in find_pictures(paths, **options).pictures]


def test_folders_are_searched_in_order(art):
    """All pictures below, sorted, hidden ones and other files left out."""
    assert found(art) == ["A.PNG", "b.png", "sub/c.jpg", "sub/deep/画.png"]


def test_files_are_taken_as_named(art):
    """A file named by the person is tried, whatever its suffix, even if missing."""
    assert found(art / "notes.txt", art / "gone.png") == ["notes.txt", "gone.png"]


def test_nothing_is_found_twice(art):
    """A file named and in a folder named counts once; so does one behind two links."""
    outside = art / "._e.png"
    (art / "again.png").symlink_to(outside)
    (art / "b2.png").symlink_to(outside)
    assert found(art / "sub" / "c.jpg", art, art / "sub") == [
        *("c.jpg", "A.PNG", "again.png", "b.png", "sub/deep/画.png"),
    ]


def test_a_file_goes_by_its_own_name_before_links_to_it(art):
    """Wherever the link lies and whichever is named first; it is remembered."""
    (art / "again.png").symlink_to("b.png")
    (art / "A-link.png").symlink_to(Path("sub", "c.jpg"))
    (art / "a-folder").symlink_to("sub", target_is_directory=True)
    names = ["A.PNG", "b.png", "sub/c.jpg", "sub/deep/画.png"]
    assert found(art) == names
    assert found(art / "again.png", art) == names
    links = {one.inside.as_posix(): one.links for one in find_pictures([art]).pictures if one.links}
    assert links == {"b.png": (art / "again.png",), "sub/c.jpg": (art / "A-link.png",)}


def test_a_link_that_leads_nowhere_is_passed_over_by_name(art):
    """A link to a picture was meant to be one; of others nobody asks."""
    (art / "old.png").symlink_to("gone.png")
    (art / "old.txt").symlink_to("gone.txt")
    looked = find_pictures([art])
    assert {one.path.name: one.kind for one in looked.unread_art} == {"old.png": DANGLING}
    assert "old.png" not in found(art)
    assert found(art / "old.png") == ["old.png"]


def test_link_loops_end(art):
    """A folder that links to its parent is searched once."""
    (art / "sub" / "loop").symlink_to(art, target_is_directory=True)
    assert found(art) == ["A.PNG", "b.png", "sub/c.jpg", "sub/deep/画.png"]


def test_a_folder_that_cannot_be_searched_is_given_itself(bound_folder):
    """Reading it says why not; all other pictures are found."""
    (bound_folder / "a.png").touch()
    (bound_folder / "locked").mkdir(mode=0)
    assert found(bound_folder) == ["a.png", "locked"]
    assert found(bound_folder / "locked", bound_folder / "locked" / "b.png") == ["locked", "b.png"]
    with pytest.raises(PermissionError):
        read_bytes(bound_folder / "locked")


def test_folders_can_be_left_out(art):
    """The output folder inside the input is not searched."""
    assert found(art, leave_out=[art / "sub"]) == ["A.PNG", "b.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows names are text")
def test_names_that_are_no_text_are_read(tmp_path, drawings, saved):
    """A file name of arbitrary bytes does not stop reading."""
    path = os.fsencode(tmp_path) + b"/\xff\xfe.png"
    Path(os.fsdecode(path)).write_bytes(saved(drawings.cel(4, 4), "PNG"))
    assert [read_picture(one.path).size for one in find_pictures([tmp_path]).pictures] == [(4, 4)]


def test_pictures_are_known_by_content(art, drawings, saved):
    """Whatever sites append to a name, or leave away."""
    data = saved(drawings.cel(8, 6), "JPEG")
    names = ["a.jpg_large", "b.jpg!large", "c.jpg~", "d.jpg:orig", "e.jpg?name=orig", "media"]
    folder = art / "loads"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(data)
    pictures = find_pictures([folder]).pictures
    assert [one.inside.name for one in pictures] == names
    assert {one.file_format for one in pictures} == {"JPEG"}


def test_what_is_no_picture_is_passed_over_by_name(art):
    """Every file that is not hidden is either found or named."""
    (art / "sub" / "page.clip").write_bytes(b"CSFCHUNK")
    passed = {one.path.name: one.kind for one in find_pictures([art]).passed_over}
    assert passed.keys() == {"notes.txt", "page.clip"}
    assert passed["notes.txt"] == "no picture"
    assert "Clip Studio Paint" in passed["page.clip"]


def test_a_damaged_picture_is_found(art):
    """Its suffix says what it should be; reading it says why it is not."""
    (art / "broken.png").write_bytes(b"nothing")
    (art / "empty.jpg").touch()
    assert {"broken.png", "empty.jpg"} <= set(found(art))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_in_a_folder_stops_nobody(art):
    """It is passed over without waiting for who writes into it."""
    os.mkfifo(art / "pipe")
    assert "pipe" in {one.path.name for one in find_pictures([art]).passed_over}


def test_links_in_a_circle_stop_no_other_picture(tmp_path, art) -> None:
    """They are pictures that cannot be read."""
    (art / "round.png").symlink_to("trip.png")
    (art / "trip.png").symlink_to("round.png")
    found = {path.name for path in find_pictures([art]).files}
    assert {"round.png", "trip.png", "b.png"} <= found
