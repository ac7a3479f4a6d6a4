-- Of a profile with a row "rules": what of FedRAMP's Consolidated Rules it asks for
-- (program: type and class), and which checks bear on which rule or indicator. A
-- check bears on an indicator by a control that both name, or because the catalogue
-- says so of the check. It is a claim about evidence, not that the rule is met.
WITH record AS MATERIALIZED (
	SELECT l.body FROM asked a JOIN judgement j ON j.id = a.judgement
	  JOIN log l ON l.seq = j.record),
stated AS (
	SELECT substr(body, at, instr(substr(body, at), char(10)) - 1) AS row
	  FROM (SELECT CAST(t.body AS TEXT) AS body, instr(CAST(t.body AS TEXT),
	               char(10) || 'rules' || char(9) || 'fedramp' || char(9)) + 15 AS at
	          FROM record r JOIN content t
	            ON lower(hex(t.sha256)) = r.body ->> '$.catalogs.profile')
	 WHERE at > 15),
program AS MATERIALIZED (
	SELECT substr(row, 1, instr(row, ' ') - 1) AS type,
	       substr(row, instr(row, ' ') + 1, 1) AS class FROM stated),
rules AS MATERIALIZED (
	SELECT r.rowid AS n, r.id, r.kind, r.name, r.statement,
	       CASE p.class WHEN 'a' THEN r.force_a WHEN 'b' THEN r.force_b
	       WHEN 'c' THEN r.force_c ELSE r.force_d END AS force,
	       iif(p.type = '20x', r.obtain_20x, r.obtain_rev5) AS obtain,
	       iif(p.type = '20x', r.maintain_20x, r.maintain_rev5) AS maintain
	  FROM program p CROSS JOIN catalog_fedramp_rules r
	 WHERE instr(' ' || r.types || ' ', ' ' || p.type || ' ') > 0),
named AS MATERIALIZED ( -- the controls of each check, "sc-8.1" as "sc-8(1)"
	SELECT k.key AS check_id, ' ' || replace(replace(substr(head, 1, instr(head, char(10)) - 1),
	       ';', ' '), ',', ' ') || ' ' AS text
	  FROM record r, json_each(r.body, '$.checks') k
	  JOIN (SELECT lower(hex(t.sha256)) AS sha256, substr(replace(CAST(t.body AS TEXT),
	               char(10) || '--   ', ' '), instr(replace(CAST(t.body AS TEXT),
	               char(10) || '--   ', ' '), char(10) || '-- controls: ') + 14) AS head
	          FROM content t WHERE substr(t.body, 1, 6) = '-- id:') c ON c.sha256 = k.value),
bearing AS MATERIALIZED (
	SELECT DISTINCT b.id, k.check_id
	  FROM catalog_fedramp_bearing b CROSS JOIN named k
	 WHERE (b.by = 'check' AND b.name = k.check_id)
	    OR (b.by = 'control' AND (instr(k.text, ' ' || b.name || ' ') > 0
	        OR instr(k.text, ' ' || replace(replace(b.name, '(', '.'), ')', '') || ' ') > 0)))
