"""Promises of ocguard.choices."""

from __future__ import annotations

import click

from ocguard.choices import EDGES, FILE_FORMATS, ON_EXISTS, STRENGTHS, VISIBLE_LAYOUTS
from ocguard.cli.protect import command
from ocguard.watermark.invisible import embedding
from ocguard.watermark.visible.layout import LAYOUTS
from ocguard.workflows.home.presets import OPTIONS as PRESET_OPTIONS
from ocguard.workflows.protect.options import ProtectOptions

WORDS = {
    "visible": VISIBLE_LAYOUTS,
    "edge": EDGES,
    "strength": STRENGTHS,
    "file_format": FILE_FORMATS,
    "on_exists": ON_EXISTS,
}


def test_the_words_of_the_command_line_are_those_of_the_library() -> None:
    """Whoever reads the help of one knows what to pass to the other."""
    offered = {
        option.name: tuple(option.type.choices)
        for option in command.params
        if isinstance(option.type, click.Choice)
    }
    assert {name: offered[name] for name in WORDS} == WORDS
    assert set(VISIBLE_LAYOUTS) == {*LAYOUTS, "none", "frame"}
    assert tuple(embedding.STRENGTHS) == STRENGTHS
    assert PRESET_OPTIONS.keys() <= ProtectOptions.__annotations__.keys()
