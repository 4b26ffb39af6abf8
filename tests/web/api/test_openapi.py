"""Promises of ocguard.web.api.openapi: what the server does is what it says of itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from serving import PROTECT

EXAMPLES = 8
"""Requests of each kind to each route."""

NOT_CHECKED = (
    "negative_data_rejection",  # one of several files that is no picture stops no other
    "positive_data_acceptance",  # a name of no preset, a fingerprint of another version
)
"""What a description cannot say: which pictures and names there are."""


@pytest.fixture(scope="module")
def said(server):
    """Ask the server for its description."""
    return server.call("GET", "/openapi.json").json


def test_whatever_is_sent_is_answered_as_described(server, tmp_path) -> None:
    """No answer is a failure of the server, and each keeps to its schema: schemathesis tries."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", "--no-color", "--seed", "1"]
    address = f"http://127.0.0.1:{server.port}/openapi.json"
    options = [
        *("-n", str(EXAMPLES), "--checks", "all", "--exclude-checks", ",".join(NOT_CHECKED)),
        *("--header", f"Authorization: Bearer {PROTECT}", "--continue-on-failure"),
    ]
    done = subprocess.run(
        [*command, address, *options],
        cwd=tmp_path,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "schemathesis_pictures",
            "PYTHONPATH": str(Path(__file__).parent),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert "Tested: 10" in done.stdout


def test_every_answer_has_its_schema(said) -> None:
    """The good one, and the refusals."""
    for path in said["paths"].values():
        for route in path.values():
            assert {"200", "4XX", "5XX"} <= route["responses"].keys()
            assert all(
                content["schema"]
                for answer in route["responses"].values()
                for content in answer["content"].values()
            )


def test_every_schema_that_is_named_is_there(said) -> None:
    """And is one."""
    text = json.dumps(said)
    schemas = said["components"]["schemas"]
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= schemas.keys()
    for name in named:
        Draft202012Validator.check_schema(schemas[name])


def test_a_record_is_described_as_on_the_command_line(said, server, gallery) -> None:
    """Every field of an answer is one that the description knows."""
    data = (gallery.art / "cel.png").read_bytes()
    record = server.call("POST", "/v1/check", data).json
    assert list(said["components"]["schemas"]["check-2"]["properties"]) == list(record)


def test_programs_find_routes_by_their_names(said) -> None:
    """Clients that are made from the description call them so."""
    names = {route["operationId"] for path in said["paths"].values() for route in path.values()}
    assert {"check", "detect", "protect", "register", "works"} <= names
