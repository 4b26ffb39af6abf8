"""The words of options: once, light, and the same for command line and library."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import click
import pytest

from ocguard import choices
from ocguard.cli.protect import command
from ocguard.watermark.invisible import embedding
from ocguard.watermark.visible.layout import LAYOUTS
from ocguard.workflows.home.presets import OPTIONS as PRESET_OPTIONS
from ocguard.workflows.protect.options import ProtectOptions

WORDS = {
    "visible": choices.VISIBLE_LAYOUTS,
    "edge": choices.EDGES,
    "strength": choices.STRENGTHS,
    "file_format": choices.FILE_FORMATS,
    "on_exists": choices.ON_EXISTS,
}


def test_the_words_of_the_command_line_are_those_of_the_library() -> None:
    """Whoever reads the help of one knows what to pass to the other."""
    offered = {
        option.name: tuple(option.type.choices)
        for option in command.params
        if isinstance(option.type, click.Choice)
    }
    assert {name: offered[name] for name in WORDS} == WORDS
    assert set(choices.VISIBLE_LAYOUTS) == {*LAYOUTS, "none", "frame"}
    assert tuple(embedding.STRENGTHS) == choices.STRENGTHS
    assert PRESET_OPTIONS.keys() <= ProtectOptions.__annotations__.keys()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (choices.EDGES, choices.Edge),
        (choices.STRENGTHS, choices.Strength),
        (choices.FILE_FORMATS, choices.FileFormat),
        (choices.ON_EXISTS, choices.OnExists),
        (choices.NOTICE_KINDS, choices.NoticeKind),
        (choices.SENDERS, choices.Sender),
    ],
)
def test_what_the_command_line_offers_is_what_the_library_takes(words, kind) -> None:
    """In one order, each word once."""
    assert words == get_args(kind)
    assert len(set(words)) == len(words)


def test_naming_the_words_loads_nothing_heavy() -> None:
    """The help stays quick."""
    code = (
        "import sys, ocguard.choices; print({'numpy', 'cv2', 'PIL', 'click'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
