"""Promises of ocguard.cli.engine: whoever does the work, the command says the same."""

from __future__ import annotations

import json
import shutil
import sys

import pytest
from PIL import Image

from clusters import running_cluster


def test_options_that_exclude_each_other_are_wrong_usage(run, gallery) -> None:
    """Memory is bounded here, and a stream is answered here."""
    here = ("--home", gallery.home, "check")
    elsewhere = ("--cluster", "tcp://127.0.0.1:1")
    assert run(*here, gallery.art, *elsewhere, "--max-memory", 2000).exit_code == 2
    assert run(*here, "--follow", *elsewhere).exit_code == 2


def test_another_machine_without_tls_is_refused(run, gallery) -> None:
    """The command ends before anything is sent."""
    result = run("--home", gallery.home, "check", gallery.art, "--cluster", "tcp://10.1.2.3:4")
    assert result.exit_code == 4
    assert "TLS" in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone refuses memory")
def test_a_bound_on_memory_leaves_the_result_as_it_is(run, records, gallery) -> None:
    """A picture of usual size fits."""
    words = ("--home", gallery.home, "check", gallery.out / "cel.png", "--max-memory", 1000)
    (record,) = records(run(*words, "--json"))
    assert (record["verdict"], record["error"]) == ("identical", None)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone refuses memory")
@pytest.mark.parametrize("megabytes", [1, 300])
def test_memory_in_which_nothing_can_be_done_is_refused(run, gallery, megabytes) -> None:
    """A process would die in it, or never answer."""
    words = ("--home", gallery.home, "check", gallery.out / "cel.png", "--max-memory", megabytes)
    done = run(*words)
    assert (done.exit_code, "x>=630" in done.stderr) == (2, True)


def test_commands_give_the_same_records_on_a_cluster(
    tmp_path, drawings, run, records, monkeypatch
) -> None:
    """Protect, check, detect, register: in the same order, with a broken picture among them."""
    pytest.importorskip("distributed")
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "home"))
    art = tmp_path / "art"
    art.mkdir()
    for seed in range(3):
        Image.fromarray(drawings.cel(320, 300, seed)).save(art / f"{seed}.png")
    (art / "1b.png").write_bytes(b"broken")
    run("profile", "set", "--creator", "Aki")
    commands = (
        ("protect", art, "--out", tmp_path / "out"),
        ("protect", art, "--out", tmp_path / "out"),
        ("check", tmp_path / "out"),
        ("detect", tmp_path / "out"),
        ("portfolio", "add", art),
    )

    def all_records(*where):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        (tmp_path / "home" / "portfolio.sqlite3").unlink(missing_ok=True)
        said = [records(run(*command, *where, "--json")) for command in commands]
        return [[_timeless(one) for one in lines] for lines in said]

    here = all_records("-j1")
    with running_cluster(tmp_path, tmp_path / "home") as cluster:
        there = all_records("--cluster", cluster.address)
    assert json.dumps(there) == json.dumps(here)
    assert [one["status"] for one in there[1]] == ["unchanged", "unchanged", "failed", "unchanged"]


def _timeless(record):
    """Leave out what differs from run to run."""
    if isinstance(record, dict):
        names = record.keys() - {"seconds", "created", "created_utc"}
        return {name: _timeless(value) for name, value in record.items() if name in names}
    return [_timeless(one) for one in record] if isinstance(record, list) else record
