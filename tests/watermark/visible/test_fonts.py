"""Promises of ocguard.watermark.visible.fonts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocguard.errors import FontError
from ocguard.watermark.visible.fonts import BUILT_IN, Face, runs_of

NeedsFont = Callable[[str], None]


def test_one_face_draws_a_whole_latin_notice() -> None:
    """A notice is not patched together while one face has it all."""
    runs = runs_of("© 2026 Mira Vale")
    assert len(runs) == 1
    assert runs[0][1] == "© 2026 Mira Vale"


@pytest.mark.parametrize(
    "text", ["小狐狸画室 © 2026", "狐森ミラ", "미라 그림", "Мира Вейл", "ミラ Vale 狐 Ж ★"]
)
def test_chinese_japanese_korean_cyrillic_and_mixed_text_is_drawn(
    text: str, needs_font: NeedsFont
) -> None:
    """Every character goes to a face that has it, and none is lost."""
    needs_font(text)
    runs = runs_of(text)
    assert "".join(part for _, part in runs) == text
    assert all(face.draws(c) for face, part in runs for c in part if not c.isspace())


def test_han_is_drawn_in_the_forms_of_its_region(needs_font: NeedsFont) -> None:
    """Simplified and traditional Chinese, Japanese and Korean get their own faces of Noto CJK."""
    texts = {"SC": "小狐狸画室", "TC": "狐貍畫室", "JP": "狐森ミラ", "KR": "미라"}
    for text in texts.values():
        needs_font(text)
    families = {region: runs_of(text)[0][0].at(16).getname()[0] for region, text in texts.items()}
    if not all(str(family).startswith("Noto Sans CJK") for family in families.values()):
        pytest.skip(f"the preferred fonts of this machine are not Noto Sans CJK: {families}")
    assert families == {region: f"Noto Sans CJK {region}" for region in texts}


def test_a_text_without_any_font_is_refused_by_script() -> None:
    """What would come out as empty boxes is an error that names the script."""
    try:
        runs = runs_of("A\U00012000")
    except FontError as error:
        assert error.scripts == ("Cuneiform",)
        assert "Cuneiform" in str(error)
    else:
        assert runs[-1][0].draws("\U00012000")


def test_a_character_that_no_font_can_have_is_refused() -> None:
    """A noncharacter never counts as drawn, whatever is installed."""
    with pytest.raises(FontError, match="no installed font"):
        runs_of("A\ufdd0")


def test_missing_characters_are_named_in_reading_order() -> None:
    """As the person wrote them, so that a name is still that name."""
    with pytest.raises(FontError, match="\ue002\ue000\ue001"):
        runs_of("\ue002\ue000\ue001\ue000")


def test_a_given_font_is_used_and_no_other() -> None:
    """With a font path the text is set in that file, or refused."""
    path = runs_of("Mira")[0][0].path
    if not path:
        pytest.skip("no font file is installed on this machine")
    assert {face.path for face, _ in runs_of("Vale", font_path=path)} == {path}
    with pytest.raises(FontError):
        runs_of("\ufdd0", font_path=path)


def test_a_given_file_that_is_no_font_is_refused_by_name(tmp_path: Path) -> None:
    """The message names the file, missing or not a font."""
    for name, content in (("missing.ttf", None), ("broken.ttf", b"no font")):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(FontError, match=name):
            runs_of("Mira", font_path=path)


def test_bold_is_another_face_where_there_is_one() -> None:
    """Asking for bold never makes the letters thinner."""
    regular, bold = (runs_of("Mira", is_bold=b)[0][0] for b in (False, True))
    ink = [sum(bytes(face.at(64).getmask("Mira"))) for face in (regular, bold)]
    assert ink[1] >= ink[0]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), min_size=1, max_size=20))
def test_runs_keep_the_text(text: str) -> None:
    """Whatever the characters, the runs joined are the text, or the text is refused."""
    try:
        runs = runs_of(text)
    except (FontError, ValueError):
        return
    assert "".join(part for _, part in runs) == text


def test_a_face_without_the_glyph_says_so() -> None:
    """Coverage is the font's own, not that of a fallback."""
    face: Face = runs_of("A")[0][0]
    assert face.draws("A")
    assert not face.draws("\ufdd0")


def test_a_machine_without_fonts_still_draws_an_english_notice() -> None:
    """Pillow's built-in font is the last resort; it admits what it does not have."""
    assert all(BUILT_IN.draws(c) for c in "© 2026 Mira Vale, all rights reserved!")
    assert not BUILT_IN.draws("é")
    assert not BUILT_IN.draws("狐")
    assert BUILT_IN.at(40).getlength("Mira") > 2 * BUILT_IN.at(16).getlength("Mira")
