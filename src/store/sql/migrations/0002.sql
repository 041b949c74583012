-- Schema 2: answers.
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
