"""Promises of ocguard.site.gallery."""

from __future__ import annotations

from dataclasses import replace

from lxml import html

from ocguard.site.crawlers import known_crawlers
from ocguard.site.gallery import Gallery, Shown, gallery_page, read_first
from ocguard.site.rules import headers

EVIL = "\"'><script>document.title='run'</script><img src=x onerror=alert(1)>"
PICTURES = (
    Shown("pictures/001-fox.png", "fox", 640, 480),
    Shown("pictures/002-月 100%?.webp", "月 100%?", 300, 900),
)
GALLERY = Gallery(
    "Work", "Mira", "© Mira", "mira@example.org", "https://example.org/terms", PICTURES
)


def test_every_picture_is_shown_with_its_size() -> None:
    """Its name is a safe address; what does not see it hears its title."""
    tree = html.fromstring(gallery_page(GALLERY, headers()))
    shown = [dict(one.attrib) for one in tree.iter("img")]
    assert [one["src"] for one in shown] == [
        "pictures/001-fox.png",
        "pictures/002-%E6%9C%88%20100%25%3F.webp",
    ]
    assert [(one["alt"], one["width"], one["height"]) for one in shown] == [
        ("fox", "640", "480"),
        ("月 100%?", "300", "900"),
    ]


def test_the_page_says_what_the_headers_say() -> None:
    """For whoever cannot set headers."""
    tree = html.fromstring(gallery_page(GALLERY, headers("https://example.org/terms")))
    meta = {one.get("name"): one.get("content") for one in tree.iter("meta")}
    assert meta["robots"] == "noai, noimageai"
    assert meta["tdm-reservation"] == "1"
    assert meta["tdm-policy"] == "https://example.org/terms"


def test_who_made_it_and_where_to_ask_is_below() -> None:
    """A mail address is a link to write; what is missing leaves nothing behind."""
    page = gallery_page(GALLERY, headers())
    links = [one.get("href") for one in html.fromstring(page).find(".//footer").iter("a")]
    assert links == ["mailto:mira@example.org", "https://example.org/terms"]
    bare = gallery_page(replace(GALLERY, contact="", terms_url=""), headers())
    assert html.fromstring(bare).find(".//footer").text_content().strip() == "© Mira"


def test_no_text_becomes_code() -> None:
    """Names of files come from anywhere."""
    pictures = (Shown(f"pictures/{EVIL}.png", EVIL, 1, 1),)
    page = gallery_page(Gallery(EVIL, EVIL, EVIL, EVIL, "", pictures), headers())
    tree = html.fromstring(page)
    assert not tree.findall(".//script")
    assert len(tree.findall(".//img")) == 1
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]


def test_the_guide_names_the_day_of_the_list() -> None:
    """And whether there is a gallery."""
    known = known_crawlers()
    assert known.checked in read_first(known, True)
    assert "is the gallery" in read_first(known, True)
    assert "There is no gallery" in read_first(known, False)
