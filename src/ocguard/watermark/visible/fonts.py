"""Find the installed fonts that draw a text best.

The machine's font folders are listed once; well-drawn sans families come first, in the order of
``_LATIN`` and ``_CJK``, then everything else, plain upright faces before the rest. Whether a face
draws a character is asked of FreeType: a missing one comes out as the glyph of a code point that
no font has. Compared with the cmap tables of DejaVu Sans, Liberation Sans and Noto Sans CJK on
15,841 characters, this answered every one alike and needs no font library besides Pillow.

One face for the whole text is taken where there is one; otherwise each character goes to the first
face that has it.

No font is shipped. On a machine without fonts, Pillow's built-in one (Aileron, CC0) draws English
and the copyright sign. This module reads font files and font folders, nothing else.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

from ocguard.errors import FontError
from ocguard.language.message import Message
from ocguard.watermark.visible.scripts import Region, no_font_error, region_of

__all__ = ["Face", "FontPath", "Run", "runs_of"]

FontPath = str | os.PathLike[str]
"""A font file that a person names."""

_PROBE_PX = 16
"""Size at which a face is asked for a glyph, in pixels: large enough to tell shapes apart."""

_NO_GLYPH = "\U0010ffff"
"""A noncharacter: every font answers with its glyph for "missing"."""

_MAX_FACES = 64
"""Faces looked at in one collection file; the largest known (Noto Sans CJK) holds 10."""

_LATIN = (
    *("inter", "intervariable", "sourcesans3", "sourcesanspro", "avenirnext", "helveticaneue"),
    *("seguisb", "segoeui", "notosans", "opensans", "lato", "roboto", "ubuntu", "cantarell"),
    *("notosanscjk", "sourcehansans", "liberationsans", "arial", "dejavusans"),
)
"""Sans families for Latin, Greek and Cyrillic, best first, as their file names begin."""

_CJK: dict[Region, tuple[str, ...]] = {
    "sc": ("pingfang", "hiraginosansgb", "msyh", "notosanssc", "sourcehansanssc", "wqymicrohei"),
    "tc": ("pingfang", "msjh", "notosanstc", "sourcehansanstc"),
    "jp": ("ヒラギノ角ゴシック", "yugothm", "meiryo", "notosansjp", "sourcehansansjp", "ipaexg"),
    "kr": ("applesdgothicneo", "malgun", "notosanskr", "sourcehansanskr", "nanumgothic"),
}
"""Sans families by region of the Han glyphs, best first, as their file names begin."""

_CJK_ANY = ("notosanscjk", "sourcehansans", "droidsansfallback", "wqyzenhei", "simhei", "simsun")
"""Families that hold every region, or the last resort of one."""

_REGULAR = ("medium", "w5", "m", "w4", "regular", "r", "vf", "variable", "", "book", "normal", "w3")
_BOLD = ("semibold", "demibold", "w6", "bold", "bd", "b")
_STYLES = {False: (*_REGULAR, *_BOLD), True: (*_BOLD, *_REGULAR)}
"""Weights in the order wanted, as family and file names end: a line at full strength reads best a
little above regular, faint large letters read best in bold (seen on the pictures of the bench)."""

_POOR = re.compile(
    "mono|serif|song|ming|italic|oblique|condensed|narrow|black|heavy|thin|light|math|symbol|icon"
)
"""File names of faces that are taken only when no plain sans has the character."""

_NEVER = re.compile("emoji|lastresort|adobeblank")
"""Fonts that answer for characters which they do not draw in one color."""


@dataclass(frozen=True)
class Face:
    """One face of an installed font file.

    Attributes
    ----------
    path : str
        The font file; empty for Pillow's built-in font.
    index : int
        Which face of a collection.
    """

    path: str
    index: int = 0

    @property
    def file_name(self) -> str:
        """The font file's name."""
        return Path(self.path).name or "built-in"

    def at(self, size_px: float, *, shaped: bool = True) -> ImageFont.FreeTypeFont:
        """Open the face at an em of ``size_px`` pixels, shaped by raqm where Pillow has it."""
        return _open(self, size_px, shaped)

    def draws(self, character: str) -> bool:
        """Say whether the face has a glyph of its own for ``character``."""
        return _has_glyph(self, character)


BUILT_IN = Face("")
"""Pillow's own font: printable ASCII and a few signs, on every machine."""

Run = tuple[Face, str]
"""A stretch of text and the face that draws it."""


def runs_of(
    text: str, *, is_bold: bool = False, font_path: FontPath | None = None
) -> tuple[Run, ...]:
    """Split ``text`` into runs, each with an installed face that draws all of it.

    Parameters
    ----------
    text : str
        One line or more; line breaks and spaces need no glyph.
    is_bold : bool
        Prefer bold faces; regular ones are taken where the family has no other.
    font_path : str or PathLike, optional
        Use this font file and no other.

    Returns
    -------
    tuple of (Face, str)
        In reading order; the strings joined are ``text``.

    Raises
    ------
    FontError
        If a character has no glyph in any font; ``scripts`` names what is missing, the message
        what to install. Also if ``font_path`` is not a font.

    Notes
    -----
    The first call lists the font folders and opens a few files (0.03 CPU-seconds); later ones take
    microseconds. Only a script that no preferred family draws makes it open more of them.
    """
    needed = dict.fromkeys(c for c in text if _needs_glyph(c))
    region = region_of(text)
    if font_path is not None:
        faces: Iterable[Face] = [_given_face(Path(font_path), region, is_bold)]
    else:
        preferred = _preferred_faces(region, is_bold)
        for face in preferred:
            if all(face.draws(c) for c in needed):
                return ((face, text),)
        faces = _then_the_rest(preferred)
    return _split(text, _assign(needed, faces))


def _assign(needed: Iterable[str], faces: Iterable[Face]) -> dict[str, Face]:
    """Give each character the first face that draws it."""
    chosen: dict[str, Face] = {}
    left = set(needed)
    for face in faces:
        if not left:
            break
        found = {c for c in left if face.draws(c)}
        chosen.update(dict.fromkeys(found, face))
        left -= found
    if left:
        raise no_font_error([c for c in needed if c in left])
    return chosen


def _split(text: str, face_of: dict[str, Face]) -> tuple[Run, ...]:
    """Group neighbors that share a face; spaces and accents stay with what precedes them."""
    current = next((face_of[c] for c in text if c in face_of), None)
    if current is None:
        raise ValueError(Message("the text has nothing to draw: {text!r}", text=text))
    pairs: list[tuple[Face, str]] = []
    for c in text:
        own = face_of.get(c, current)
        if not (unicodedata.combining(c) and current.draws(c)):
            current = own
        pairs.append((current, c))
    return tuple(
        (face, "".join(c for _, c in group)) for face, group in groupby(pairs, key=lambda p: p[0])
    )


def _needs_glyph(character: str) -> bool:
    """Spaces, line breaks and joiners are handled by the shaper and need no glyph."""
    return not character.isspace() and unicodedata.category(character) not in {"Cf", "Cc"}


@functools.lru_cache(maxsize=16)
def _open(face: Face, size_px: float, shaped: bool) -> ImageFont.FreeTypeFont:
    if face == BUILT_IN:
        font = ImageFont.load_default(size_px)
        if not isinstance(font, ImageFont.FreeTypeFont):
            raise OSError("this Pillow was built without FreeType")
        return font
    engine = None if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(face.path, size_px, index=face.index, layout_engine=engine)


@functools.lru_cache(maxsize=4096)
def _glyph(face: Face, character: str) -> tuple[float, bytes]:
    """Advance and bitmap of one character."""
    font = face.at(_PROBE_PX, shaped=False)
    return font.getlength(character), bytes(font.getmask(character))


def _has_glyph(face: Face, character: str) -> bool:
    """Compare with the glyph for "missing"; a font of fixed bitmaps only counts as empty."""
    try:
        return _glyph(face, character) != _glyph(face, _NO_GLYPH)
    except (OSError, ValueError):
        return False


@functools.lru_cache(maxsize=256)
def _faces(path: str, region: Region, is_bold: bool) -> tuple[Face, ...]:
    """Faces of a file, the one for the region first; none when it is not a font."""
    ranked = []
    for index in range(_MAX_FACES):
        try:
            family, style = ImageFont.truetype(path, _PROBE_PX, index=index).getname()
        except (OSError, ValueError):
            break
        words = (family or "").lower().split()
        rank = ("mono" in words, region not in words, _weight(style, is_bold), index)
        ranked.append((rank, Face(path, index)))
    return tuple(face for _, face in sorted(ranked, key=lambda pair: pair[0]))


def _given_face(path: Path, region: Region, is_bold: bool) -> Face:
    if not path.is_file():
        raise FontError("there is no font file {path}; check the path, or leave it out", path=path)
    faces = _faces(str(path), region, is_bold)
    if not faces:
        raise FontError(
            "{path} is not a font that FreeType reads; give a TTF, OTF or TTC file", path=path
        )
    return faces[0]


def _weight(style: str | None, is_bold: bool) -> int:
    """Rank of a style name; unknown ones last."""
    order = _STYLES[is_bold]
    name = (style or "").lower()
    return order.index(name) if name in order else len(order)


@functools.lru_cache(maxsize=8)
def _preferred_faces(region: Region, is_bold: bool) -> tuple[Face, ...]:
    """Faces of the families that suit a region, best first."""
    cjk = (*_CJK.get(region, ()), *_CJK_ANY)
    families = (*_LATIN, *cjk) if region == "latin" else (*cjk, *_LATIN)
    ranked = []
    for path in _font_files():
        stem = _plain_name(path)
        for order, family in enumerate(families):
            style = stem.removeprefix(family)
            if stem.startswith(family) and style in _STYLES[is_bold]:
                ranked.append(((order, _weight(style, is_bold), path), path))
    return tuple(face for _, path in sorted(ranked) for face in _faces(path, region, is_bold)[:1])


def _then_the_rest(preferred: tuple[Face, ...]) -> Iterator[Face]:
    """Yield the preferred faces, one of every other file, plain sans first, and the built-in."""
    yield from preferred
    seen = {face.path for face in preferred}
    for path in sorted(_font_files(), key=lambda p: (bool(_POOR.search(_plain_name(p))), p)):
        if path not in seen and not _NEVER.search(_plain_name(path)):
            yield from _faces(path, "latin", False)[:1]
    yield BUILT_IN


def _plain_name(path: str) -> str:
    """File name without folder, suffix, spaces, hyphens and case."""
    return re.sub("[ _-]", "", unicodedata.normalize("NFC", Path(path).stem).lower())


@functools.cache
def _font_files() -> tuple[str, ...]:
    """Every font file of the standard folders, sorted."""
    found = (
        os.path.join(folder, name)  # noqa: PTH118 - thousands of names, joined as text
        for root in _font_folders()
        for folder, _, names in os.walk(root)
        for name in names
        if name.lower().endswith((".ttf", ".otf", ".ttc", ".otc"))
    )
    return tuple(sorted(found))


def _font_folders() -> tuple[Path, ...]:
    """Where the system and the person keep fonts."""
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        return (windows / "Fonts", home / "AppData/Local/Microsoft/Windows/Fonts")
    if sys.platform == "darwin":
        system = Path("/System/Library")
        downloaded = sorted((system / "AssetsV2").glob("com_apple_MobileAsset_Font*"))
        return (system / "Fonts", Path("/Library/Fonts"), home / "Library/Fonts", *downloaded)
    shared = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return (*shared, home / ".local/share/fonts", home / ".fonts")
