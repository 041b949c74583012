-- Log format 4: persons are erased, and rows of theirs rewritten (docs/adr/0010), outcomes tell of
-- segments (docs/adr/0009). Nothing else changes,
-- but an older Galena could not read such a log.
SELECT 1;
