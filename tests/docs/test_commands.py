"""Every command of every page is run, and prints what the page says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from page_blocks import ROOT, blocks, languages, pages
from reader import REPAINTS, Reader, artist, newcomer, onlooker

TUTORIAL = ROOT / "docs" / "tutorial"
REASONS = {
    "asks an authority": "needs the network",
    "installs": "fetches packages, or makes an environment",
    "needs Docker": "needs a container engine",
    "needs a broker": "needs a message queue, and runs until it is stopped",
    "needs a checkout": "works on this project, not on pictures",
    "needs a desktop": "changes the menu of programs",
    "needs a font": "needs a font that not every computer has",
    "needs a server": "needs a PostgreSQL server with a name and roles of the reader's own",
    "needs a store": "needs an object store with buckets of the reader's own",
    "needs a trusted time": "comes after one that asked an authority",
    "never ends": "runs until it is stopped",
    "the reader's own folder": "names a folder that only this reader has",
    "the reader's own work": "names a work or a case that only this reader has",
}
"""Why a block may be left out; a page names one of these words."""


def read_in_order(folder: Path) -> list[Path]:
    """List the pages of a folder in the order of its table of contents."""
    index = (folder / "index.md").read_text(encoding="utf-8")
    contents = re.search(r"```\{toctree\}\n(.*?)```", index, re.DOTALL)
    names = [] if contents is None else re.findall(r"^[\w/-]+$", contents[1], re.MULTILINE)
    return [folder / "index.md", *(folder / f"{name}.md" for name in names)]


READERS = {ROOT / f"{REPAINTS}.md": onlooker}
"""Who reads a page, where it is somebody else than the artist."""

SETTINGS: list[tuple[str, Callable[[Path], Reader], list[Path]]] = [
    ("tutorial", newcomer, read_in_order(TUTORIAL)),
    *(
        (str(page.relative_to(ROOT)), READERS.get(page, artist), [page])
        for page in pages()
        if TUTORIAL not in page.parents and any(block.is_run for block in blocks(page))
    ),
]
"""The tutorial is done from its first page to its last by one newcomer; other pages stand alone."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], Reader]], Path]:
    """Make each kind of reader once; pages work on copies."""
    places: dict[Callable[[Path], Reader], Path] = {}

    def make(kind: Callable[[Path], Reader]) -> Path:
        if kind not in places:
            places[kind] = tmp_path_factory.mktemp(kind.__name__)
            kind(places[kind])
        return places[kind]

    return make


@pytest.mark.parametrize(
    ("kind", "read"),
    [pytest.param(kind, read, id=name) for name, kind, read in SETTINGS],
)
def test_the_commands_of_a_page_work(
    kind: Callable[[Path], Reader],
    read: list[Path],
    made: Callable[[Callable[[Path], Reader]], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Typed in as they stand, in a fresh folder, none fails and each prints what the page shows."""
    place = shutil.copytree(made(kind), tmp_path / "place")
    reader = Reader(place / "here", place / "home")
    monkeypatch.setenv("OCGUARD_HOME", str(reader.home))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(reader.folder)
    to_run = [block for page in read for block in blocks(page) if block.is_run]
    for block in to_run:
        assert not reader.do(block), block.place


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_not_run_has_a_reason(page: Path) -> None:
    """A block is left out only for a reason that is listed here, or because CI runs it."""
    reasons = [one.remark.removeprefix("not run: ") for one in blocks(page) if not one.is_run]
    assert {one for one in reasons if not one.startswith("ci: ")} <= REASONS.keys()


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_have_one_kind_of_fence(page: Path) -> None:
    """Commands of another fence would escape the run above, and a prompt cannot be copied."""
    assert not languages(page) & {"bash", "console", "shell", "shell-session"}


def test_every_page_of_the_tutorial_is_in_its_contents() -> None:
    """No step is left out of the run above."""
    assert sorted(read_in_order(TUTORIAL)) == sorted(TUTORIAL.glob("*.md"))
