"""Pages are complete: platforms have their page, words their sentence, pictures their maker."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from docs_platforms import FAMILIES
from ocguard.matching.decision.verdict import VerdictName
from ocguard.platforms.shipped import shipped_profiles
from page_blocks import ROOT

DOCS = ROOT / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^(\S[^\n]*)\n  (\S.*?)(?=\n\n|\n:::)", GLOSSARY, re.MULTILINE | re.DOTALL)
PICTURES = DOCS / "tutorial" / "pictures"
REDRAWN_TOLERANCE = 1.0  # mean levels between versions of OpenCV, NumPy and Pillow


def test_every_platform_is_on_one_page() -> None:
    """A new profile is told about."""
    told = [name for names in FAMILIES.values() for name in names]
    assert sorted(told) == sorted(shipped_profiles())


def test_every_family_has_its_page() -> None:
    """With the marker of its table, and in the contents."""
    folder = DOCS / "how-to" / "platforms"
    assert {path.stem for path in folder.glob("*.md")} - {"index"} == set(FAMILIES)
    for page in FAMILIES:
        text = (folder / f"{page}.md").read_text(encoding="utf-8")
        assert f"<!-- table: platform-{page} -->" in text
        assert re.search(rf"^{page}$", (folder / "index.md").read_text("utf-8"), re.MULTILINE)


def test_every_term_has_one_plain_sentence() -> None:
    """A translator finds each word once."""
    words = [word for word, _ in TERMS]
    assert len(words) == len(set(words)) > 40
    assert [word for word, sentence in TERMS if not re.fullmatch(r"[^.]+\.", sentence)] == []


def test_every_verdict_is_in_the_glossary() -> None:
    """And in the tutorial: a reader who does not know the word finds it there."""
    tutorial = (DOCS / "tutorial" / "check.md").read_text(encoding="utf-8")
    verdicts = get_args(VerdictName)
    assert [one for one in verdicts if one not in GLOSSARY or f"| `{one}` |" not in tutorial] == []


def script(path: Path) -> ModuleType:
    """Read a script that draws pictures of pages."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def painter() -> ModuleType:
    """The script that draws the pictures of the tutorial."""
    return script(DOCS / "tutorial" / "draw_pictures.py")


def test_windows_show_what_the_pages_say(painter: ModuleType) -> None:
    """Drawn again, they are the same."""
    assert (PICTURES / "terminal.svg").read_text(encoding="utf-8") == painter.terminal()
    assert (PICTURES / "address-bar.svg").read_text(encoding="utf-8") == painter.address_bar()


def test_the_stranger_can_be_drawn_again(painter: ModuleType, tmp_path: Path) -> None:
    """The picture that the tutorial checks is the one of the script."""
    painter.save_stranger(tmp_path / "stranger.jpg")
    assert apart(tmp_path / "stranger.jpg", PICTURES / "stranger.jpg") < REDRAWN_TOLERANCE


def test_repaints_without_a_network_can_be_drawn_again(tmp_path: Path) -> None:
    """The pictures that the page on repaints shows are those of its script."""
    how_to = DOCS / "how-to"
    drawer = script(how_to / "draw_repaints.py")
    assert set(drawer.DRAWN) == {path.stem for path in (how_to / "repaints").iterdir()}
    for name in ("another_color", "colored_anew", "traced"):
        drawer.save(name, tmp_path)
        file = f"{name}.jpg"
        assert apart(tmp_path / file, how_to / "repaints" / file) < REDRAWN_TOLERANCE


def apart(one: Path, other: Path) -> float:
    """Return how far two pictures differ: mean levels."""
    with Image.open(one) as first, Image.open(other) as second:
        difference = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    return float(np.abs(difference).mean())
