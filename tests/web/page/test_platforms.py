"""Promises of ocguard.web.page.platforms."""

from __future__ import annotations

from markupsafe import escape

from ocguard.platforms.shipped import shipped_profiles

BASE = "/platforms/profiles"


def test_every_platform_is_listed_with_how_sure_it_is_and_since_when(page) -> None:
    """And what it does, in a few words."""
    told = page.call("/platforms").text
    for one in shipped_profiles().values():
        assert f'href="{BASE}/{one.name}"' in told
    assert "Shrinks to a long side of 1440 px · WebP · own mark in the corner" in told
    assert f"checked on {shipped_profiles()['xiaohongshu'].checked}" in told
    assert "Uncertain" in told


def test_a_platform_tells_facts_source_and_day(page) -> None:
    """Crop, size, mark of its own, codec, metadata, and where that is from."""
    told = page.call(f"{BASE}/instagram").text
    profile = shipped_profiles()["instagram"]
    assert "Cuts off above and below what is taller than 0.75:1" in told
    assert "Removes all metadata" in told
    assert str(escape(profile.source)) in told
    assert profile.checked.isoformat() in told
    assert page.call(f"{BASE}/nowhere").status == 404


def test_the_picture_protected_last_is_tried(page) -> None:
    """What is left of it is told as a part of the page, and stays told."""
    assert "Being tried" in page.call(f"{BASE}/discord").text
    part = page.call(f"{BASE}/discord/trial").text
    assert "<html" not in part
    assert "can be read" in part
    assert "Being tried" not in page.call(f"{BASE}/discord").text
    for path in ("posted", "served"):
        assert page.call(f"{BASE}/discord/{path}").data[:2] == b"\xff\xd8"


def test_a_dropped_picture_is_tried_in_its_place(page, gallery) -> None:
    """Its mark is read in what the platform would serve; scripts are not needed."""
    data = (gallery.out / "cel.png").read_bytes()
    assert page.drop(f"{BASE}/bluesky/pictures", ("mine.png", data)).status == 200
    told = page.send(f"{BASE}/bluesky/trial").text
    assert "mine.png" in told
    assert "can be read" in told
    assert "Near-copy" in told or "Identical" in told


def test_a_picture_that_is_cut_is_shown_beside_what_is_left(page, drawings, png) -> None:
    """One over the other would compare other places."""
    page.drop(f"{BASE}/instagram/pictures", ("tall.png", png(drawings.cel(300, 900, seed=5))))
    assert 'class="pair"' in page.call(f"{BASE}/instagram").text
    assert 'class="pair"' not in page.call(f"{BASE}/tumblr").text


def test_a_refused_upload_is_told_in_words(page, gallery) -> None:
    """As an alert where the trial would stand; no picture of it is shown."""
    data = (gallery.out / "sub" / "林.webp").read_bytes()
    page.drop(f"{BASE}/weibo/pictures", ("林.webp", data))
    told = page.call(f"{BASE}/weibo").text
    assert "would not be taken there" in told
    assert "/served" not in told
    assert "not webp" in page.call(f"{BASE}/weibo/trial").text
