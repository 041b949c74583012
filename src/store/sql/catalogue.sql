-- Workspaces, users, keys and sessions: a few rows each, read at start and at sign-in. Answers: of
-- the last week.

-- name: create_workspace
INSERT INTO workspaces (name, created_at) VALUES (?1, ?2) RETURNING id;

-- name: all_workspaces
SELECT id, name, created_at FROM workspaces ORDER BY id;

-- name: keep_sleeper
INSERT INTO sleepers (workspace, position, wakes_at, erased) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (workspace) DO UPDATE
SET position = excluded.position, wakes_at = excluded.wakes_at, erased = excluded.erased;

-- Positions leave no gap, so the row at which a log ended is its last one if none follows.
-- name: sleepers
SELECT s.workspace, s.position, s.wakes_at, s.erased, l.received_at
FROM sleepers s JOIN log l ON l.id = ((s.workspace << ?1) | s.position)
WHERE NOT EXISTS (SELECT 1 FROM log n WHERE n.id = ((s.workspace << ?1) | s.position) + 1)
ORDER BY s.workspace;

-- No row comes back when the address is taken.
-- name: create_user
INSERT INTO users (workspace, email, password_hash, role, created_at)
VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (email) DO NOTHING RETURNING id;

-- name: user_by_email
SELECT id, workspace, email, password_hash, role, created_at FROM users WHERE email = ?1;

-- name: user_by_id
SELECT id, workspace, email, password_hash, role, created_at FROM users WHERE id = ?1;

-- name: users_of_workspace
SELECT id, workspace, email, password_hash, role, created_at FROM users
WHERE workspace = ?1 ORDER BY id;

-- name: set_password
UPDATE users SET password_hash = ?2 WHERE id = ?1;

-- name: end_sessions_of_user
DELETE FROM sessions WHERE user = ?1;

-- name: create_key
INSERT INTO keys (workspace, kind, name, prefix, hash, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id;

-- name: live_keys
SELECT id, workspace, kind, name, prefix, hash, created_at FROM keys
WHERE revoked_at IS NULL ORDER BY id;

-- name: revoke_key
UPDATE keys SET revoked_at = ?3 WHERE id = ?2 AND workspace = ?1 AND revoked_at IS NULL
RETURNING id;

-- name: end_sessions_until
DELETE FROM sessions WHERE expires_at <= ?1;

-- name: create_session
INSERT INTO sessions (token_hash, user, created_at, expires_at) VALUES (?1, ?2, ?3, ?4);

-- name: session_by_token
SELECT token_hash, user, created_at, expires_at FROM sessions WHERE token_hash = ?1;

-- name: end_session
DELETE FROM sessions WHERE token_hash = ?1;

-- name: answer_by_name
SELECT request, status, body, answered_at FROM answers
WHERE workspace = ?1 AND author = ?2 AND name = ?3;

-- name: keep_answer
INSERT INTO answers (workspace, author, name, request, status, body, answered_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: forget_answers_until
DELETE FROM answers WHERE answered_at <= ?1;
