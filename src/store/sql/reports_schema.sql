-- The reports database: plain tables for SQL and BI users, derived from the log and read by anybody
-- (docs/reports-database.md explains every column, docs/adr/0016 why it is so). Another schema gets
-- another number in store/reports.cpp; then the file is made anew, never migrated.
--
-- Times are ISO 8601 in UTC. lead_key joins the tables of leads; it is workspace << 40 | number.

-- What the tables are as of: one row a workspace, once it is whole.
CREATE TABLE projection (
  workspace_id TEXT PRIMARY KEY,
  workspace_name TEXT NOT NULL,
  workspace_created_at TEXT NOT NULL,
  log_position INTEGER NOT NULL,
  log_time TEXT NOT NULL,
  written_at TEXT NOT NULL,
  schema_version INTEGER NOT NULL
) STRICT;

-- content_hash and history_hash are of what stands in the row, and in the two tables below: what
-- says the same is not written again.
CREATE TABLE leads (
  lead_key INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  email TEXT,
  first_name TEXT,
  last_name TEXT,
  name TEXT,
  title TEXT,
  seniority TEXT,
  department TEXT,
  phone TEXT,
  company_name TEXT,
  company_domain TEXT,
  company_employees INTEGER,
  company_industry TEXT,
  account_id TEXT,
  account_name TEXT,
  country TEXT,
  score REAL NOT NULL,
  fit REAL NOT NULL,
  interest REAL NOT NULL,
  grade TEXT NOT NULL,
  fit_grade TEXT NOT NULL,
  interest_level INTEGER NOT NULL,
  temperature TEXT NOT NULL,
  stage TEXT NOT NULL,
  stage_since TEXT NOT NULL,
  created_at TEXT NOT NULL,
  first_seen_at TEXT,
  last_seen_at TEXT,
  visitor INTEGER NOT NULL CHECK (visitor IN (0, 1)),
  scored_at TEXT NOT NULL,
  content_hash INTEGER NOT NULL,
  history_hash INTEGER NOT NULL
) STRICT;

CREATE TABLE lead_stages (
  lead_key INTEGER NOT NULL,
  number INTEGER NOT NULL,
  workspace_id TEXT NOT NULL,
  from_stage TEXT,
  stage TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  left_at TEXT,
  score REAL NOT NULL,
  model_version INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (lead_key, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE lead_segments (
  lead_key INTEGER NOT NULL,
  segment TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  since TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (lead_key, segment)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  domain TEXT,
  employees INTEGER,
  industry TEXT,
  country TEXT,
  people INTEGER NOT NULL,
  visitors INTEGER NOT NULL,
  score REAL,
  best_lead_key INTEGER,
  temperature TEXT NOT NULL,
  last_seen_at TEXT,
  scored_at TEXT NOT NULL,
  content_hash INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
