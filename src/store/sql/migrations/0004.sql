-- Log format 4: persons are erased, and rows of theirs rewritten (docs/adr/0010). Nothing else changes,
-- but an older Galena could not read such a log.
SELECT 1;
