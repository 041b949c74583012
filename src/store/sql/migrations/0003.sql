-- Log format 3: merges by hand and inputs that are taken back (docs/adr/0008). Nothing else changes,
-- but an older Galena could not read such a log.
SELECT 1;
