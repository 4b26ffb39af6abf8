"""Promises of ocguard.watermark.visible.scripts."""

from __future__ import annotations

import pytest

from ocguard.watermark.visible.scripts import no_font_error, region_of


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("© 2026 Mira Vale", "latin"),
        ("Мира Вейл", "latin"),
        ("小狐狸画室", "sc"),
        ("狐貍畫室，請勿轉載", "tc"),
        ("狐森ミラ", "jp"),
        ("桜狐", "jp"),
        ("미라 그림 畫", "kr"),
        ("𠮷", "sc"),
    ],
)
def test_the_region_of_han_characters_follows_the_text(text: str, region: str) -> None:
    """Kana, hangul and the national character sets tell whose forms are wanted."""
    assert region_of(text) == region


@pytest.mark.parametrize(
    ("character", "script"),
    [
        ("狐", "Han"),
        ("あ", "Hiragana"),
        ("カ", "Katakana"),
        ("가", "Hangul"),
        ("Ж", "Cyrillic"),
        ("ก", "Thai"),
        ("ب", "Arabic"),
        ("☂", "U+2602 UMBRELLA"),
    ],
)
def test_a_missing_font_is_named_by_its_script(character: str, script: str) -> None:
    """The error says which script has no font, as a field and in words."""
    error = no_font_error([character])
    assert error.scripts == (script,)
    assert script in str(error)


def test_the_error_says_what_to_install_on_every_system() -> None:
    """Debian, macOS and Windows each get an answer; Han needs the CJK package."""
    message = str(no_font_error(["狐", "狸", "あ"]))
    assert all(word in message for word in ("apt install fonts-noto-cjk", "macOS", "Windows"))
    assert message.count("Han") == 1


def test_a_long_list_of_missing_characters_is_cut() -> None:
    """An essay in a missing script does not flood the terminal."""
    assert len(str(no_font_error([chr(0x4E00 + i) for i in range(300)]))) < 600
