-- title: Identifiers that FedRAMP's rules do not have
-- order: 896
-- kinds: *
-- about: Requirements that the profile names and that the newest rules known here do not
--   have, and what took their place.
-- catalogs: fedramp-rules fedramp-successors
WITH RECURSIVE
line(rest, row) AS (
	SELECT CAST(t.body AS TEXT), NULL
	  FROM asked a JOIN judgement j ON j.id = a.judgement
	  JOIN log l ON l.seq = j.record
	  JOIN content t ON lower(hex(t.sha256)) = l.body ->> '$.catalogs.profile'
	 UNION ALL
	SELECT substr(rest, instr(rest, char(10)) + 1), substr(rest, 1, instr(rest, char(10)) - 1)
	  FROM line WHERE instr(rest, char(10)) > 0),
named AS (
	SELECT substr(row, 13, instr(substr(row, 13), char(9)) - 1) AS id FROM line
	 WHERE substr(row, 1, 12) = 'requirement' || char(9))
SELECT n.id, s.new AS "in its place", s.since, s.note
  FROM named n LEFT JOIN catalog_fedramp_successors s ON s.old = n.id
 WHERE (n.id GLOB '[A-Z][A-Z][A-Z]-[A-Z][A-Z][A-Z]-[A-Z][A-Z][A-Z]' OR s.old IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM catalog_fedramp_rules r WHERE r.id = n.id)
 ORDER BY n.id;
