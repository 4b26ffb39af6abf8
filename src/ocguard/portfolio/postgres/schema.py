"""Layout of a portfolio in PostgreSQL and the steps from each older version to the newest.

``MIGRATIONS[n]`` leads from version n to n + 1; a new database runs all of them. A released step is
never edited. The tables and columns are those of the SQLite portfolio, which says what they are for
(:mod:`ocguard.portfolio.sqlite.schema`), with three additions.

- ``tenant``, the first part of every key: whose row it is. It is filled in and compared by the
  database alone (row-level security, also for the owner of the tables), so that no query can forget
  it. ``ocguard.tenant`` of the running transaction names it.
- ``tenants``: which role a tenant belongs to. Whoever is no member of that role sees none of it,
  whatever tenant is named.
- ``state`` has a row for each tenant. Those that write lock it, so that they wait for each other.
  Its token changes once in a transaction that changes a fingerprint. Numbers of ``changes`` go up
  over all tenants; those of one tenant are in the order in which its transactions were stored.

Texts have the collation "C", so that they sort as in SQLite: by their code points.
"""

from __future__ import annotations

from typing import Final

__all__ = ["MIGRATIONS", "SCHEMA", "SCHEMA_VERSION", "TABLES"]

SCHEMA: Final = "ocguard"
"""Name of the schema that holds all of it, beside whatever else is in the database."""

TABLES: Final = (
    *("state", "renditions", "works", "fingerprints", "views", "marks", "credentials"),
    *("learned_codes", "drafts", "postings", "titles", "permitted", "cases"),
    *("journal", "trusted_times", "stamped"),
    *("changes", "shared_index", "index_files"),
)
"""Tables of which every tenant has its own rows."""

_TENANTS: Final = """
CREATE TABLE layout (version INTEGER NOT NULL);
INSERT INTO layout VALUES (0);
GRANT SELECT ON layout TO PUBLIC;

CREATE TABLE tenants (
    tenant TEXT PRIMARY KEY,
    owner TEXT NOT NULL DEFAULT current_user
);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY of_members ON tenants USING (EXISTS (
    SELECT FROM pg_catalog.pg_roles AS role
    WHERE role.rolname = owner AND pg_catalog.pg_has_role(role.oid, 'MEMBER')
));
GRANT SELECT, INSERT ON tenants TO PUBLIC;

CREATE FUNCTION tenant() RETURNS text STABLE LANGUAGE sql RETURN (
    SELECT tenant FROM ocguard.tenants
    WHERE tenant = pg_catalog.current_setting('ocguard.tenant', true)
);
"""

_TABLES: Final = """
CREATE TABLE state (
    TENANT,
    token TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (tenant)
);

CREATE TABLE renditions (
    TENANT,
    sha256 TEXT,
    jpeg BYTEA NOT NULL,
    PRIMARY KEY (tenant, sha256)
);

CREATE TABLE works (
    TENANT,
    work_id TEXT,
    source TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    pixel_sha256 TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_utc TEXT NOT NULL,
    described_utc TEXT NOT NULL,
    reference_sha256 TEXT NOT NULL,
    hashes TEXT NOT NULL,
    introduced_by TEXT,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, work_id),
    FOREIGN KEY (tenant, reference_sha256) REFERENCES renditions
);
CREATE INDEX works_by_age ON works (tenant, created_utc, work_id);
CREATE INDEX works_by_reference ON works (tenant, reference_sha256);

CREATE TABLE fingerprints (
    TENANT,
    work_id TEXT,
    digest TEXT NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (tenant, work_id),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE
);

CREATE TABLE views (
    TENANT,
    view_id TEXT,
    work_id TEXT NOT NULL,
    frame INTEGER NOT NULL,
    left_px INTEGER NOT NULL,
    top_px INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    reference_sha256 TEXT NOT NULL,
    fingerprint_sha256 TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    PRIMARY KEY (tenant, view_id),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE,
    FOREIGN KEY (tenant, reference_sha256) REFERENCES renditions
);
CREATE INDEX views_by_work ON views (tenant, work_id);
CREATE INDEX views_by_reference ON views (tenant, reference_sha256);

CREATE TABLE marks (
    TENANT,
    issue_id TEXT,
    mark_id TEXT NOT NULL,
    work_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    options TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    origin_x_px INTEGER NOT NULL,
    origin_y_px INTEGER NOT NULL,
    output_sha256 TEXT NOT NULL,
    output TEXT NOT NULL,
    reference_sha256 TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    visible TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, issue_id),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE,
    FOREIGN KEY (tenant, reference_sha256) REFERENCES renditions
);
CREATE INDEX marks_by_work ON marks (tenant, work_id, created_utc);
CREATE INDEX marks_by_mark ON marks (tenant, mark_id);
CREATE INDEX marks_by_output ON marks (tenant, output_sha256);
CREATE INDEX marks_by_reference ON marks (tenant, reference_sha256);

CREATE TABLE credentials (
    TENANT,
    issue_id TEXT,
    manifest_sha256 TEXT NOT NULL,
    manifest BYTEA NOT NULL,
    PRIMARY KEY (tenant, issue_id),
    FOREIGN KEY (tenant, issue_id) REFERENCES marks ON DELETE CASCADE
);

CREATE TABLE learned_codes (
    TENANT,
    descriptor_id TEXT,
    view_id TEXT,
    work_id TEXT NOT NULL,
    reference_sha256 TEXT NOT NULL,
    code BYTEA NOT NULL,
    PRIMARY KEY (tenant, descriptor_id, view_id),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE
);
CREATE INDEX learned_codes_by_work ON learned_codes (tenant, work_id);

CREATE TABLE drafts (
    TENANT,
    draft_id TEXT,
    work_id TEXT NOT NULL,
    source TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    pixel_sha256 TEXT NOT NULL,
    frame INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    reference_sha256 TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, draft_id),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE,
    FOREIGN KEY (tenant, reference_sha256) REFERENCES renditions
);
CREATE INDEX drafts_by_work ON drafts (tenant, work_id, created_utc);
CREATE INDEX drafts_by_reference ON drafts (tenant, reference_sha256);

CREATE TABLE postings (
    TENANT,
    work_id TEXT,
    url TEXT,
    on_date TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, work_id, url),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE
);

CREATE TABLE titles (
    TENANT,
    work_id TEXT,
    title TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, work_id),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE
);

CREATE TABLE permitted (
    TENANT,
    permission_id TEXT,
    work_id TEXT,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    until_date TEXT NOT NULL,
    note TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, permission_id),
    FOREIGN KEY (tenant, work_id) REFERENCES works ON DELETE CASCADE
);
CREATE INDEX permitted_by_work ON permitted (tenant, work_id);

CREATE TABLE cases (
    TENANT,
    case_id TEXT,
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
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id)
);
CREATE INDEX cases_by_suspect ON cases (tenant, suspect_sha256);

CREATE TABLE journal (
    TENANT,
    chain_id TEXT,
    number BIGINT,
    entry TEXT NOT NULL,
    entry_sha256 TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (tenant, chain_id, number)
);

CREATE TABLE trusted_times (
    TENANT,
    token_sha256 TEXT,
    root_sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    authority TEXT NOT NULL,
    at_utc TEXT NOT NULL,
    until_utc TEXT NOT NULL,
    imported_utc TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    certificates TEXT NOT NULL,
    token BYTEA NOT NULL,
    PRIMARY KEY (tenant, token_sha256)
);
CREATE INDEX trusted_times_by_root ON trusted_times (tenant, root_sha256);

CREATE TABLE stamped (
    TENANT,
    root_sha256 TEXT,
    position INTEGER,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    leaf TEXT NOT NULL,
    PRIMARY KEY (tenant, root_sha256, position)
);
CREATE INDEX stamped_by_subject ON stamped (tenant, kind, subject);

CREATE TABLE changes (
    TENANT,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    view_id TEXT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
);
CREATE INDEX changes_by_token ON changes (tenant, token, number);

CREATE TABLE shared_index (
    TENANT,
    manifest TEXT NOT NULL,
    PRIMARY KEY (tenant)
);

CREATE TABLE index_files (
    TENANT,
    name TEXT,
    part INTEGER,
    sha256 TEXT NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (tenant, name, part)
);
"""

_UNCOMPRESSED: Final = """
ALTER TABLE renditions ALTER jpeg SET STORAGE EXTERNAL;
ALTER TABLE fingerprints ALTER data SET STORAGE EXTERNAL;
ALTER TABLE views ALTER fingerprint SET STORAGE EXTERNAL;
ALTER TABLE index_files ALTER data SET STORAGE EXTERNAL;
"""
"""Nothing of these gets smaller, and parts of them can be read by themselves."""

_TRIGGERS: Final = """
CREATE FUNCTION fingerprints_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    me CONSTANT text := pg_current_xact_id()::TEXT || ' ' || now()::TEXT;
    whose CONSTANT text := coalesce(NEW.tenant, OLD.tenant);
    changed text;
BEGIN
    IF TG_TABLE_NAME = 'views' THEN
        changed := coalesce(NEW.view_id, OLD.view_id);
    ELSE
        changed := coalesce(NEW.work_id, OLD.work_id);
    END IF;
    UPDATE ocguard.state SET token = replace(gen_random_uuid()::TEXT, '-', ''), changed_by = me
        WHERE tenant = whose AND changed_by <> me;
    INSERT INTO ocguard.changes (tenant, view_id, token)
        SELECT tenant, changed, token FROM ocguard.state WHERE tenant = whose;
    RETURN NULL;
END $$;
CREATE TRIGGER fingerprint_added_or_removed AFTER INSERT OR DELETE ON fingerprints
    FOR EACH ROW EXECUTE FUNCTION fingerprints_change();
CREATE TRIGGER fingerprint_changed AFTER UPDATE ON fingerprints
    FOR EACH ROW WHEN (old.digest <> new.digest) EXECUTE FUNCTION fingerprints_change();
CREATE TRIGGER view_added_or_removed AFTER INSERT OR DELETE ON views
    FOR EACH ROW EXECUTE FUNCTION fingerprints_change();
CREATE TRIGGER view_changed AFTER UPDATE ON views
    FOR EACH ROW WHEN (old.fingerprint_sha256 <> new.fingerprint_sha256)
    EXECUTE FUNCTION fingerprints_change();

CREATE FUNCTION journal_stays() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only ever added to';
END $$;
CREATE TRIGGER journal_stays BEFORE UPDATE OR DELETE ON journal FOR EACH ROW
    WHEN (current_setting('ocguard.mends', true) IS DISTINCT FROM 'journal')
    EXECUTE FUNCTION journal_stays();
CREATE TRIGGER journal_is_not_emptied BEFORE TRUNCATE ON journal
    EXECUTE FUNCTION journal_stays();
"""

_OF_A_TENANT: Final = (
    "tenant TEXT DEFAULT current_setting('ocguard.tenant') REFERENCES tenants ON DELETE CASCADE"
)

_GUARD: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_tenant ON {table} USING (tenant = (SELECT ocguard.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO PUBLIC;
"""

_VERSION_1: Final = "".join(
    (
        _TENANTS,
        _TABLES.replace("TENANT", _OF_A_TENANT),
        _UNCOMPRESSED,
        *(_GUARD.format(table=table) for table in TABLES),
        _TRIGGERS,
        "GRANT USAGE ON SCHEMA ocguard TO PUBLIC;",
    )
).replace(" TEXT", ' TEXT COLLATE "C"')

MIGRATIONS: Final = (_VERSION_1,)

SCHEMA_VERSION: Final = len(MIGRATIONS)
