"""Layout of the SQLite portfolio and the steps from each older version to the newest.

``MIGRATIONS[n]`` leads from version n to n + 1; a new portfolio runs all of them. A released step
is never edited: portfolios in the world were made by it.

- ``renditions``: reference pictures by their SHA-256, shared by works and marks.
- ``works`` with ``introduced_by``: the issue that brought the work in, as long as nobody else
  registered it too; so a failed issue takes back exactly what it alone brought. ``import`` as long
  as imported files alone know the work.
- ``fingerprints`` apart from ``works``, so that listing works reads no blobs; its digests stand
  before the blobs, so that comparing them reads none either.
- ``marks`` with ``visible``: how the visible mark was made (since version 2).
- ``learned_codes`` (since version 3): what optional descriptors said of the reference renditions;
  a code of another rendition than the work's present one no longer counts. Not exported: all of
  them can be made again.
- ``imported_utc`` and ``row_sha256`` of works and marks (since version 4): when a record came out
  of a file, and the digest of the row's other values (:func:`~.values.row_digest`, a function that
  every connection brings along), so that a flipped bit is seen. A step that adds a column to one of
  these tables makes their digests again.
- ``views`` (since version 5): regions and frames that a work is recognized by beside the whole,
  with what recognizes them; ``learned_codes`` can be of views too since then.
- ``journal`` (since version 6): what happened, as chains of signed entries that are only ever added
  to; see :mod:`ocguard.portfolio.journal`. ``trusted_times``: tokens of time stamp authorities, and
  ``stamped``: the leaves of the trees whose roots they name. ``drafts``: what led to a work.
- ``credentials`` (since version 6): the Content Credentials that a protected file was given.
- ``postings`` (where and when a work was shown, as the creator says), ``permitted`` (accounts and
  addresses that may show a work, or any work when ``work_id`` is null), ``cases`` (copies that were
  found, and what became of them; they stay when their work is removed): since version 7, each row
  with its digest. Version 6 had tables of these names that nothing was ever written to.
- ``state``: a random token that changes with the set of fingerprints; caches compare it.
- ``changes`` (since version 8): which fingerprint every token came with, so that a cache of an
  older state reads only what has changed. ``shared_index`` and ``index_files``: the search index of
  a large portfolio, which is made again where it is missing; see `ocguard.portfolio.sql.index`.
- ``titles`` (since version 9): what works are called, apart from their records, so that no digest
  of those changes.
"""

from __future__ import annotations

from typing import Final

__all__ = ["APPLICATION_ID", "MIGRATIONS", "SCHEMA_VERSION"]

APPLICATION_ID: Final = 0x4F434744
"""``OCGD``: marks the SQLite file as ours (``PRAGMA application_id``)."""

_VERSION_1: Final = """
CREATE TABLE renditions (
    sha256 TEXT PRIMARY KEY,
    jpeg BLOB NOT NULL
);

CREATE TABLE works (
    work_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    pixel_sha256 TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_utc TEXT NOT NULL,
    described_utc TEXT NOT NULL,
    reference_sha256 TEXT NOT NULL REFERENCES renditions,
    hashes TEXT NOT NULL,
    introduced_by TEXT
);
CREATE INDEX works_by_age ON works (created_utc, work_id);

CREATE TABLE fingerprints (
    work_id TEXT PRIMARY KEY REFERENCES works ON DELETE CASCADE,
    digest TEXT NOT NULL,
    data BLOB NOT NULL
);

CREATE TABLE marks (
    issue_id TEXT PRIMARY KEY,
    mark_id TEXT NOT NULL,
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE,
    key_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    options TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    origin_x_px INTEGER NOT NULL,
    origin_y_px INTEGER NOT NULL,
    output_sha256 TEXT NOT NULL,
    output TEXT NOT NULL,
    reference_sha256 TEXT NOT NULL REFERENCES renditions,
    created_utc TEXT NOT NULL
);
CREATE INDEX marks_by_work ON marks (work_id, created_utc);
CREATE INDEX marks_by_mark ON marks (mark_id);
CREATE INDEX marks_by_output ON marks (output_sha256);

CREATE TABLE state (token TEXT NOT NULL);
INSERT INTO state VALUES (hex(randomblob(16)));
CREATE TRIGGER fingerprint_added AFTER INSERT ON fingerprints
    BEGIN UPDATE state SET token = hex(randomblob(16)); END;
CREATE TRIGGER fingerprint_changed AFTER UPDATE ON fingerprints WHEN old.digest <> new.digest
    BEGIN UPDATE state SET token = hex(randomblob(16)); END;
CREATE TRIGGER fingerprint_removed AFTER DELETE ON fingerprints
    BEGIN UPDATE state SET token = hex(randomblob(16)); END;
"""

_VERSION_2: Final = """
ALTER TABLE marks ADD COLUMN visible TEXT NOT NULL DEFAULT '{}';
"""

_VERSION_3: Final = """
CREATE TABLE learned_codes (
    descriptor_id TEXT NOT NULL,
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE,
    reference_sha256 TEXT NOT NULL,
    code BLOB NOT NULL,
    PRIMARY KEY (descriptor_id, work_id)
) WITHOUT ROWID;
CREATE INDEX learned_codes_by_work ON learned_codes (work_id);
"""

_WORK_ROW_4: Final = (
    "work_id, source, file_sha256, pixel_sha256, width, height, created_utc, described_utc,"
    " reference_sha256, hashes, imported_utc, introduced_by"
)
_MARK_ROW_4: Final = (
    "issue_id, mark_id, work_id, key_id, recipient, options, width, height, origin_x_px,"
    " origin_y_px, output_sha256, output, reference_sha256, created_utc, visible, imported_utc"
)

_VERSION_4: Final = f"""
ALTER TABLE works ADD COLUMN imported_utc TEXT NOT NULL DEFAULT '';
ALTER TABLE works ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE marks ADD COLUMN imported_utc TEXT NOT NULL DEFAULT '';
ALTER TABLE marks ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
UPDATE works SET row_sha256 = row_digest({_WORK_ROW_4});
UPDATE marks SET row_sha256 = row_digest({_MARK_ROW_4});
"""

_VERSION_5: Final = """
CREATE TABLE views (
    view_id TEXT PRIMARY KEY,
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE,
    frame INTEGER NOT NULL,
    left_px INTEGER NOT NULL,
    top_px INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    reference_sha256 TEXT NOT NULL REFERENCES renditions,
    fingerprint_sha256 TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    fingerprint BLOB NOT NULL
);
CREATE INDEX views_by_work ON views (work_id);
CREATE TRIGGER view_added AFTER INSERT ON views
    BEGIN UPDATE state SET token = hex(randomblob(16)); END;
CREATE TRIGGER view_changed AFTER UPDATE ON views
    WHEN old.fingerprint_sha256 <> new.fingerprint_sha256
    BEGIN UPDATE state SET token = hex(randomblob(16)); END;
CREATE TRIGGER view_removed AFTER DELETE ON views
    BEGIN UPDATE state SET token = hex(randomblob(16)); END;

CREATE TABLE codes_of_views (
    descriptor_id TEXT NOT NULL,
    view_id TEXT NOT NULL,
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE,
    reference_sha256 TEXT NOT NULL,
    code BLOB NOT NULL,
    PRIMARY KEY (descriptor_id, view_id)
) WITHOUT ROWID;
INSERT INTO codes_of_views
    SELECT descriptor_id, work_id, work_id, reference_sha256, code FROM learned_codes;
DROP TABLE learned_codes;
ALTER TABLE codes_of_views RENAME TO learned_codes;
CREATE INDEX learned_codes_by_work ON learned_codes (work_id);
"""

_VERSION_6: Final = """
CREATE TABLE journal (
    chain_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    entry TEXT NOT NULL,
    entry_sha256 TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (chain_id, number)
) WITHOUT ROWID;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END;
CREATE TRIGGER journal_is_not_edited BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END;

CREATE TABLE trusted_times (
    token_sha256 TEXT PRIMARY KEY,
    root_sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    authority TEXT NOT NULL,
    at_utc TEXT NOT NULL,
    until_utc TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    certificates TEXT NOT NULL,
    token BLOB NOT NULL
);
CREATE INDEX trusted_times_by_root ON trusted_times (root_sha256);
CREATE TABLE stamped (
    root_sha256 TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    leaf TEXT NOT NULL,
    PRIMARY KEY (root_sha256, position)
) WITHOUT ROWID;
CREATE INDEX stamped_by_subject ON stamped (kind, subject);

CREATE TABLE drafts (
    draft_id TEXT PRIMARY KEY,
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE,
    source TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    pixel_sha256 TEXT NOT NULL,
    frame INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    reference_sha256 TEXT NOT NULL REFERENCES renditions,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL
);
CREATE INDEX drafts_by_work ON drafts (work_id, created_utc);

CREATE TABLE postings (
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE,
    url TEXT NOT NULL,
    on_date TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (work_id, url)
);

CREATE TABLE permitted (
    permission_id TEXT PRIMARY KEY,
    work_id TEXT REFERENCES works ON DELETE CASCADE,
    place TEXT NOT NULL,
    note TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL
);
CREATE INDEX permitted_by_work ON permitted (work_id);

CREATE TABLE cases (
    case_id TEXT PRIMARY KEY,
    work_id TEXT NOT NULL,
    suspect TEXT NOT NULL,
    suspect_sha256 TEXT NOT NULL,
    verdict TEXT NOT NULL,
    url TEXT NOT NULL,
    account TEXT NOT NULL,
    report TEXT NOT NULL,
    notice_sent_on TEXT NOT NULL,
    deadline TEXT NOT NULL,
    answer TEXT NOT NULL,
    state TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    changed_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL
);
CREATE INDEX cases_by_suspect ON cases (suspect_sha256);

CREATE TABLE credentials (
    issue_id TEXT PRIMARY KEY REFERENCES marks ON DELETE CASCADE,
    manifest_sha256 TEXT NOT NULL,
    manifest BLOB NOT NULL
);
"""

_VERSION_7: Final = """
DROP TABLE postings;
DROP TABLE permitted;
DROP TABLE cases;

CREATE TABLE postings (
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE,
    url TEXT NOT NULL,
    on_date TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (work_id, url)
);

CREATE TABLE permitted (
    permission_id TEXT PRIMARY KEY,
    work_id TEXT REFERENCES works ON DELETE CASCADE,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    until_date TEXT NOT NULL,
    note TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL
);
CREATE INDEX permitted_by_work ON permitted (work_id);

CREATE TABLE cases (
    case_id TEXT PRIMARY KEY,
    work_id TEXT NOT NULL,
    suspect TEXT NOT NULL,
    suspect_sha256 TEXT NOT NULL,
    verdict TEXT NOT NULL,
    url TEXT NOT NULL,
    account TEXT NOT NULL,
    report TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    changed_utc TEXT NOT NULL,
    state TEXT NOT NULL,
    sent_on TEXT NOT NULL,
    sent_to TEXT NOT NULL,
    deadline TEXT NOT NULL,
    answered_on TEXT NOT NULL,
    answer TEXT NOT NULL,
    outcome TEXT NOT NULL,
    notes TEXT NOT NULL,
    row_sha256 TEXT NOT NULL
);
CREATE INDEX cases_by_suspect ON cases (suspect_sha256);
"""


def _logged(trigger: str, event: str, view_id: str) -> str:
    """Write the trigger that gives a changed fingerprint its token, in the place of the older."""
    return f"""
DROP TRIGGER {trigger};
CREATE TRIGGER {trigger} AFTER {event} BEGIN
    UPDATE state SET token = hex(randomblob(16));
    INSERT INTO changes (view_id, token) SELECT {view_id}, token FROM state;
END;
"""


_CHANGED: Final = "UPDATE ON fingerprints WHEN old.digest <> new.digest"
_CHANGED_VIEW: Final = "UPDATE ON views WHEN old.fingerprint_sha256 <> new.fingerprint_sha256"

_VERSION_8: Final = "".join(
    (
        """
CREATE TABLE changes (
    number INTEGER PRIMARY KEY,
    view_id TEXT NOT NULL,
    token TEXT NOT NULL
);
INSERT INTO changes (view_id, token) SELECT '', token FROM state;
CREATE INDEX changes_by_token ON changes (token, number);

CREATE TABLE shared_index (manifest TEXT NOT NULL);
CREATE TABLE index_files (
    name TEXT NOT NULL,
    part INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (name, part)
);
""",
        _logged("fingerprint_added", "INSERT ON fingerprints", "new.work_id"),
        _logged("fingerprint_changed", _CHANGED, "new.work_id"),
        _logged("fingerprint_removed", "DELETE ON fingerprints", "old.work_id"),
        _logged("view_added", "INSERT ON views", "new.view_id"),
        _logged("view_changed", _CHANGED_VIEW, "new.view_id"),
        _logged("view_removed", "DELETE ON views", "old.view_id"),
    )
)

_VERSION_9: Final = """
CREATE TABLE titles (
    work_id TEXT PRIMARY KEY REFERENCES works ON DELETE CASCADE,
    title TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL
);
"""

MIGRATIONS: Final = (
    *(_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4, _VERSION_5, _VERSION_6),
    *(_VERSION_7, _VERSION_8, _VERSION_9),
)

SCHEMA_VERSION: Final = len(MIGRATIONS)
