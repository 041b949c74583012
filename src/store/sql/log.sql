-- The log, every statement of it.

-- name: append_row
INSERT INTO log (id, received_at, kind, input, outcome) VALUES (?1, ?2, ?3, ?4, ?5);

-- For erasure alone (docs/adr/0010).
-- name: rewrite_row
UPDATE log SET input = ?2 WHERE id = ?1;

-- In pages, so that reading a long log does not keep the WAL from starting over.
-- name: log_page
SELECT id, received_at, kind, input, outcome FROM log
WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3;

-- name: log_row
SELECT id, received_at, kind, input, outcome FROM log WHERE id = ?1;

-- name: last_row
SELECT id FROM log WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1;
