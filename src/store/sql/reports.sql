-- The reports database, every statement of it.

-- name: reported_workspaces
SELECT workspace_id, workspace_created_at, log_position, written_at FROM projection;

-- name: set_projection
INSERT OR REPLACE INTO projection VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: lead_row_hashes
SELECT content_hash, history_hash, scored_at FROM leads WHERE lead_key = ?1;

-- name: put_lead_row
INSERT OR REPLACE INTO leads VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
  ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34);

-- name: remove_lead_rows
DELETE FROM leads WHERE lead_key BETWEEN ?1 AND ?2;

-- name: remove_stage_rows
DELETE FROM lead_stages WHERE lead_key BETWEEN ?1 AND ?2;

-- name: remove_segment_rows
DELETE FROM lead_segments WHERE lead_key BETWEEN ?1 AND ?2;

-- name: put_stage_row
INSERT INTO lead_stages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: put_segment_row
INSERT INTO lead_segments VALUES (?1, ?2, ?3, ?4, ?5);

-- name: account_row_hash
SELECT content_hash, scored_at FROM accounts WHERE workspace_id = ?1 AND id = ?2;

-- name: put_account_row
INSERT OR REPLACE INTO accounts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
  ?15);

-- name: remove_account_row
DELETE FROM accounts WHERE workspace_id = ?1 AND id = ?2;

-- name: account_row_ids
SELECT id FROM accounts WHERE workspace_id = ?1;
