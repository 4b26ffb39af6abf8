"""Promises of ocguard.workflows.sitekit."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ocguard.errors import ImageWriteError, OutputExistsError, ProfileError
from ocguard.home import Home
from ocguard.imaging.folders import find_pictures
from ocguard.keys import SecretKey
from ocguard.workflows.api import protect
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sitekit import write_sitekit


@pytest.fixture(scope="module")
def place(tmp_path_factory, drawings) -> Path:
    """Protect two pictures for everybody, one of them with a name that is hard to write."""
    root = tmp_path_factory.mktemp("site")
    (root / "art").mkdir()
    Image.fromarray(drawings.cel(420, 300, 1)).save(root / "art" / "fox & 月.png")
    Image.fromarray(drawings.cel(300, 420, 4)).save(root / "art" / "cat.webp", quality=90)
    (root / "home").mkdir(mode=0o700)
    SecretKey.from_bytes(b"a key for the sites of all tests").save(root / "home" / "secret.key")
    options = {"visible": "none", "creator": "Mira", "terms_url": "https://example.org/terms"}
    protect([root / "art"], out=root / "out", home=root / "home", **options)
    home = Home(root / "home")
    home.save_profile(type(home.load_profile())("Mira", terms_url="https://example.org/terms"))
    return root


def made(place: Path, folder: Path, *paths: Path) -> Path:
    """Make a kit of some pictures."""
    pictures = find_pictures(paths).pictures if paths else ()
    write_sitekit(Workspace.at(place / "home"), pictures, folder)
    return folder


def test_a_kit_holds_the_rules_of_every_server_and_the_gallery(place, tmp_path) -> None:
    """Pictures byte by byte; what has to be copied by hand lies outside the site."""
    kit = made(place, tmp_path / "new" / "kit", place / "out")
    names = {one.relative_to(kit).as_posix() for one in kit.rglob("*") if one.is_file()}
    assert names == {
        "read-first.txt",
        "servers/Caddyfile",
        "servers/nginx.conf",
        "site/.htaccess",
        "site/.well-known/tdmrep.json",
        "site/_headers",
        "site/index.html",
        "site/robots.txt",
        "site/pictures/001-cat.webp",
        "site/pictures/002-fox & 月.png",
    }
    fox = (kit / "site" / "pictures" / "002-fox & 月.png").read_bytes()
    assert fox == (place / "out" / "fox & 月.png").read_bytes()
    for name in ("servers/nginx.conf", "site/_headers", "site/index.html"):
        assert "https://example.org/terms" in (kit / name).read_text("utf-8")


def test_without_pictures_there_is_no_gallery(place, tmp_path) -> None:
    """The rules are whole all the same."""
    kit = made(place, tmp_path / "kit")
    assert not (kit / "site" / "index.html").exists()
    assert (kit / "site" / "robots.txt").exists()


def test_an_unprotected_picture_never_gets_on_a_site(place, gallery, tmp_path) -> None:
    """Nor one that was saved again, nor a copy made for somebody; nothing is written then."""
    with pytest.raises(ImageWriteError, match=r"cat\.webp is not a file that 'ocguard protect'"):
        made(place, tmp_path / "kit", place / "art" / "cat.webp")
    with Image.open(place / "out" / "cat.webp") as picture:
        picture.save(tmp_path / "again.webp")
    with pytest.raises(ImageWriteError, match="not a file that"):
        made(place, tmp_path / "kit", tmp_path / "again.webp")
    pictures = find_pictures([gallery.out / "cel.png"]).pictures
    with pytest.raises(ImageWriteError, match="made for studio alone"):
        write_sitekit(Workspace.at(gallery.home), pictures, tmp_path / "kit")
    Image.new("RGB", (8, 8)).save(tmp_path / "a.tiff")
    with pytest.raises(ImageWriteError, match="is TIFF, which browsers do not show"):
        made(place, tmp_path / "kit", tmp_path / "a.tiff")
    assert not (tmp_path / "kit").exists()


def test_a_picture_that_is_missing_is_told_as_that(place, tmp_path) -> None:
    """It has no format."""
    with pytest.raises(FileNotFoundError):
        made(place, tmp_path / "kit", tmp_path / "gone.png")


def test_nothing_is_overwritten_and_nobody_is_invented(place, tmp_path) -> None:
    """A folder that exists is left alone; without a profile there is nobody to name."""
    (tmp_path / "kit").mkdir()
    with pytest.raises(OutputExistsError):
        made(place, tmp_path / "kit")
    with pytest.raises(ProfileError):
        write_sitekit(Workspace.at(tmp_path / "nobody"), (), tmp_path / "other")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_gallery_works_in_a_browser(place, tmp_path, browser, width: int) -> None:
    """From a folder, at the width of a phone and of a desk: all pictures, no barrier, no error."""
    from axe_playwright_python.sync_playwright import Axe

    kit = made(place, tmp_path / "kit", place / "out")
    tab = browser.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto((kit / "site" / "index.html").as_uri())
    for picture in tab.get_by_role("img").all():
        picture.scroll_into_view_if_needed()
    tab.evaluate("() => Promise.all([...document.images].map((one) => one.decode()))")
    assert tab.evaluate("[...document.images].map(one => one.naturalWidth > 0)") == [True] * 2
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(tab)
    tab.close()
    assert found.violations_count == 0, found.generate_report()
    assert said == []
