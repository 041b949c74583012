-- Schema 5: sleepers.
-- Workspaces that slept when they were last looked at (docs/adr/0017): until `wakes_at` nothing has to
-- be done for one, as long as its log ends at `position`.
CREATE TABLE sleepers (
  workspace INTEGER PRIMARY KEY REFERENCES workspaces (id),
  position INTEGER NOT NULL,
  wakes_at INTEGER NOT NULL,
  erased TEXT NOT NULL
) STRICT;
