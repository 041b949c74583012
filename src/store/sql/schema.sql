-- The newest schema, which a new database gets in one go. The files in migrations/ lead to the same
-- schema step by step (a test proves it). docs/data.md explains each table.

-- The log: everything that came in and what was decided (docs/adr/0001). Clustered by workspace:
-- id = workspace << 40 | position, so that a workspace's rows lie together and in order.
CREATE TABLE log (
  id INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  input TEXT NOT NULL,
  outcome TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT, here and below: a number is never given a second time, because the log and the
-- names of files refer to it for ever. A workspace's number must fit above 40 bits of position.
CREATE TABLE workspaces (
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 8388607),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace INTEGER NOT NULL REFERENCES workspaces (id),
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX users_by_workspace ON users (workspace);

-- Write keys and API keys; the secret itself is never here.
CREATE TABLE keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace INTEGER NOT NULL REFERENCES workspaces (id),
  kind TEXT NOT NULL CHECK (kind IN ('server', 'browser', 'api')),
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE INDEX keys_by_workspace ON keys (workspace);

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user);

-- What a write answered that came with an Idempotency-Key and stands in no log: sent again, it is
-- answered the same and changes nothing. No secret is ever in it.
CREATE TABLE answers (
  workspace INTEGER NOT NULL REFERENCES workspaces (id),
  author TEXT NOT NULL,
  name TEXT NOT NULL,
  request TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (workspace, author, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_by_time ON answers (answered_at);

-- Workspaces that slept when they were last looked at (docs/adr/0017): until `wakes_at` nothing has to
-- be done for one, as long as its log ends at `position`.
CREATE TABLE sleepers (
  workspace INTEGER PRIMARY KEY REFERENCES workspaces (id),
  position INTEGER NOT NULL,
  wakes_at INTEGER NOT NULL,
  erased TEXT NOT NULL
) STRICT;

-- Files that were given to be imported (docs/adr/0018), and how far each is.
CREATE TABLE imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace INTEGER NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL,
  author TEXT NOT NULL,
  state TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  settings TEXT NOT NULL,
  progress TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX imports_by_workspace ON imports (workspace);

-- What the columns of a header were taken for when it was last imported.
CREATE TABLE import_mappings (
  workspace INTEGER NOT NULL REFERENCES workspaces (id),
  header TEXT NOT NULL,
  mapping TEXT NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (workspace, header)
) STRICT, WITHOUT ROWID;

-- What this file is: schema_version, log_format (docs/adr/0001) and application_id, which is
-- also in the file's header, where file(1) finds it.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
