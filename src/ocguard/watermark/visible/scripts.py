"""Name the scripts of a text: which regional forms it wants, which script has no font.

Han characters are drawn differently in China, Taiwan, Japan and Korea. Hangul and kana decide;
else the first of GB 2312, Big5 and JIS X 0208 that holds all Han characters of the text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from ocguard.errors import FontError

__all__ = ["Region", "no_font_error", "region_of"]

Region = Literal["latin", "sc", "tc", "jp", "kr"]
"""Whose forms of Han characters suit a text; "latin" where it has none."""

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile("[\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HAN = re.compile(
    "[\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)

_CODECS: tuple[tuple[str, Region], ...] = (("gb2312", "sc"), ("big5", "tc"), ("shift_jis", "jp"))
"""Character sets that hold the Han characters of one region, as Python names them."""


def region_of(text: str) -> Region:
    """Name the region whose Han characters suit a text of any length."""
    if _HANGUL.search(text):
        return "kr"
    if _KANA.search(text):
        return "jp"
    han = "".join(_HAN.findall(text))
    if not han:
        return "latin"
    for codec, region in _CODECS:
        try:
            han.encode(codec)
        except UnicodeEncodeError:
            continue
        return region
    return "sc"


def no_font_error(missing: list[str]) -> FontError:
    """Make the error that names the scripts of characters without a font, and what to install."""
    scripts = tuple(dict.fromkeys(_script(c) for c in missing))
    cjk = any(s in {"Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"} for s in scripts)
    package = "fonts-noto-cjk" if cjk else "fonts-noto-core"
    shown = "".join(missing[:12]) + ("…" if len(missing) > 12 else "")
    return FontError(
        "no installed font draws {named} ({shown}). Install one (Debian, Ubuntu: apt "
        "install {package}; macOS: open a Noto font from fonts.google.com/noto in Font "
        "Book; Windows: Settings > System > Optional features > Supplemental Fonts), "
        "name a font file that has it, or change the text.",
        scripts=scripts,
        named=list(scripts[:4]),
        shown=shown,
        package=package,
    )


def _script(character: str) -> str:
    """Name the script of a character, from its Unicode name."""
    name = unicodedata.name(character, "")
    if name.startswith("CJK"):
        return "Han"
    if unicodedata.category(character)[0] != "L":
        return f"U+{ord(character):04X} {name}".rstrip()
    return name.split(" ")[0].capitalize()
