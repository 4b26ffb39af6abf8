"""The README keeps its promises: its code runs, its commands exist, its figures are current."""

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
import ocguard
from ocguard.cli.app import app
from ocguard.fingerprint.learned import parse_spec
from ocguard.matching.decision.verdict import VerdictName
from ocguard.platforms.shipped import shipped_profiles
from ocguard.workflows.home.platforms import KnownProfile
from ocguard.workflows.platform.selftest import SelftestResult
from ocguard.workflows.platform.simulate import SimulateResult

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOML_EXAMPLES = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PYTHON_BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
LINKS = re.findall(r"\]\(([^)#\s]+)[^)]*\)", README)


@pytest.mark.parametrize(
    ("path", "command"),
    [pytest.param(*found, id=" ".join(found[0])) for found in docs_commands.program_commands()],
)
def test_every_command_is_documented(path: tuple[str, ...], command: click.Command) -> None:
    """Each command stands in the README with all its options, and explains itself and them."""
    table = README.partition("<!-- table: commands -->")[2].partition("<!-- /table -->")[0]
    (line,) = re.findall(rf"^\| `{' '.join(path)}(?: [^`]*)?` \|.*$", table, re.MULTILINE)
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help
            assert f"`{max(option.opts, key=len)}`" in line


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    """Every ``ocguard word`` in a code block is a command or a group."""
    code = "\n".join(re.findall(r"```\w*\n(.*?)```", README, re.DOTALL))
    named = set(re.findall(r"^ocguard (?:-\w+ )*([a-z]+)", code, re.MULTILINE))
    assert named <= set(app.list_commands(click.Context(app)))


@pytest.mark.parametrize("number", range(len(PYTHON_BLOCKS)))
def test_the_readmes_python_runs(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each Python block runs as it stands, in a folder with one of the example pictures."""
    (tmp_path / "examples" / "art").mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "art" / "oak_ranger.png", tmp_path / "examples" / "art")
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    exec(compile(PYTHON_BLOCKS[number], f"README.md block {number}", "exec"), {})


def test_the_readme_shows_python() -> None:
    """There is at least one block for the test above."""
    assert PYTHON_BLOCKS


@pytest.mark.parametrize("name", ["first", "tests"])
def test_the_commands_for_newcomers_are_marked(name: str) -> None:
    """The script that checks changes finds the README's two commands, each on one line."""
    match = re.search(rf"<!-- ci: {name} -->\n```sh\n(.*)\n```", README)
    assert match
    assert "pip install -q" in match[1]


def test_the_tables_are_current() -> None:
    """Nobody has typed a figure, and no newer result waits."""
    assert docs_tables.render(README) == README


@pytest.mark.parametrize("target", sorted({link for link in LINKS if "://" not in link}))
def test_links_lead_somewhere(target: str) -> None:
    """Files that the README points to exist."""
    assert (ROOT / target).exists()


def test_every_field_of_a_survival_is_documented() -> None:
    """Those of each platform, in their order."""
    fields = ocguard.Survival("found", 0.0, "blind", "near-copy", True, (), 1, 1, 1).to_dict()
    (listed,) = re.findall(r"`survives` \(by platform: ([^)]*)\)", README)
    assert [name.strip("`") for name in listed.split(", ")] == list(fields)


@pytest.mark.parametrize(
    "record",
    [
        ocguard.ProtectResult("a.png", None, "failed", ""),
        ocguard.CheckResult("a.png"),
        ocguard.DetectResult("a.png"),
        ocguard.WorkResult("a.png"),
        SimulateResult("a.png", "b.png", "x"),
        SelftestResult("a.png"),
        KnownProfile(shipped_profiles()["x"], None),
    ],
    ids=lambda record: type(record).__name__,
)
def test_every_field_of_the_json_is_documented(record: ocguard.CheckResult) -> None:
    """The README lists the fields of each schema, and no others, in their order."""
    fields = record.to_dict()
    (line,) = re.findall(rf"^\| `{fields['schema']}` \| (.*) \|$", README, re.MULTILINE)
    outer = re.sub(r" \([^)]*\)", "", line)
    assert [name.strip("`") for name in outer.split(", ")] == list(fields)


def test_every_verdict_is_explained() -> None:
    """The table of verdicts holds each one that `check` can give."""
    for verdict in get_args(VerdictName):
        assert re.search(rf"^\| {verdict} \|", README, re.MULTILINE)


@pytest.mark.parametrize("example", [one for one in TOML_EXAMPLES if "sha256" not in one])
def test_the_configuration_in_the_readme_is_accepted(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example is read, and changes what a command does by default."""
    (tmp_path / "ocguard.toml").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["protect", "--help"])
    assert done.exit_code == 0
    assert "[default: band]" in done.output


def test_exit_codes_are_listed() -> None:
    """The table holds every code of the contract."""
    for code in (0, 1, 2, 3, 4, 130):
        assert re.search(rf"^\| {code} \|", README, re.MULTILINE)


def test_the_changelog_knows_this_version() -> None:
    """A released version has its entry; work in progress stands under Unreleased."""
    assert re.search(r"^## (Unreleased|\d+\.\d+\.\d+)", CHANGELOG, re.MULTILINE)


def test_the_descriptor_in_the_readme_is_accepted() -> None:
    """Every entry of the example is one that is read."""
    (example,) = (one for one in TOML_EXAMPLES if "sha256" in one)
    assert parse_spec(example, "README").input_size == (224, 224)
