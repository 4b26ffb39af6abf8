"""The program speaks the language that was asked for: help, errors, results, click's own words."""

from __future__ import annotations

import click
import pytest

from ocguard.cli import speech
from ocguard.cli.app import COMMANDS, app
from ocguard.cli.speech import one_line_a_paragraph, spoken
from ocguard.language.choice import LANGUAGES, speaking


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """List all commands and groups by their names."""
    context = click.Context(group)
    found = [path]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        deeper = isinstance(command, click.Group)
        found += every_command(command, (*path, name)) if deeper else [(*path, name)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_help_in_every_language(run, language) -> None:
    """It names the options, whatever the language."""
    for path in every_command(app):
        result = run("--lang", language, *path, "--help")
        assert result.exit_code == 0, result.output
        assert "--help" in result.stdout


def test_help_is_said_in_the_chosen_language(monkeypatch) -> None:
    """Of a command, of its options, of commands below it; the command itself stays English."""
    monkeypatch.setattr(speech, "phrase", lambda text: f"<{text}>")
    group = app.get_command(click.Context(app), "profile")
    with speaking("zh"):
        told = spoken(group)
    assert told.help.startswith("<Your name")
    assert told.commands["show"].help.startswith("<Show")
    assert all(one.help.startswith("<") for one in told.commands["set"].params)
    assert group.help.startswith("Your name")


def test_the_line_of_usage_is_said_too(run) -> None:
    """What click writes there itself; names of values stay, which the help speaks of."""
    usage = run("--lang", "zh", "portfolio", "--help").stdout.splitlines()[0]
    assert "[选项] 命令" in usage
    assert "OPTIONS" not in usage


def test_a_paragraph_of_help_is_one_line_for_translators() -> None:
    """Lines end where a terminal ends; what stands as it is keeps its lines."""
    said = """One
    two.

    \b
      three
      four
    """
    assert one_line_a_paragraph(said) == "One two.\n\n\b\n  three\n  four"


def test_a_language_that_is_not_spoken_is_wrong_usage(run) -> None:
    """And the answer names those that are."""
    result = run("--lang", "fr", "portfolio", "list")
    assert result.exit_code == 2
    assert all(language in result.stderr for language in LANGUAGES)


def test_the_variable_is_as_good_as_the_option(run, monkeypatch) -> None:
    """For who does not want to say it every time; the option goes before it."""
    monkeypatch.setenv("OCGUARD_LANG", "fr")
    assert run("portfolio", "list").exit_code == 2
    assert run("--lang", "en", "--help").exit_code == 0


def test_the_configuration_may_name_a_language(run) -> None:
    """For everybody who works in one folder."""
    from pathlib import Path

    Path("ocguard.toml").write_text('lang = "fr"\n')
    result = run("platforms")
    assert result.exit_code == 2
    assert "lang" in result.stderr


def test_json_is_the_same_in_every_language(run, gallery, records) -> None:
    """Programs depend on nobody's language."""
    told = []
    for language in LANGUAGES:
        (record,) = records(
            run("--lang", language, "--home", gallery.home, "detect", "--json", "no")
        )
        told.append({name: value for name, value in record.items() if name != "seconds"})
    assert told[0] == told[1] == told[2]
    assert told[0]["error"] == "no: No such file or directory"
    assert told[0]["error_code"] == "system"
    assert told[0]["error_template"] == "{path}: {reason}"


def test_every_command_is_walked() -> None:
    """The walk above reaches groups in groups."""
    found = every_command(app)
    assert {path[0] for path in found if path} == set(COMMANDS)
    assert ("profile", "key", "export") in found
