"""Promises of ocguard.workflows.home.work_result."""

from __future__ import annotations

import ocguard
from ocguard.workflows.home.work_result import WorkResult, work_name, work_result


def test_a_work_is_called_by_its_title_or_its_file() -> None:
    """Whatever system the file was on."""
    assert WorkResult(None, source="C:\\art\\lin.png").name == "lin.png"
    assert WorkResult(None, source="/art/lin.png", title="Lin").name == "Lin"


def test_a_stored_work_is_shown_with_what_it_is_called(gallery) -> None:
    """The record and the name agree."""
    with ocguard.Portfolio(home=gallery.home).workspace.open_store() as store:
        for work in store.works():
            shown = work_result(store, work)
            assert shown.name == work_name(store, work)
            assert shown.to_dict()["work_id"] == work.work_id
