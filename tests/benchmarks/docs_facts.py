"""The documentation's tables of what the program knows: formats, sizes, platforms, its rooms."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np

import harness
from docs_lines import line
from ocguard.choices import DIGITAL_SOURCES
from ocguard.imaging.codecs.fitting import can_hold
from ocguard.imaging.formats import written_format
from ocguard.imaging.kinds import SUFFIXES
from ocguard.imaging.picture import MAX_PIXELS, Picture
from ocguard.matching.decision.bounds import load_bounds
from ocguard.platforms.shipped import shipped_profiles
from ocguard.provenance.optout import DATA_MINING_CODES, OptOut
from ocguard.report.channels import channels
from ocguard.site.crawlers import USES, known_crawlers
from ocguard.watermark.invisible import detection, informed
from ocguard.web.problems import TITLES

__all__ = [
    "formats",
    "notice_channels",
    "opt_out_codes",
    "platforms_known",
    "refusals",
    "rooms",
    "sizes",
]

SOURCE = harness.REPOSITORY / "src" / "ocguard"
LAYERS = harness.REPOSITORY / "tests" / "test_layers.py"


CARRIED = {
    "icc_profile": "color profile",
    "exif": "EXIF",
    "xmp": "XMP",
    "iptc": "IPTC",
    "dpi": "resolution",
    "text": "texts",
}


def formats() -> list[str]:
    """Return every format that is read, with its file names and what is written for it."""
    lines = [line("format", "file names", "written as", "holds beside the pixels")]
    lines.append(line("---", "---", "---", "---"))
    for name, suffixes in SUFFIXES.items():
        shown = " ".join(f"`{suffix}`" for suffix in suffixes)
        written = written_format(_picture_of(name))
        held = ", ".join(title for key, title in CARRIED.items() if can_hold(written, key))
        lines.append(line(name, shown, written, held))
    return lines


def _picture_of(file_format: str) -> Picture:
    """Return a picture as if it had been read from a file of a format."""
    picture = Picture.from_array(np.zeros((1, 1, 3), np.uint8))
    return replace(picture, carried=replace(picture.carried, file_format=file_format))


def crawlers() -> list[str]:
    """Return the AI crawlers that robots.txt names, by what they do."""
    known = known_crawlers()
    lines = [line("what they do", "crawlers, and who runs them"), line("---", "---")]
    for use, names in known.names.items():
        told = ", ".join(f"`{name}` ({operator})" for name, operator in names.items())
        lines.append(line(USES[use], told))
    return [*lines, "", f"Looked up on {known.checked}; source: {known.source}."]


def notice_channels() -> list[str]:
    """Return where notices go: for each platform the kinds, the way, and from where it is known."""
    lines = [line("`--platform`", "notices", "where they go", "looked up", "source")]
    lines.append(line(*["---"] * 5))
    for name, channel in channels().items():
        kinds = ", ".join(f"`{form.kind}`" for form in channel.forms)
        ways = " / ".join(" ".join((form.where, form.address)).strip() for form in channel.forms)
        lines.append(line(f"`{name}`", kinds, ways, channel.checked, channel.source))
    return lines


def sizes() -> list[str]:
    """Return the smallest and largest pictures that ocguard works with."""
    needed = {of: load_bounds()[f"enough_{of}"].value for of in ("side", "detail", "keypoints")}
    carries = f"{detection.MIN_AREA_PX:,} pixels, shorter side {detection.MIN_SIDE_PX} px"
    return [
        line("what", "bound", "below or above it"),
        line("---", "---", "---"),
        line("largest picture", f"{MAX_PIXELS:,} pixels", "an error; nothing is decoded"),
        line(
            "smallest picture that an invisible mark is sought in",
            carries,
            "`detect` says *cannot tell*",
        ),
        line(
            "smallest part of a work that a mark is sought in, with the original's help",
            f"{informed.MIN_SHOWN_PX:,} pixels",
            "`check` looks for the mark without that help",
        ),
        line(
            "smallest picture that is compared",
            f"shorter side {needed['side']:.0f} px",
            "`check` says *cannot tell* instead of *no match*",
        ),
        line(
            "least structure of a picture that is compared",
            f"{needed['detail']:.0%} of its area",
            "`check` says *cannot tell* instead of *no match*",
        ),
        line(
            "fewest distinct points of a picture that is compared",
            f"{needed['keypoints']:.0f}",
            "`check` says *cannot tell* instead of *no match*",
        ),
    ]


def opt_out_codes() -> list[str]:
    """Return the codes that an opt-out may hold, and those that it holds by default."""
    usual = OptOut(creator="anybody")
    options = {
        "--data-mining": (DATA_MINING_CODES, usual.data_mining),
        "--digital-source": (DIGITAL_SOURCES, usual.digital_source),
    }
    lines = [line("option", "code", "by default"), line("---", "---", "---")]
    for option, (codes, default) in options.items():
        lines += [
            line(f"`{option}`", f"`{code}`", "yes" if code == default else "") for code in codes
        ]
    return lines


def platforms_known() -> list[str]:
    """Return the platforms that come with ocguard, what each does, how sure, and since when."""
    lines = [line("name", "platform", "what it does", "metadata that stays", "sure", "checked")]
    lines.append(line(*["---"] * 6))
    for name, one in sorted(shipped_profiles().items()):
        does = "; ".join(stage.what for stage in one.stages) or "keeps the file"
        keeps = ", ".join(one.keeps) or "none"
        checked = one.checked.isoformat()
        lines.append(line(f"`{name}`", one.title, does, keeps, one.confidence, checked))
    return lines


def refusals() -> list[str]:
    """Return every refusal of the server with its status and its meaning."""
    lines = [line("status", "code", "meaning"), line("---", "---", "---")]
    for code, (status, title) in sorted(TITLES.items(), key=lambda one: (one[1][0], one[0])):
        lines.append(line(f"{status}", f"`{code}`", title))
    return lines


def rooms() -> list[str]:
    """Return the rooms of the program from the top down, as the layer test knows them."""
    lines = [line("room", "job"), line("---", "---")]
    for layer in _layers():
        names = ", ".join(f"`{name}`" for name in layer)
        lines.append(line(names, " ".join(_first_line(name) for name in layer)))
    return lines


def _layers() -> tuple[tuple[str, ...], ...]:
    """Return the list that imports point down, from the test that proves it."""
    for node in ast.parse(LAYERS.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LAYERS":
            layers: tuple[tuple[str, ...], ...] = ast.literal_eval(node.value)
            return layers
    raise ValueError(f"{LAYERS} holds no list of layers")


def _first_line(room: str) -> str:
    """Return what a room says of itself."""
    folder = SOURCE / room / "__init__.py"
    path = folder if folder.exists() else SOURCE / f"{room}.py"
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.splitlines()[0]
