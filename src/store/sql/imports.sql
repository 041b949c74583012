-- Imports: a row for each file, read when somebody looks and written a few times a second while one
-- is imported.

-- name: create_import
INSERT INTO imports (workspace, name, author, state, bytes, settings, progress, created_at,
                     changed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) RETURNING id;

-- A row comes back when the state was as expected.
-- name: move_import
UPDATE imports SET state = ?4, bytes = ?5, settings = ?6, progress = ?7, changed_at = ?8
WHERE workspace = ?1 AND id = ?2 AND state = ?3 RETURNING id;

-- name: import_by_id
SELECT id, workspace, name, author, state, bytes, settings, progress, created_at, changed_at
FROM imports WHERE workspace = ?1 AND id = ?2;

-- name: imports_of_workspace
SELECT id, workspace, name, author, state, bytes, settings, progress, created_at, changed_at
FROM imports WHERE workspace = ?1 ORDER BY id DESC;

-- name: imports_in_state
SELECT id, workspace, name, author, state, bytes, settings, progress, created_at, changed_at
FROM imports WHERE state = ?1 ORDER BY id;

-- name: remember_mapping
INSERT INTO import_mappings (workspace, header, mapping, used_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (workspace, header) DO UPDATE
SET mapping = excluded.mapping, used_at = excluded.used_at;

-- name: remembered_mapping
SELECT mapping FROM import_mappings WHERE workspace = ?1 AND header = ?2;
