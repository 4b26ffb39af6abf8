"""Promises of ocguard.cli.options."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from PIL import Image

from clusters import running_cluster
from object_store import SECRET
from ocguard.cli.options import (
    exit_zero_option,
    found_pictures,
    input_bytes,
    jobs_option,
    json_option,
    pictures_argument,
)
from ocguard.cli.session import Session


@click.command()
@pictures_argument
@jobs_option
@json_option
@exit_zero_option
def echo(**given: object) -> None:
    """Print what was given."""
    click.echo(repr(given))


def said(*arguments: str) -> dict[str, object]:
    """Run the command and read what it was given."""
    result = CliRunner().invoke(echo, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return dict(eval(result.stdout, {"PosixPath": Path, "WindowsPath": Path}))


def test_defaults_leave_the_decision_to_the_machine() -> None:
    """Automatic jobs, output for a person, findings told by the exit code."""
    given = said("a.png")
    assert given == {
        "paths": (Path("a.png"),),
        "jobs": "auto",
        "as_json": False,
        "exit_zero": False,
    }


@pytest.mark.parametrize(("text", "jobs"), [("auto", "auto"), ("1", 1), ("12", 12)])
def test_jobs_are_a_number_or_auto(text, jobs) -> None:
    """Short and long."""
    assert said("a", "-j", text)["jobs"] == said("a", "--jobs", text)["jobs"] == jobs


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "", "²"])
def test_other_jobs_are_wrong_usage_by_name(text) -> None:
    """The value is in the message."""
    result = CliRunner().invoke(echo, ["a", f"--jobs={text}"])
    assert result.exit_code == 2
    assert "neither a number from 1 nor 'auto'" in result.stderr


def test_missing_files_are_no_wrong_usage() -> None:
    """Each is one failed input, found out later; none at all is wrong usage."""
    assert said("no such file", "-")["paths"] == (Path("no such file"), Path("-"))
    assert CliRunner().invoke(echo, []).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", ""],
        ["protect", "", "--out", "o"],
        ["protect", "a.png", "--out", ""],
        ["watch", ".", "--out", ""],
        ["sitekit", "--out", ""],
        ["simulate", "a.png", "--for", "x", "--out", ""],
    ],
    ids=" ".join,
)
def test_an_empty_path_is_not_the_folder_in_which_the_command_runs(run, arguments) -> None:
    """A script whose variable is not set would protect whatever lies there."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert "it is empty: give a path" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["watch", ".", "--out", "o", "--settle"], ["protect", "a.png", "--out", "o", "--opacity"]],
    ids=" ".join,
)
def test_a_number_that_is_none_is_wrong_usage(run, arguments) -> None:
    """Nothing is longer than it, so that a file would never be whole."""
    result = run(*arguments, "nan")
    assert result.exit_code == 2
    assert "'nan' is no number" in result.stderr


def test_standard_input_stands_alone(monkeypatch) -> None:
    """Its bytes; None where there are paths; nothing is mixed."""
    stream = io.TextIOWrapper(io.BytesIO(b"\x89PNG\r\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    assert input_bytes([Path("a.png")]) is None
    with pytest.raises(click.UsageError, match="stands alone"):
        input_bytes([Path("-"), Path("a.png")])
    assert input_bytes([Path("-")]) == b"\x89PNG\r\n"


def test_links_to_a_picture_are_passed_over_by_name(tmp_path, saved_picture, capsys) -> None:
    """The picture itself is taken once."""
    link = tmp_path / "link.png"
    try:
        link.symlink_to(saved_picture)
    except OSError:
        pytest.skip("this system makes no links")
    with click.Context(click.Command("x"), obj=Session(None, None, False, False)):
        assert found_pictures([tmp_path]).paths == [saved_picture]
    assert "link.png is a link to" in capsys.readouterr().err


@pytest.fixture
def saved_picture(tmp_path, drawings) -> Path:
    """Save a picture."""
    from PIL import Image

    path = tmp_path / "real.png"
    Image.fromarray(drawings.cel(30, 20)).save(path)
    return path


@pytest.fixture
def studio(tmp_path, monkeypatch, bucket, drawings):
    """A profile, and two pictures and a broken one in a bucket and in a folder."""
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "home"))
    art = tmp_path / "art"
    (art / "sub").mkdir(parents=True)
    Image.fromarray(drawings.cel(320, 300, 1)).save(art / "fox.png")
    Image.fromarray(drawings.cel(320, 300, 2)).save(art / "sub" / "owl.jpg")
    (art / "torn.png").write_bytes(b"broken")
    bucket.put_tree(art, "art")
    return art


def told(lines):
    """Return what became of each picture."""
    return [(Path(one["input"]).name, one["status"], one.get("verdict")) for one in lines]


@pytest.mark.parametrize("engine", ["-j1", "--cluster"])
def test_an_address_of_a_store_does_what_a_folder_does(
    tmp_path, run, records, studio, bucket, engine
) -> None:
    """Protect, once more, check, detect and register; on a cluster too."""
    run("profile", "set", "--creator", "Aki")
    with ExitStack() as running:
        where = [engine]
        if engine == "--cluster":
            pytest.importorskip("distributed")
            cluster = running.enter_context(running_cluster(tmp_path, tmp_path / "home"))
            where.append(cluster.address)

        def does(*words):
            return told(records(run(*words, *where, "--json")))

        protect = ("protect", f"{bucket.url}/art", "--out", f"{bucket.url}/out")
        first, again = does(*protect), does(*protect)
        checked = does("check", f"{bucket.url}/out")
        found = does("detect", f"{bucket.url}/out")
        added = does("portfolio", "add", f"{bucket.url}/art/fox.png")
    assert [status for _, status, _ in first] == ["protected", "protected", "failed"]
    assert [status for _, status, _ in again] == ["unchanged", "unchanged", "failed"]
    assert sorted(bucket.tree("out")) == ["fox.png", "sub/owl.jpg"]
    assert [verdict for *_, verdict in checked] == ["identical", "identical"]
    assert [verdict for *_, verdict in found] == ["found", "found"]
    assert [status for _, status, _ in added] == ["done"]


def test_an_object_that_is_there_is_not_overwritten(run, records, studio, bucket) -> None:
    """It says so, and nothing is registered for it."""
    bucket.put("out/fox.png", b"somebody's")
    words = ("protect", studio / "fox.png", "--out", f"{bucket.url}/out", "--creator", "Aki")
    (record,) = records(run(*words, "--json"))
    assert (record["status"], record["error_code"]) == ("failed", "output-exists")
    assert f"{bucket.url}/out/fox.png" in record["error"]
    assert bucket.tree("out") == {"fox.png": b"somebody's"}
    assert run("portfolio", "list").output.count("fox") == 0


@pytest.mark.parametrize("address", ["http://example.com/fox.png", "s3://AKIAX:hidden@studio/art"])
def test_a_wrong_address_is_wrong_usage(run, address) -> None:
    """A secret in it is not repeated."""
    result = run("detect", address)
    assert result.exit_code == 2
    assert "s3://BUCKET/KEY" in result.stderr
    assert "hidden" not in result.stderr


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "AWS_ACCESS_KEY_ID"),
        ({"AWS_ENDPOINT_URL": "http://me:hidden@127.0.0.1:9"}, "AWS_ENDPOINT_URL"),
    ],
    ids=["without credentials", "store that is down"],
)
def test_a_store_that_gives_nothing_is_told_with_its_address_alone(
    tmp_path, object_store, changes, says
) -> None:
    """And with what to do; a file of this machine is done all the same."""
    given = {**object_store, **changes, "OCGUARD_HOME": str(tmp_path), "HOME": str(tmp_path)}
    environment = {name: value for name, value in given.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-m", "ocguard", "fingerprint", "s3://studio/fox.png"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "s3://studio/fox.png" in done.stderr
    assert says in done.stderr
    assert not {"hidden", SECRET, "Traceback"} & set(re.split(r"[\s:@/]", done.stderr))
