"""Promises of ocguard.workflows.protect.issue."""

from __future__ import annotations

import ocguard
from ocguard.portfolio import open_store
from ocguard.workflows.home.works import CARRIES, CELLS, NOTHING, PANEL_CELLS, is_carried


def issued(picture, root) -> tuple[ocguard.ProtectResult, dict[str, str], bool]:
    """Protect a picture; give the result, the options of its mark, and whether it carries it."""
    result = ocguard.protect(picture, home=root, creator="Mo", visible="none")
    with open_store(root / "portfolio.sqlite3") as store:
        (mark,) = store.marks(result.work_id)
    return result, dict(mark.options), is_carried(mark)


def test_what_a_file_carries_is_remembered(tmp_path, drawings) -> None:
    """Its figures are those that were measured."""
    result, options, carries = issued(drawings.cel(400, 300), tmp_path)
    assert (result.status, carries) == ("protected", True)
    assert not options.keys() & {CARRIES, CELLS}
    assert result.margins_db.keys() == {"key", "issued", "original"}
    assert result.visibility.keys() == {"largest", "norm", "similarity"}


def test_the_cells_of_a_long_picture_are_remembered(tmp_path, drawings) -> None:
    """Marks of early releases lack the note."""
    _, options, carries = issued(drawings.painterly(200, 1000, 3), tmp_path)
    assert (options[CELLS], carries) == (PANEL_CELLS, True)


def test_a_file_without_room_for_a_mark_carries_nothing(tmp_path, drawings) -> None:
    """The mark that was meant for it is never sought."""
    result, options, carries = issued(drawings.cel(60, 60), tmp_path)
    assert (result.status, result.mark_id, carries) == ("registered", None, False)
    assert options[CARRIES] == NOTHING
