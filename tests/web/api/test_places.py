"""Promises of ocguard.web.api.places."""

from __future__ import annotations

from ocguard.web.api.places import without_folders


def test_paths_of_whatever_system_become_names() -> None:
    """Wherever a record says one; what a stranger's file says of itself is left as it is."""
    record = {
        "source": "/home/lin/art/fox.png",
        "marks": [{"output": "C:\\out\\fox.png"}, {"output": ""}],
        "drafts": [{"source": "/home/lin/fox.psd"}],
        "candidates": [{"source": "s3://bucket/art/fox.png", "title": "a/b"}],
        "found": [],
        "learned": {"nearest": None},
        "declared": {"source": "/home/thief"},
    }
    assert without_folders(record) == {
        "source": "fox.png",
        "marks": [{"output": "fox.png"}, {"output": ""}],
        "drafts": [{"source": "fox.psd"}],
        "candidates": [{"source": "fox.png", "title": "a/b"}],
        "found": [],
        "learned": {"nearest": None},
        "declared": {"source": "/home/thief"},
    }
