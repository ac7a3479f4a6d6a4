-- title: Names of controls
-- order: 890
-- kinds: *
-- about: The names of the controls and practices that this report's checks refer to, by
--   framework. What has no name here stands by its identifier.
-- catalogs: controls
WITH body AS MATERIALIZED (
	SELECT CAST(t.body AS TEXT) AS body FROM temp.asked a JOIN judgement j ON j.id = a.judgement
	  JOIN log l ON l.seq = j.record CROSS JOIN json_each(l.body, '$.checks') k
	  JOIN content t ON substr(t.body, 1, 6) = '-- id:' AND lower(hex(t.sha256)) = k.value),
line AS MATERIALIZED (
	SELECT DISTINCT ' ' || replace(replace(substr(rest, 1, instr(rest, char(10)) - 1), ';', ' '),
	       ',', ' ') || ' ' AS text
	  FROM (SELECT substr(body, instr(body, char(10) || '-- controls: ') + 14) AS rest FROM body))
SELECT c.framework, c.control, c.title AS name FROM catalog_controls c
 WHERE EXISTS (SELECT 1 FROM line WHERE instr(lower(text), ' ' || lower(c.control) || ' '))
 ORDER BY c.framework DESC, c.rowid;
