"""Promises of the Python interface: one picture, one result; a list, a list of results."""

from __future__ import annotations

import io

import pytest
from PIL import Image

import ocguard


def test_a_picture_in_memory_comes_back_protected(tmp_path, drawings) -> None:
    """No file is needed, and none is made; the record is."""
    for source in (drawings.cel(300, 240), Image.fromarray(drawings.cel(300, 240))):
        result = ocguard.protect(source, home=tmp_path, visible="none", creator="Mo")
        assert (result.status, result.output) == ("protected", None)
        assert ocguard.detect(result.data, home=tmp_path).mark_id == result.mark_id
    assert ocguard.Portfolio(home=tmp_path).stats().works == 1


def test_a_folder_must_stand_in_a_list(tmp_path) -> None:
    """A single source has a single result."""
    for call in (ocguard.protect, ocguard.check, ocguard.detect):
        with pytest.raises((ValueError, ocguard.OcguardError)):
            call(tmp_path, home=tmp_path / "home")
    with pytest.raises(ValueError, match="in a list"):
        ocguard.compare(tmp_path, tmp_path)


def test_a_list_needs_a_folder_for_its_outputs(tmp_path) -> None:
    """A thousand protected pictures are not kept in memory."""
    with pytest.raises(ValueError, match="needs out"):
        ocguard.protect([tmp_path], home=tmp_path / "home", creator="Mo")


def test_a_list_holds_paths(tmp_path, drawings) -> None:
    """Pictures in memory come one by one."""
    with pytest.raises(TypeError, match="paths"):
        ocguard.protect([drawings.cel(64, 64)], out=tmp_path / "o", home=tmp_path, creator="Mo")


def test_any_iterable_of_paths_gives_a_list(gallery) -> None:
    """As `Path.glob` and a tuple are; a text is one path."""
    one = gallery.out / "cel.png"
    for several in ((one,), iter([one]), one.parent.glob("cel.png")):
        assert [type(it).__name__ for it in ocguard.detect(several, home=gallery.home)] == [
            "DetectResult"
        ]
    assert ocguard.detect(str(one), home=gallery.home).verdict == "found"


def test_bytes_may_be_in_whatever_holds_them(gallery) -> None:
    """Such as the buffer of a reader."""
    data = (gallery.out / "cel.png").read_bytes()
    for held in (bytearray(data), memoryview(data)):
        assert ocguard.detect(held, home=gallery.home).verdict == "found"
        assert ocguard.check(held, home=gallery.home).error is None


def test_a_wrong_type_is_the_callers_mistake(gallery, tmp_path) -> None:
    """It is raised at once and names what is accepted; nothing asks to be reported."""
    accepted = "a path, the bytes of a file, a Pillow image or an array, and a list holds paths"
    for call in (ocguard.check, ocguard.detect, ocguard.protect):
        with pytest.raises(TypeError, match=f"{accepted}; got int"):
            call(42, home=gallery.home)
    for call in (ocguard.simulate, ocguard.compare):
        with pytest.raises(TypeError, match=f"{accepted}; got int"):
            call(42, "x")
    with pytest.raises(TypeError, match=r"got BytesIO; of an open file give what its read\(\)"):
        ocguard.check(io.BytesIO(b"x"), home=gallery.home)
    with pytest.raises(TypeError, match="got tuple"):
        ocguard.Portfolio(tmp_path / "p.sqlite3").add(("a.png",))


def test_a_place_is_asked_for_permissions(gallery) -> None:
    """What is none is the caller's mistake."""
    original = gallery.art / "cel.png"
    found = ocguard.check(original, home=gallery.home, url="https://x.com/1", account="x:friend")
    assert found.permitted.without == (found.work_id,)
    assert ocguard.check(original, home=gallery.home).permitted is None
    with pytest.raises(ValueError, match="address"):
        ocguard.check(original, home=gallery.home, url="x.com/1")


def test_the_environment_names_the_home(gallery, monkeypatch) -> None:
    """As on the command line."""
    monkeypatch.setenv("OCGUARD_HOME", str(gallery.home))
    assert ocguard.detect(str(gallery.out / "cel.png")).verdict == "found"


def test_a_simulation_takes_a_picture_from_anywhere(tmp_path, drawings) -> None:
    """Path, bytes and array of the same picture are served alike."""
    art = drawings.cel(1500, 1000)
    Image.fromarray(art).save(tmp_path / "a.png")
    served = ocguard.simulate(tmp_path / "a.png", "x-small")
    assert (served.size, served.file_format) == ((1200, 800), "JPEG")
    assert served.data == ocguard.simulate((tmp_path / "a.png").read_bytes(), "x-small").data
    assert served.data == ocguard.simulate(art, "x-small").data


def test_an_unknown_option_is_refused(tmp_path, drawings) -> None:
    """A recipient that is misspelled would be a copy that cannot be traced."""
    art = Image.fromarray(drawings.cel(256, 256, 5))
    misspelled = {"recipent": "Bob"}
    with pytest.raises(TypeError, match=r"no option 'recipent'; it has .* recipient,"):
        ocguard.protect(art, home=tmp_path / "home", **misspelled)


def test_an_option_of_another_type_is_refused_by_name(tmp_path, drawings) -> None:
    """Whoever writes a number for a name is told which."""
    wrong = {"recipient": 5}
    with pytest.raises(TypeError, match=r"^recipient must be a text, not int$"):
        ocguard.protect(drawings.cel(256, 256, 5), home=tmp_path / "home", **wrong)


def test_an_empty_path_is_no_folder(gallery) -> None:
    """It comes of a variable that was not set."""
    with pytest.raises(ValueError, match="the path of the picture is empty"):
        ocguard.check("", home=gallery.home)


def test_a_folder_is_not_its_own_output(tmp_path, drawings) -> None:
    """Its pictures would be taken for outputs, and left alone without a word."""
    Image.fromarray(drawings.cel(256, 256, 5)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="the input itself"):
        ocguard.protect([tmp_path], out=tmp_path / "." / "", home=tmp_path / "home")
