"""Registered works and issued marks: one store interface, one room for each kind of database."""

from ocguard.portfolio.author import Author
from ocguard.portfolio.case_notes import local_day, today
from ocguard.portfolio.cases import Case
from ocguard.portfolio.copying import copy_portfolio, keep_share, share_of, spread
from ocguard.portfolio.drafts import Draft, draft_id
from ocguard.portfolio.exchange import export_entries, import_entries, read_entries
from ocguard.portfolio.exchange_history import read_drafts
from ocguard.portfolio.issuing import issuing
from ocguard.portfolio.journal import JournalRow
from ocguard.portfolio.location import has_portfolio, portfolio_path, server_address
from ocguard.portfolio.opening import open_store
from ocguard.portfolio.permissions import (
    Permission,
    PermittedThere,
    Place,
    new_id,
    permitted_there,
)
from ocguard.portfolio.postings import Posted, Posting, require_day
from ocguard.portfolio.reader import JoinedReader, Reader
from ocguard.portfolio.records import (
    Damage,
    Entry,
    Mark,
    Stats,
    View,
    Work,
    new_issue_id,
    rendition_id,
    renditions_of,
    utc_now,
)
from ocguard.portfolio.sql.removal import Removed
from ocguard.portfolio.sqlite.backup import (
    HeldByCopy,
    backup_place,
    held_by,
    restore_database,
)
from ocguard.portfolio.stamps import (
    Leaf,
    Stamp,
    TimeKind,
    TrustedTime,
    root_of_leaves,
    stamped_text,
)
from ocguard.portfolio.store import Store, credentials_of
from ocguard.portfolio.titles import MAX_TITLE_CHARACTERS, Title, require_title

__all__ = [
    "MAX_TITLE_CHARACTERS",
    "Author",
    "Case",
    "Damage",
    "Draft",
    "Entry",
    "HeldByCopy",
    "JoinedReader",
    "JournalRow",
    "Leaf",
    "Mark",
    "Permission",
    "PermittedThere",
    "Place",
    "Posted",
    "Posting",
    "Reader",
    "Removed",
    "Stamp",
    "Stats",
    "Store",
    "TimeKind",
    "Title",
    "TrustedTime",
    "View",
    "Work",
    "backup_place",
    "copy_portfolio",
    "credentials_of",
    "draft_id",
    "export_entries",
    "has_portfolio",
    "held_by",
    "import_entries",
    "issuing",
    "keep_share",
    "local_day",
    "new_id",
    "new_issue_id",
    "open_store",
    "permitted_there",
    "portfolio_path",
    "read_drafts",
    "read_entries",
    "rendition_id",
    "renditions_of",
    "require_day",
    "require_title",
    "restore_database",
    "root_of_leaves",
    "server_address",
    "share_of",
    "spread",
    "stamped_text",
    "today",
    "utc_now",
]
