"""Promises of protecting about the visible mark: varied by the key, recorded, framed, filled in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, features

import ocguard
from ocguard.imaging.files import read_picture
from ocguard.keys import SecretKey
from ocguard.language.choice import speaking
from ocguard.language.message import translated
from ocguard.platforms.shipped import shipped_profiles
from ocguard.portfolio import open_store
from ocguard.workflows.protect.run import visible_seed
from ocguard.workflows.protect.visible import describe_figures

CREATOR = {"creator": "Mo"}
needs_fribidi = pytest.mark.skipif(
    not features.check("raqm"),
    reason="vertical text needs FriBiDi (Debian: apt install libfribidi0)",
)


@pytest.fixture(autouse=True)
def _latin_font(needs_font: Callable[[str], None]) -> None:
    """Every test here draws Latin text."""
    needs_font("© 2026 Mo")


def pixels(result: ocguard.ProtectResult) -> np.ndarray:
    """Decode what was made."""
    assert result.error is None, result.error
    return read_picture(result.data).frames[0].pixels.astype(int)


def mark_of(home: Path, result: ocguard.ProtectResult) -> Any:
    """The mark as it was recorded."""
    with open_store(home / "portfolio.sqlite3") as store:
        return store.marks(result.work_id)[-1]


def test_the_same_key_makes_the_same_mark_and_another_key_another(tmp_path, drawings) -> None:
    """The artist alone can show how it was made."""
    art = drawings.painterly(500, 400)
    homes = [tmp_path / "mine", tmp_path / "mine", tmp_path / "theirs"]
    first, again, other = (
        pixels(ocguard.protect(art, home=home, visible="band", **CREATOR)) for home in homes
    )
    assert np.array_equal(first, again)
    assert (np.abs(first - other).max(axis=2) > 12).mean() > 0.01


def test_recipients_and_works_get_marks_of_their_own(tmp_path, drawings) -> None:
    """Nothing is repeated unchanged over a collection."""
    key = SecretKey(bytes(range(32)))
    seeds = {visible_seed(key, work, name) for work in ("a" * 16, "b" * 16) for name in ("", "x")}
    assert len(seeds) == 4


def test_how_the_mark_was_made_is_recorded_without_the_seed(tmp_path, drawings) -> None:
    """The key's owner derives the seed again and proves it by its digest."""
    result = ocguard.protect(drawings.cel(500, 400), home=tmp_path, visible="tile", **CREATOR)
    facts = mark_of(tmp_path, result).visible
    seed = visible_seed(SecretKey.load(tmp_path / "secret.key"), result.work_id, "")
    assert facts["seed_sha256"] == hashlib.sha256(seed).hexdigest()
    assert (facts["layout"], facts["text"], facts["method"]) == ("tile", "© Mo", "visible/1")
    assert facts["fonts"]
    assert seed.hex() not in json.dumps(dict(facts))
    exported = tmp_path / "all.zip"
    portfolio = ocguard.Portfolio(home=tmp_path)
    portfolio.export(exported)
    assert seed not in exported.read_bytes()
    assert seed.hex().encode() not in exported.read_bytes()


def test_the_figures_say_where_the_mark_lies(tmp_path, drawings) -> None:
    """Without trying to remove it; a picture without a mark has none."""
    art = drawings.cel(500, 400)
    tile = ocguard.protect(art, home=tmp_path, visible="tile", **CREATOR).visible
    corner = ocguard.protect(art, home=tmp_path, visible="corner", **CREATOR).visible
    assert tile["layout"] == "tile"
    assert 0 < corner["covered"] < tile["covered"] < 0.5
    assert 0 <= tile["on_flat"] <= 1
    assert tile["left"] is None
    assert ocguard.protect(art, home=tmp_path, visible="none", **CREATOR).visible is None


def test_removal_is_tried_when_asked_for(tmp_path, drawings) -> None:
    """Averaging 20 works leaves most of the mark."""
    art = drawings.painterly(400, 300)
    options = {"visible": "band", "removability": True, **CREATOR}
    left = ocguard.protect(art, home=tmp_path, **options).visible["left"]
    assert set(left) == {"averaged", "telea", "navier_stokes"}
    assert left["averaged"] > 0.5


def test_no_more_than_all_of_a_mark_is_said_to_be_left() -> None:
    """An attempt that does more damage than the mark gains nothing; records keep the figure."""
    left = {"averaged": 1.27, "telea": 0.4, "navier_stokes": 1.0}
    told = describe_figures({"layout": "band", "covered": 0.1, "on_flat": 0.5, "left": left})
    assert told.startswith("a band over 10.0% of the art")
    assert "leave all of it (nothing is gained) after averaging 20 works, 40% and all of it" in told
    with speaking("zh"):
        assert "band" not in translated(told)


@pytest.mark.parametrize(
    "text", ["© 2026 Mira Lindqvist · do not repost", "©林小雨工作室出品未经许可禁止转载"]
)
def test_a_long_text_on_a_narrow_figure_stands_on_several_lines(tmp_path, text, needs_font) -> None:
    """Where the figure has no room for one; a narrower figure gets none, and that is said."""
    needs_font(text)
    rng = np.random.default_rng(1)
    art = np.zeros((600, 500, 4), np.uint8)
    art[..., :3] = rng.integers(60, 200, (20, 1, 3), np.uint8).repeat(30, 0)
    options = {"home": tmp_path, "text": text, **CREATOR}
    options |= {"visible": "corner", "file_format": "png"}
    for width, is_marked in ((150, True), (12, False)):
        art[..., 3] = 0
        art[50:, 200 : 200 + width, 3] = 255
        result = ocguard.protect(art, **options)
        assert (result.visible is not None) is is_marked
        assert any("no room for it" in one for one in result.warnings) is not is_marked


@pytest.mark.parametrize(("step_px", "is_told"), [(0, False), (200, True)])
def test_a_figure_that_moves_away_from_its_mark_is_told_of(tmp_path, step_px, is_told) -> None:
    """The mark lies in one place, and stands on clear ground where the figure is gone."""
    frames = []
    for number in range(3):
        art = np.zeros((300, 700, 4), np.uint8)
        left = 30 + number * step_px
        art[40:260, left : left + 220] = (90, 120 + 20 * number, 160, 255)
        frames.append(Image.fromarray(art))
    path = tmp_path / "a.png"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=80)
    result = ocguard.protect(path, home=tmp_path / "home", visible="corner", text="© Mo", **CREATOR)
    told = [one for one in result.warnings if "beside the figure" in one]
    assert bool(told) is is_told
    assert not told or "in 2 of 3 frames" in told[0]


@pytest.mark.parametrize("kind", ["rgb", "rgba", "grey", "deep"])
def test_a_frame_leaves_the_art_alone(tmp_path, drawings, kind) -> None:
    """The strip is below; the art differs by the invisible mark only, alpha not at all."""
    draw = {"rgb": drawings.cel, "rgba": drawings.cutout, "grey": drawings.grey}
    art = draw.get(kind, drawings.deep)(520, 400)
    result = ocguard.protect(art, home=tmp_path, visible="frame", file_format="png", **CREATOR)
    after = pixels(result).squeeze()
    scale = 257 if kind == "deep" else 1
    assert after.shape[0] > 400
    assert after.shape[1] == 520
    assert np.abs(after[:400].astype(int) - art).mean() < 2.5 * scale
    if kind == "rgba":
        assert np.array_equal(after[:400, :, 3], art[..., 3])
        assert (after[400:, :, 3] == 255).all()
    facts = mark_of(tmp_path, result).visible
    assert int(facts["strip_px"]) == after.shape[0] - 400


def test_a_framed_work_is_found_whole_and_without_its_frame(tmp_path, drawings) -> None:
    """The work is the art: the mark and the match hold when the strip is cut away."""
    art = drawings.cel(900, 700, 5)
    result = ocguard.protect(art, home=tmp_path, visible="frame", **CREATOR)
    after = pixels(result).astype(np.uint8)
    assert mark_of(tmp_path, result).height == after.shape[0]
    (work,) = ocguard.Portfolio(home=tmp_path).works()
    assert (work.width, work.height) == (900, 700)
    for suspect in (after, after[:700], after[40:650, 60:860]):
        found = ocguard.check(np.ascontiguousarray(suspect), home=tmp_path)
        assert found.verdict == "near-copy"
        assert found.work_id == result.work_id
        assert [mark.mark_id for mark in found.marks] == [result.mark_id]
        assert found.marks[0].mode == "informed"
    assert ocguard.check(art, home=tmp_path).verdict == "identical"


def test_every_frame_of_an_animation_gets_the_strip(tmp_path, drawings) -> None:
    """And keeps its duration."""
    frames = [Image.fromarray(frame) for frame in drawings.frames(400, 320, 3)]
    path = tmp_path / "a.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=80, lossless=True)
    result = ocguard.protect(path, home=tmp_path / "h", visible="frame", **CREATOR)
    assert result.error is None
    after = read_picture(result.data)
    assert len(after.frames) == 3
    assert after.height > 320
    assert {frame.duration_ms for frame in after.frames} == {80.0}


def test_a_frame_keeps_resolution_and_turn(tmp_path, drawings) -> None:
    """What the file says of its size on paper and of the camera stays."""
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a fox"
    Image.fromarray(drawings.cel(500, 400)).save(path, dpi=(300, 300), exif=exif, quality=95)
    out = tmp_path / "out"
    result = ocguard.protect(path, out=out, home=tmp_path / "h", visible="frame", **CREATOR)
    assert result.error is None
    with Image.open(result.output) as image:
        assert image.info["dpi"] == (300, 300)
        assert image.getexif()[0x010E] == "a fox"
        upright = read_picture(result.output)
    assert upright.width == 400
    assert upright.height > 500


def test_fields_are_filled_in_for_every_picture(tmp_path, drawings) -> None:
    """Title and id are the picture's own, the rest is the run's."""
    for name in ("fox {creator}", "owl"):
        Image.fromarray(drawings.cel(400, 300, len(name))).save(tmp_path / f"{name}.png")
    options = {"text": "{title} {short_id} {creator} {recipient} {platform}", "recipient": "R"}
    results = ocguard.protect(
        [tmp_path / "fox {creator}.png", tmp_path / "owl.png"],
        out=tmp_path / "out",
        home=tmp_path / "h",
        platform="P",
        **options,
        **CREATOR,
    )
    texts = [mark_of(tmp_path / "h", result).visible["text"] for result in results]
    ids = [result.mark_id[:8] for result in results]
    assert texts == [f"fox {{creator}} {ids[0]} Mo R P", f"owl {ids[1]} Mo R P"]


def test_a_name_with_braces_is_a_name(tmp_path, drawings) -> None:
    """The default notice is never read as a template."""
    result = ocguard.protect(drawings.cel(400, 300), home=tmp_path, creator="{Mo}")
    assert mark_of(tmp_path, result).visible["text"] == "© {Mo}"


def test_a_picture_without_a_title_fails_alone(tmp_path, drawings) -> None:
    """An array has no file name; the message says what to do."""
    result = ocguard.protect(drawings.cel(400, 300), home=tmp_path, text="{title}", **CREATOR)
    assert "--title" in result.error
    unmarked = ocguard.protect(
        drawings.cel(400, 300), home=tmp_path, text="{title}", visible="none", **CREATOR
    )
    assert unmarked.error is None
    titled = ocguard.protect(
        drawings.cel(400, 300), home=tmp_path, text="{title}", title="Fox", **CREATOR
    )
    assert titled.error is None


def test_a_code_in_the_corner_is_read_from_the_file(tmp_path, drawings) -> None:
    """The whole way: drawn, marked invisibly, encoded as JPEG."""
    address = "https://example.org/mira"
    for layout in ("corner", "frame"):
        result = ocguard.protect(
            drawings.cel(800, 700),
            home=tmp_path,
            visible=layout,
            qr=address,
            file_format="jpeg",
            quality=85,
            **CREATOR,
        )
        corner = np.ascontiguousarray(pixels(result)[-260:, -260:].astype(np.uint8))
        seen = cv2.resize(corner, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
        assert cv2.QRCodeDetector().detectAndDecode(seen)[0] == address, layout


IN_COLUMNS = {"vertical": True, "text": "Mo\nart"}


@pytest.mark.parametrize("options", [{}, pytest.param(IN_COLUMNS, marks=needs_fribidi)])
def test_the_corner_line_stands_above_the_mark_of_the_platform(tmp_path, drawings, options) -> None:
    """Weibo writes the poster's name into the corner: both stay readable."""
    art = np.full((600, 800, 3), 235, np.uint8)
    art[:300] = drawings.painterly(800, 300)
    made = pixels(ocguard.protect(art, home=tmp_path, platforms=["weibo"], **options, **CREATOR))
    across, down = shipped_profiles()["weibo"].own_corner((800, 600))
    changed = np.abs(made - art).max(axis=2) > 60
    left, top = round(800 * (1 - across)), round(600 * (1 - down))
    assert not changed[top:, left:].any()
    assert changed[300:top].any()


def test_a_code_in_a_frame_is_read_beside_the_mark_of_the_platform(tmp_path, drawings) -> None:
    """The platform's mark covers the right end of the strip, not the code."""
    art = drawings.painterly(800, 600)
    options = {"visible": "frame", "qr": "https://example.org/mo", "platforms": ["weibo"]}
    posted = ocguard.protect(art, home=tmp_path, **options, **CREATOR)
    served = ocguard.simulate(posted.data, "weibo", home=tmp_path)
    seen = read_picture(served.data).frames[0].pixels
    # As with a camera that comes closer until it reads; a single size fails now and then.
    larger = (
        cv2.resize(seen, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
        for times in (2, 3, 4)
    )
    assert any(cv2.QRCodeDetector().detectAndDecode(one)[0] == options["qr"] for one in larger)


def test_a_picture_too_small_for_a_code_says_so(tmp_path, drawings) -> None:
    """No code is better than one that nobody can read."""
    result = ocguard.protect(
        drawings.cel(200, 150), home=tmp_path, qr="https://example.org/mira", **CREATOR
    )
    assert result.visible is None
    assert "too small for a QR code" in result.warnings[0]


def test_a_text_cannot_mislead(tmp_path, drawings) -> None:
    """What turns the order of letters, or drives a terminal, is not drawn and not recorded."""
    text = "Mo \u202eexe.\x1b[31m\x07\u200bart"
    made = ocguard.protect(drawings.cel(400, 300), home=tmp_path, text=text, **CREATOR)
    said = mark_of(tmp_path, made).visible["text"]
    assert said.isprintable()
    assert said.startswith("Mo exe.")
