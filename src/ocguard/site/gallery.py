"""The pages of a gallery: one HTML page without scripts, and a text for whoever puts it online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from ocguard.site.crawlers import Crawlers

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Gallery", "Shown", "gallery_page", "read_first"]


@dataclass(frozen=True)
class Shown:
    """A protected picture of a gallery.

    Attributes
    ----------
    path : str
        Of its file, relative to the page.
    title : str
        What it is called below the picture.
    width, height : int
        In pixels, so that the page does not jump while it loads.
    """

    path: str
    title: str
    width: int
    height: int


@dataclass(frozen=True)
class Gallery:
    """What a gallery shows.

    Attributes
    ----------
    title, creator, credit : str
        Its heading, who made the pictures, and their notice.
    contact, terms_url : str
        Mail address or page, and page with terms; either may be empty.
    pictures : sequence of Shown
        In the order of the page.
    """

    title: str
    creator: str
    credit: str
    contact: str
    terms_url: str
    pictures: Sequence[Shown]


def gallery_page(gallery: Gallery, values: Mapping[str, str]) -> str:
    """Write the page; every text is escaped.

    Parameters
    ----------
    gallery : Gallery
        What it shows.
    values : mapping of str to str
        The site's HTTP headers: what they say stands in the page too, since not everybody may set
        headers.
    """
    meta = {name.lower().replace("x-robots-tag", "robots"): text for name, text in values.items()}
    return _environment().get_template("gallery.html").render(g=gallery, meta=meta)


def read_first(crawlers: Crawlers, has_gallery: bool) -> str:
    """Write what to do with the files, and what they do not do."""
    known = {"crawlers": crawlers, "has_gallery": has_gallery}
    return _environment().get_template("read-first.txt").render(known)


@cache
def _environment() -> Environment:
    import jinja2

    folder = resources.files("ocguard.site") / "templates"
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
