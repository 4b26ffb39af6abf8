"""Every record that a command prints keeps to the JSON Schema that the reference shows."""

from __future__ import annotations

import json
import shutil
from typing import Any

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, FormatChecker
from PIL import Image

import docs_commands
import docs_schemas
from networks import described
from ocguard.cli.app import app

Record = dict[str, Any]

VALIDATORS = {
    path.stem: Draft202012Validator(
        json.loads(path.read_text(encoding="utf-8")), format_checker=FormatChecker()
    )
    for path in docs_schemas.SCHEMAS.glob("*.json")
}
WITH_JSON = [
    " ".join(path)
    for path, command in docs_commands.program_commands()
    if any("--json" in option.opts for option in command.params if isinstance(option, click.Option))
]
WITHOUT_FAILURES = {
    "ocguard cases list",
    "ocguard cases show",
    "ocguard compare",
    "ocguard platforms",
    "ocguard portfolio journal",
    "ocguard portfolio list",
    "ocguard portfolio permitted",
    "ocguard portfolio rename",
    "ocguard portfolio show",
    "ocguard portfolio take-back",
}
"""A list has none; a command about one thing prints no record when it fails."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory, drawings) -> dict[str, list[Record]]:
    """Run every command that prints JSON, on a good and on a broken picture; records by command."""
    folder = tmp_path_factory.mktemp("json")
    art, post, served = (folder / name for name in ("art", "post", "served"))
    art.mkdir()
    Image.fromarray(drawings.painterly(320, 320, 1)).save(art / "a.png")
    (art / "broken.png").write_bytes(b"broken")
    broken, stolen = art / "broken.png", folder / "stolen.jpg"
    found: dict[str, list[Record]] = {}

    def say(*words: object) -> str:
        done = CliRunner().invoke(app, ["--home", str(folder / "home"), *map(str, words)])
        assert done.exit_code in {0, 1, 3}, done.output
        return done.stdout

    def run(command: str, *arguments: object) -> None:
        records = say(*command.split()[1:], *arguments, "--json")
        found.setdefault(command, []).extend(map(json.loads, records.splitlines()))

    look = ("--creator", "Aki", "--removability", "--for", "x", "-j1")
    run("ocguard protect", art, "--out", post, *look)
    Image.open(post / "a.jpg").crop((40, 40, 300, 320)).save(stolen, quality=70)
    run("ocguard simulate", post, broken, "--for", "weibo", "--out", served, "-j1")
    run("ocguard check", stolen, broken, "-j1")
    run("ocguard detect", stolen, broken, "-j1")
    run("ocguard fingerprint", stolen, broken, "-j1")
    inbox = shutil.copytree(art, folder / "inbox")
    run("ocguard watch", inbox, "--out", folder / "out", "--once", "--settle", 0, "-j1")
    run("ocguard watch", inbox, "--out", folder / "out", "--check", "--once", "--settle", 0, "-j1")
    run("ocguard compare", art / "a.png", stolen)
    (served / "weibo" / "broken.jpg").write_bytes(b"broken")
    run("ocguard selftest", "--original", post, "--downloaded", served / "weibo", "-j1")
    run("ocguard platforms")
    run("ocguard platforms", "weibo+x", "instagram")
    posted = ("--posted", "https://x.com/aki/1", "--on", "2026-05-01")
    run("ocguard portfolio add", stolen, broken, "-j1", *posted)
    run("ocguard portfolio list")
    work_id = found["ocguard portfolio list"][0]["work_id"]
    run("ocguard portfolio add", "--draft-of", work_id, stolen, broken, "-j1")
    run("ocguard portfolio journal")
    say("portfolio", "permit", "--all", "--account", "x:friend", "--note", "a gift")
    run("ocguard portfolio permitted")
    run("ocguard check", stolen, "-j1", "--account", "x:friend")
    say("cases", "open", stolen, "--account", "x:thief", "--note", "in a feed")
    run("ocguard cases list")
    run("ocguard cases show", found["ocguard cases list"][0]["case_id"])
    run("ocguard portfolio rename", work_id, "Lin, spring")
    run("ocguard portfolio show", work_id)
    (shown,) = (one for one in found["ocguard portfolio list"] if one["postings"])
    run("ocguard portfolio take-back", shown["work_id"], posted[1])
    return found


def problems(record: Record) -> list[str]:
    """List where a record breaks its schema, which it names itself; names in another order too."""
    validator = VALIDATORS[record["schema"].removeprefix("ocguard.").replace("/", "-")]
    broken = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(record)]
    ordered = list(validator.schema["properties"]) == list(record)
    return broken if ordered else [*broken, f"another order: {list(record)}"]


@pytest.mark.parametrize("command", WITH_JSON)
def test_what_a_command_prints_keeps_to_its_schema(
    command: str, printed: dict[str, list[Record]]
) -> None:
    """Records of success and, where there are any, of failure; every field in its place."""
    records = printed[command]
    assert [problem for record in records for problem in problems(record)] == []
    failures = {bool(record.get("error")) for record in records}
    assert failures == ({False} if command in WITHOUT_FAILURES else {False, True})


def test_the_records_of_a_learned_descriptor_keep_to_the_schema(tmp_path, drawings) -> None:
    """What it says of the nearest works."""
    Image.fromarray(drawings.cel(300, 220, 1)).save(tmp_path / "work.png")
    described(tmp_path / "net")
    base = ["--home", str(tmp_path / "home")]
    CliRunner().invoke(app, [*base, "portfolio", "add", str(tmp_path / "work.png")])
    descriptor = ["--descriptor", str(tmp_path / "net" / "net.toml"), "-j1", "--json"]
    done = CliRunner().invoke(app, [*base, "check", str(tmp_path / "work.png"), *descriptor])
    record = json.loads(done.stdout)
    assert record["learned"]["nearest"]
    assert problems(record) == []


@pytest.mark.parametrize("name", sorted(VALIDATORS))
def test_a_schema_is_one(name: str) -> None:
    """It keeps to the draft, and every field says what it means."""
    schema = VALIDATORS[name].schema
    Draft202012Validator.check_schema(schema)
    assert f"ocguard.{name.replace('-', '/')}" == schema["title"]
    assert all(field.get("description") for field in docs_schemas.walk(schema))


def test_a_record_with_a_new_field_breaks_its_schema(printed) -> None:
    """A field that is not documented is noticed."""
    record = printed["ocguard detect"][0]
    assert problems({**record, "more": 1}) != []
