"""Promises of ``import ocguard``: complete, sorted, documented, light."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ocguard
from ocguard import _HOMES
from ocguard.cli.app import COMMANDS
from ocguard.provenance.optout import OptOut
from ocguard.workflows.protect.options import ProtectOptions

HEAVY = ("numpy", "cv2", "PIL", "rich", "scipy", "lxml", "cryptography", "imagehash", "sqlite3")


def loaded_after(code: str) -> set[str]:
    """Name the heavy packages that some code loads in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_public_names_are_sorted_and_exist() -> None:
    """``__all__`` is the whole surface, and each name loads."""
    assert ocguard.__all__ == sorted(ocguard.__all__)
    assert {*ocguard.__all__} - {"__version__"} == _HOMES.keys()
    for name in ocguard.__all__:
        assert getattr(ocguard, name) is not None
    assert {name for name in dir(ocguard) if name[:2] != "__"} == {*ocguard.__all__} - {
        "__version__"
    }


@pytest.mark.parametrize("name", [name for name in ocguard.__all__ if name[0].islower()])
def test_every_function_is_documented(name) -> None:
    """With parameters, unless it has none to explain."""
    assert getattr(ocguard, name).__doc__


def test_other_names_do_not_exist() -> None:
    """A typing error is an error."""
    with pytest.raises(AttributeError, match="protekt"):
        ocguard.protekt  # noqa: B018


def test_importing_is_light() -> None:
    """Names load what they need when they are used."""
    assert loaded_after("import ocguard") == set()


def test_the_command_line_is_light_until_a_command_runs() -> None:
    """Help and completion do not wait for image libraries."""
    code = "import ocguard.cli\n" + "\n".join(f"import ocguard.cli.{name}" for name in COMMANDS)
    assert loaded_after(code) == set()


def test_every_option_of_protecting_is_on_the_command_line() -> None:
    """What Python can do, the command line can do."""
    from ocguard.cli.protect import command

    offered = {option.name for option in command.params}
    assert ProtectOptions.__annotations__.keys() <= offered


def test_the_declaration_has_no_field_that_cannot_be_chosen() -> None:
    """``credit`` is the creator's name."""
    chosen = ProtectOptions.__annotations__.keys() | {"credit"}
    assert set(OptOut.__dataclass_fields__) <= chosen
