"""Every module has the test file that its name leads to, and every test file its module."""

from __future__ import annotations

from pathlib import Path

import ocguard

SOURCE = Path(ocguard.__file__).parent
TESTS = Path(__file__).parent

ACROSS = ("benchmarks", "databases", "docs", "fuzz", "golden", "models", "soak", "training")
"""Folders of tests that follow no module."""

WITHOUT_MODULE = (
    "language/test_complete",  # the catalogs, when every sentence is translated
    "language/test_sentences",  # whole sentences in every module
    "matching/identification/test_forms",  # works drawn into forms: many modules at once
    "web/page/test_languages",  # every screen in a browser
    "web/page/test_wall",  # wall.js in real browsers
    "watermark/invisible/test_security",  # what an attacker does: embedding against detection
)
"""Test files below a room that follow no single module."""


def modules() -> set[str]:
    """Name the modules that promise something: no package's front, no entry point."""
    paths = (path.relative_to(SOURCE).with_suffix("") for path in SOURCE.rglob("*.py"))
    return {path.as_posix() for path in paths if not path.name.startswith("__")}


def mirrored() -> set[str]:
    """Name the modules that the test files below rooms and at the top lead to."""
    paths = (path.relative_to(TESTS).with_suffix("") for path in TESTS.rglob("test_*.py"))
    return {
        path.with_name(path.name.removeprefix("test_")).as_posix()
        for path in paths
        if path.parts[0] not in ACROSS
    }


def test_every_module_has_its_test_file() -> None:
    """Whoever changes a module finds its promises without searching."""
    assert not modules() - mirrored()


def test_every_test_file_has_its_module() -> None:
    """A file below a room is named by what it tests; at the top, tests may look across rooms."""
    below = {name for name in mirrored() - modules() if "/" in name}
    allowed = {name.replace("test_", "") for name in WITHOUT_MODULE}
    assert below == allowed
