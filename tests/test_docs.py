"""The pages keep their promises: their code runs, what they name exists, figures are current."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

import docs_commands
import docs_tables
from ocguard.cli.app import app
from ocguard.fingerprint.learned import parse_spec
from ocguard.matching.decision.outcomes import VerdictName

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_LIMIT_BYTES = 8192
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in docs_tables.PAGES
}


def blocks(language: str) -> list[tuple[str, str]]:
    """List the code blocks of a language on all pages, with their page."""
    fence = re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return [(page, block) for page, text in PAGES.items() for block in fence.findall(text)]


def named(text: str, pattern: str) -> list[str]:
    """List what a pattern finds at the beginnings of lines."""
    return re.findall(f"^{pattern}", text, re.MULTILINE)


def test_the_readme_is_short() -> None:
    """A newcomer reads all of it."""
    assert len(README.encode("utf-8")) <= README_LIMIT_BYTES


@pytest.mark.parametrize(
    ("path", "command"),
    [pytest.param(*found, id=" ".join(found[0])) for found in docs_commands.program_commands()],
)
def test_every_command_is_documented(path: tuple[str, ...], command: click.Command) -> None:
    """Each command has a section with all its options, and explains itself and them."""
    page = PAGES["docs/reference/commands.md"]
    section = page.partition(f"\n## {' '.join(path)}\n")[2].partition("\n## ")[0]
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help
            assert re.search(rf"^\| `[^|]*{max(option.opts, key=len)}\b", section, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_command_that_does_not_exist(page: str) -> None:
    """Every ``ocguard word`` in a block for a shell is a command or a group."""
    code = "\n".join(block for its, block in blocks(r"(?:sh|console)") if its == page)
    found = set(named(code, r"(?:\$ )?ocguard (?:-\w+ )*([a-z]+)"))
    assert found <= set(app.list_commands(click.Context(app)))


@pytest.mark.parametrize(("page", "block"), blocks("python"))
def test_python_on_the_pages_runs(
    page: str, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each Python block runs as it stands, in a folder with one of the example pictures."""
    (tmp_path / "examples" / "art").mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "art" / "oak_ranger.png", tmp_path / "examples" / "art")
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    exec(compile(block, page, "exec"), {})


@pytest.mark.parametrize("name", ["first", "tests"])
def test_the_commands_for_newcomers_are_marked(name: str) -> None:
    """The script that checks changes finds the README's two commands, each on one line."""
    match = re.search(rf"<!-- ci: {name} -->\n```sh\n(.*)\n```", README)
    assert match
    assert "pip install -q" in match[1]


@pytest.mark.parametrize("page", PAGES)
def test_the_tables_are_current(page: str) -> None:
    """Nobody has typed a figure, and no newer result waits."""
    assert docs_tables.rendered(ROOT / page) == PAGES[page]


def test_every_table_is_shown() -> None:
    """No result and no fact is left out of the pages, the unpleasant ones least of all."""
    shown = {name for text in PAGES.values() for name in named(text, r"<!-- table: (\S+) -->$")}
    assert shown == {*docs_tables.TABLES, *docs_tables.COMPUTED}


@pytest.mark.parametrize(
    "target", sorted({link for link in re.findall(r"\]\(([^)#\s]+)", README) if "://" not in link})
)
def test_links_of_the_readme_lead_somewhere(target: str) -> None:
    """Files that the README points to exist; Sphinx follows the links of the other pages."""
    assert (ROOT / target).exists()


def test_every_module_of_the_architecture_exists() -> None:
    """The walk of a picture names files and rooms as they are called today."""
    paths = re.findall(r"`([a-z_]+/[a-z_/]+(?:\.py)?)`", PAGES["docs/architecture.md"])
    missing = [path for path in paths if not (ROOT / "src" / "ocguard" / path).exists()]
    assert [path for path in missing if not (ROOT / path).exists()] == []


def test_every_verdict_is_explained() -> None:
    """The table of verdicts holds each one that `check` can give."""
    assert {*named(PAGES["docs/explanation/verdict.md"], r"\| ([\w-]+) \|")} >= {
        *get_args(VerdictName)
    }


def test_exit_codes_are_listed() -> None:
    """The table holds every code of the contract, and no other."""
    codes = named(PAGES["docs/reference/exit-codes.md"], r"\| (\d+) \|")
    assert codes == ["0", "1", "2", "3", "4", "5", "130", "141"]


@pytest.mark.parametrize("example", [block for _, block in blocks("toml") if "[protect]" in block])
def test_the_configuration_on_the_pages_is_accepted(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example is read, and changes what a command does by default."""
    (tmp_path / "ocguard.toml").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["protect", "--help"])
    assert done.exit_code == 0
    assert "[default: band]" in done.output


def test_the_descriptor_on_the_pages_is_accepted() -> None:
    """Every entry of the example is one that is read."""
    (example,) = (block for _, block in blocks("toml") if "sha256" in block)
    assert parse_spec(example, "the page").input_size == (224, 224)


def test_the_changelog_knows_this_version() -> None:
    """A released version has its entry; work in progress stands under Unreleased."""
    assert re.search(r"^## (Unreleased|\d+\.\d+\.\d+)", CHANGELOG, re.MULTILINE)
