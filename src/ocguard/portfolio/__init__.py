"""Registered works and issued marks: one store interface, one module for each kind of store."""

from ocguard.portfolio.exchange import export_entries, import_entries
from ocguard.portfolio.records import (
    Entry,
    Mark,
    Stats,
    Work,
    new_issue_id,
    rendition_id,
    utc_now,
)
from ocguard.portfolio.store import Store, issuing, open_store

__all__ = [
    "Entry",
    "Mark",
    "Stats",
    "Store",
    "Work",
    "export_entries",
    "import_entries",
    "issuing",
    "new_issue_id",
    "open_store",
    "rendition_id",
    "utc_now",
]
