"""Promises of ocguard.cli.batch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from ocguard.cli import batch
from ocguard.cli.batch import report
from ocguard.cli.session import Session, Tally
from ocguard.cli.terminal import say
from ocguard.imaging.files import PassedOver
from ocguard.imaging.kinds import NO_PICTURE


@dataclass(frozen=True)
class Looked:
    """What a workflow says of one input."""

    input: str | None
    error: str | None = None
    is_finding: bool = False
    status: str = "done"

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record."""
        return asdict(self)


FINE, FOUND, FAILED = Looked("a.png"), Looked("b.png", None, True), Looked("c.png", "is no picture")


@pytest.fixture
def told() -> Callable[..., Tally]:
    """Report results as a command would."""

    def run(
        *results: Looked, quiet: bool = False, as_json: bool = False, places=(), passed_over=()
    ) -> Tally:
        session = Session(None, None, quiet, False)
        with click.Context(click.Command("x"), obj=session):
            return report(
                iter(results),
                len(results),
                lambda one: say(f"shown {one.input}"),
                places=places,
                passed_over=passed_over,
                as_json=as_json,
                is_finding=lambda one: one.is_finding,
            )

    return run


def test_a_person_reads_results_and_failures_on_two_streams(told, capsys) -> None:
    """Failures are named where they happen, and once more at the end."""
    tally = told(FINE, FAILED, FOUND)
    out, err = capsys.readouterr()
    assert out.splitlines() == ["shown a.png", "shown b.png"]
    assert err.splitlines() == ["ocguard: c.png: is no picture", "failed: c.png"]
    assert (tally.done, tally.failed, tally.findings) == (2, 1, 1)


def test_quiet_leaves_findings_and_failures(told, capsys) -> None:
    """What a person must not miss."""
    told(FINE, FAILED, FOUND, quiet=True)
    out, err = capsys.readouterr()
    assert out.splitlines() == ["shown b.png"]
    assert err.splitlines() == ["ocguard: c.png: is no picture"]


def test_scripts_read_a_record_for_each_input(told, capsys) -> None:
    """Failed ones too, and nothing else on either stream."""
    told(FINE, FAILED, as_json=True)
    out, err = capsys.readouterr()
    assert [line.split('"')[3] for line in out.splitlines()] == ["a.png", "c.png"]
    assert err == ""


def test_an_error_that_names_its_file_is_not_prefixed(told, capsys) -> None:
    """And one without a file is told as it is."""
    told(Looked("c.png", "c.png is no picture"), Looked(None, "it failed"))
    assert capsys.readouterr().err.splitlines() == [
        "ocguard: c.png is no picture",
        "ocguard: it failed",
    ]


def test_only_the_first_ten_failures_are_named_again(told, capsys) -> None:
    """More would push the summary away; alone, failures need no second list."""
    failed = [Looked(f"{number}.png", "failed") for number in range(12)]
    told(FINE, *failed)
    again = [line for line in capsys.readouterr().err.splitlines() if line.startswith("failed")]
    assert len(again) == batch.MAX_LISTED + 1
    assert again[-1] == "failed: 2 more, see above"
    told(*failed)
    assert "failed: 0.png" not in capsys.readouterr().err.splitlines()


def test_no_pictures_are_told_with_where_they_were_sought(told, capsys) -> None:
    """Names cannot steer the terminal."""
    tally = told(places=[Path("art"), Path("x\x1b[2J")])
    assert capsys.readouterr().err == "There are no pictures in art, x\\x1b[2J.\n"
    assert tally.exit_code() == 0


def test_what_is_passed_over_is_named_at_the_end(told, capsys) -> None:
    """Pictures of other formats by name, the rest by suffix; as records in JSON, and uncounted."""
    left = [
        *(PassedOver(Path(f"{number}.mp4"), "a video") for number in range(12)),
        *(PassedOver(Path(name), NO_PICTURE) for name in ("a.txt", "b.TXT", "Makefile")),
    ]
    tally = told(FINE, passed_over=left)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "passed over: 0.mp4: it is a video"
    assert lines[-2] == "passed over: 2 more: a video"
    assert lines[-1] == "passed over, no pictures: 3 files (.txt 2, Makefile 1)"
    assert tally.exit_code() == 0
    record = Looked("a.txt", status="passed-over")
    assert told(record, as_json=True, passed_over=left).exit_code() == 4
    assert json.loads(capsys.readouterr().out)["status"] == "passed-over"


def test_results_are_asked_for_one_by_one(told, capsys) -> None:
    """Each is printed before the next is computed."""
    seen: list[str] = []

    class Results:
        def __iter__(self) -> Iterator[Looked]:
            for name in ("a", "b"):
                seen.append(capsys.readouterr().out)
                yield Looked(name)

    with click.Context(click.Command("x"), obj=Session(None, None, False, False)):
        report(Results(), 2, lambda one: say(one.input or ""), as_json=False)
    assert seen == ["", "a\n"]


def test_the_bar_is_gone_while_a_result_is_printed(told, capsys, monkeypatch) -> None:
    """Drawn before and after each, erased in between and at the end."""
    monkeypatch.setattr(batch, "is_watched", lambda: True)
    told(FINE, FINE)
    shown = capsys.readouterr().err.split("\r")
    assert ["0/2" in shown[0], "1/2" in shown[1], "2/2" in shown[2]] == [True] * 3
    assert "/" not in shown[-1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((0, 4, 0.0), "------------------------ 0/4"),
        ((1, 4, 30.0), "######------------------ 1/4  2 a minute, 0:01:30 left"),
        ((4, 4, 0.0), "######################## 4/4  240000 a minute, 0:00:00 left"),
    ],
)
def test_the_bar_tells_how_far_how_fast_and_how_long(arguments, says) -> None:
    """At the start there is nothing to say of speed yet."""
    assert batch._bar(*arguments) == says
