-- What the file says about itself.

-- name: set_meta
INSERT INTO meta (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: get_meta
SELECT value FROM meta WHERE name = ?1;

-- name: object_count
SELECT count(*) FROM sqlite_schema;
