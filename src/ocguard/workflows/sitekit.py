"""Write what a creator's own site needs: rules for crawlers, in each server's words, a gallery."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocguard.atomic import whole_folder
from ocguard.creator import Profile
from ocguard.errors import ImageWriteError
from ocguard.imaging.files import read_bytes
from ocguard.imaging.folders import FoundPicture
from ocguard.metadata.untrusted import neutralized
from ocguard.portfolio import Store
from ocguard.site.crawlers import known_crawlers
from ocguard.site.gallery import Gallery, Shown, gallery_page, read_first
from ocguard.site.rules import headers, robots_txt, server_files, tdmrep_json
from ocguard.workflows.home.workspace import Workspace

__all__ = ["write_sitekit"]

SHOWN_BY_BROWSERS: Final = {
    "PNG": ".png",
    "JPEG": ".jpg",
    "WEBP": ".webp",
    "AVIF": ".avif",
    "GIF": ".gif",
}
"""Formats of a gallery, and what their files are called there."""

MAX_TITLE_CHARS: Final = 60
"""Longest title of a picture: with four bytes a character its file name still fits 255 bytes."""

COPIED_BY_HAND: Final = ("nginx.conf", "Caddyfile")
"""Files that lie outside the site: a server would hand them out."""


@dataclass(frozen=True)
class _Picture:
    """A protected file, and how the page shows it."""

    shown: Shown
    data: bytes


def write_sitekit(
    workspace: Workspace, pictures: Sequence[FoundPicture], folder: Path, title: str = ""
) -> int:
    """Write the files of a site into a new folder.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works: profile, and the portfolio that knows the protected files.
    pictures : sequence of FoundPicture
        Protected pictures for the gallery, in its order; none writes no gallery.
    folder : Path
        The new folder.
    title : str
        Heading of the gallery; empty is the creator's name.

    Returns
    -------
    int
        Number of pictures in the gallery.

    Raises
    ------
    ImageWriteError
        A picture is not as ``protect`` wrote it, was made for one recipient, or is in a format that
        browsers do not show.
    ProfileError
        There is no profile.
    OutputExistsError
        The folder exists already.
    PortfolioError, OSError
        Something cannot be read or written.
    """
    profile = workspace.home.load_profile()
    chosen: list[_Picture] = []
    if pictures:
        with workspace.open_store() as store:
            chosen = [_picture(number, one, store) for number, one in enumerate(pictures, 1)]
    files = _files(profile, chosen, title)
    with whole_folder(folder) as draft:
        for name, data in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return len(chosen)


def _picture(number: int, found: FoundPicture, store: Store) -> _Picture:
    """Read a picture, if it is a protected file for the public: no other may get out this way."""
    data = read_bytes(found.path)
    if found.file_format not in SHOWN_BY_BROWSERS:
        raise ImageWriteError(
            "{path} is {file_format}, which browsers do not show: protect it with --format "
            "png, jpeg, webp or avif",
            path=found.path,
            file_format=found.file_format,
        )
    marks = store.marks_of_file(hashlib.sha256(data).hexdigest())
    if not marks:
        raise ImageWriteError(
            "{path} is not a file that 'ocguard protect' wrote, so it is not put on a "
            "site: protect it first, and name the protected file as it was written",
            path=found.path,
        )
    if all(mark.recipient for mark in marks):
        raise ImageWriteError(
            "{path} was made for {recipient} alone: protect it without --recipient",
            path=found.path,
            recipient=marks[0].recipient,
        )
    title = neutralized(found.path.stem, MAX_TITLE_CHARS)
    path = f"pictures/{number:03d}-{title}{SHOWN_BY_BROWSERS[found.file_format]}"
    return _Picture(Shown(path, title, marks[0].width, marks[0].height), data)


def _files(profile: Profile, pictures: Sequence[_Picture], title: str) -> dict[str, bytes]:
    """Name every file of the kit, with its bytes."""
    crawlers = known_crawlers()
    values = headers(profile.terms_url)
    servers = server_files(values)
    texts = {
        "read-first.txt": read_first(crawlers, bool(pictures)),
        "site/robots.txt": robots_txt(crawlers),
        "site/.well-known/tdmrep.json": tdmrep_json(profile.terms_url),
    }
    for name, text in servers.items():
        texts[f"{'servers' if name in COPIED_BY_HAND else 'site'}/{name}"] = text
    if pictures:
        gallery = Gallery(
            title or profile.creator,
            profile.creator,
            profile.credit,
            profile.contact,
            profile.terms_url,
            tuple(one.shown for one in pictures),
        )
        texts["site/index.html"] = gallery_page(gallery, values)
    files = {name: text.encode() for name, text in texts.items()}
    return files | {f"site/{one.shown.path}": one.data for one in pictures}
