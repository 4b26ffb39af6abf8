"""Promises of ocguard.cli.session."""

from __future__ import annotations

import subprocess
import sys

from ocguard.cli.session import Session, Tally


def test_home_and_portfolio_are_named_once_for_all_commands(tmp_path) -> None:
    """As said on the command line."""
    home, portfolio = str(tmp_path / "home"), str(tmp_path / "works.sqlite3")
    workspace = Session(home, portfolio, False, False).workspace()
    assert str(workspace.home.folder) == home
    assert str(workspace.location) == portfolio


def test_knowing_the_options_loads_nothing_heavy() -> None:
    """The help stays quick."""
    code = "import sys, ocguard.cli.session; print({'numpy', 'cv2', 'PIL'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_exit_code_hides_no_failure() -> None:
    """0 fine, 1 a finding, 3 some failed, 4 all failed; a failure goes before a finding."""
    fine, found, failed = {"is_failed": False}, {"is_failed": False, "is_finding": True}, None
    copied = {"is_failed": False, "is_copied": True}
    codes = []
    for results in (
        (), (fine,), (fine, found), (found, failed), (failed,),
        (fine, copied), (copied, found), (copied, failed),
    ):  # fmt: skip
        tally = Tally()
        for one in results:
            tally.add(**(one or {"is_failed": True}))
        codes.append((tally.exit_code(), tally.exit_code(exit_zero=True)))
    assert codes == [(0, 0), (0, 0), (1, 0), (3, 3), (4, 4), (5, 0), (1, 0), (3, 3)]
