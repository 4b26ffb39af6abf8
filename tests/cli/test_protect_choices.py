"""Promises of ocguard.cli.protect_choices."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from ocguard.cli.protect_choices import look_choices, protect_choices
from ocguard.workflows.protect.options import ProtectOptions


@click.command()
@protect_choices
def protect(**given: object) -> None:
    """Print what was given."""
    click.echo("\n".join(f"{name}={value}" for name, value in sorted(given.items())))


@click.command()
@look_choices
def look(**_given: object) -> None:
    """Take a look."""


def invoke(*arguments: str):
    """Run the command."""
    return CliRunner().invoke(protect, arguments)


def test_every_option_explains_itself() -> None:
    """A sentence each, with a period or a default behind it."""
    for option in protect.params:
        assert option.help, option.name
        assert option.help[0].isupper(), option.name
        assert option.help.rstrip().endswith((".", ")", "]")), option.name


def test_a_look_is_part_of_a_protection() -> None:
    """What a preset keeps can be said for one run too, in the same words."""
    looks, all_options = ({one.name: one.opts for one in cmd.params} for cmd in (look, protect))
    assert looks.items() <= all_options.items()


def test_the_library_and_the_command_line_take_the_same_options() -> None:
    """In the same words; a sheet of previews and the folder are the command's own."""
    given = {option.name for option in protect.params}
    assert given - {"preview", "out"} == set(ProtectOptions.__annotations__)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--visible", "everywhere"),
        ("--strength", "loud"),
        ("--format", "bmp"),
        ("--on-exists", "ask"),
        ("--edge", "glow"),
        ("--quality", "0"),
        ("--quality", "101"),
        ("--opacity", "0"),
        ("--opacity", "100.5"),
        ("--size", "-1"),
        ("--margin", "-0.1"),
        ("--opacity", "nan"),
        ("--preview", "0"),
        ("--data-mining", "DMI-MAYBE"),
    ],
)
def test_values_out_of_range_are_wrong_usage_by_name(arguments) -> None:
    """The option is in the message."""
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert arguments[0] in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("--quality", "1"), ("--opacity", "100"), ("--margin", "0"), ("--visible", "none")],
)
def test_values_at_the_border_of_their_range_are_taken(arguments) -> None:
    """Limits are included where that makes sense."""
    assert invoke(*arguments).exit_code == 0


def test_nothing_is_overwritten_or_changed_unasked() -> None:
    """The defaults that keep a person's files."""
    said = set(invoke().stdout.splitlines())
    assert {"on_exists=error", "file_format=keep", "dry_run=False", "out=None"} <= said
