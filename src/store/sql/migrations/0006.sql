-- Schema 6: imports.
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
