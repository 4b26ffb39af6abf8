"""The container's files have no known mistake, and give away as little as they promise."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import click
import pytest

from ocguard.cli.app import app

FOLDER = Path(__file__).parents[1] / "examples" / "container"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
HADOLINT = shutil.which("hadolint", path=sysconfig.get_path("scripts")) or shutil.which("hadolint")
SERVICES = ["serve", "watch"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file as an engine reads it, with its anchors resolved."""
    yaml = pytest.importorskip("ruamel.yaml")
    return yaml.YAML(typ="safe").load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


@pytest.mark.skipif(HADOLINT is None, reason="needs hadolint")
def test_the_dockerfile_has_no_known_mistake() -> None:
    """Hadolint finds nothing: pinned images, no address added, shells that stop at errors."""
    done = subprocess.run(
        [str(HADOLINT), "Dockerfile"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_container_runs_without_rights() -> None:
    """Its account is not root, its base is slim, and its secrets lie in a folder for it alone."""
    stages = DOCKERFILE.split("\nFROM ")
    assert re.match(r"python:3\.\d+-slim", stages[-1])
    assert re.findall(r"^USER (\S+)", stages[-1], re.MULTILINE) == ["1000:1000"]
    assert "--mode 700 /home/ocguard" in stages[-1]


def test_the_compose_file_is_one() -> None:
    """It fits the schema of the specification."""
    pytest.importorskip("check_jsonschema")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", "compose.yaml"),
        ],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined(name: str, compose: dict[str, Any]) -> None:
    """Nothing can be written but into its folders, and no right is gained."""
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service  # the one of the Dockerfile


def test_no_other_machine_reaches_a_service(compose: dict[str, Any]) -> None:
    """The folder has no network at all; the API is bound to this machine."""
    assert compose["services"]["watch"]["network_mode"] == "none"
    ports = compose["services"]["serve"]["ports"]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_command_as_the_program_understands_it(
    name: str, compose: dict[str, Any], tmp_path: Path
) -> None:
    """An option that is renamed is noticed here."""
    word, *words = compose["services"][name]["command"]
    command = app.get_command(click.Context(app), word)
    assert command is not None
    command.make_context(word, [str(tmp_path) if it == "/inbox" else it for it in words])
