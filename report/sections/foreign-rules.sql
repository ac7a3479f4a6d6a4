-- title: Checks and catalogs that are not exhibit's own
-- order: 905
-- kinds: *
-- about: Texts of the evaluation that exhibit does not have under their name: added, or
--   used in place of its own. Lines that stand in one text and not in the other are
--   counted, and the first three shown. Everything else was evaluated by exhibit's own
--   checks and catalogs.
WITH
used(path, sha256) AS (
	SELECT 'checks/' || k.key || '.sql', k.value
	  FROM asked a JOIN judgement j ON j.id = a.judgement
	  JOIN log l ON l.seq = j.record, json_each(l.body, '$.checks') k
	 UNION ALL
	SELECT 'catalogs/' || k.key || '.tsv', k.value
	  FROM asked a JOIN judgement j ON j.id = a.judgement
	  JOIN log l ON l.seq = j.record, json_each(l.body, '$.catalogs') k
	 WHERE k.key <> 'profile'),
digest AS MATERIALIZED ( -- observations and verdicts begin otherwise
	SELECT lower(hex(sha256)) AS sha256, CAST(body AS TEXT) AS body FROM content
	 WHERE substr(body, 1, 1) <> '{'),
other AS MATERIALIZED (
	SELECT u.path, u.sha256, d.body, o.body AS own
	  FROM used u JOIN digest d ON d.sha256 = u.sha256
	  LEFT JOIN own_text o ON o.path = u.path
	 WHERE o.body IS NOT d.body),
line AS MATERIALIZED (
	SELECT o.path, s.own, j.value AS line, j.key AS n
	  FROM other o
	  JOIN (SELECT 0 AS own UNION ALL SELECT 1) s
	  JOIN json_each('[' || replace(json_quote(iif(s.own, o.own, o.body)),
	                                '\n', '","') || ']') j
	 WHERE json_valid('[' || replace(json_quote(iif(s.own, o.own, o.body)),
	                                '\n', '","') || ']') AND j.value <> ''),
apart AS MATERIALIZED (
	SELECT path, own, line, row_number() OVER (PARTITION BY path, own ORDER BY n) AS nth,
	       count(*) OVER (PARTITION BY path, own) AS many
	  FROM line l
	 WHERE NOT EXISTS (SELECT 1 FROM line m WHERE m.path = l.path AND m.own <> l.own
	                      AND m.line = l.line))
SELECT o.path AS "file",
       iif(o.own IS NULL, 'exhibit has no such text', 'another text than exhibit''s') AS "what",
       o.sha256 AS "SHA-256 of the text used",
       iif(o.own IS NULL, NULL, (SELECT max(many) || ': ' || group_concat(line, ' / ')
          FROM (SELECT * FROM apart a WHERE a.path = o.path AND a.own = 0 AND nth <= 3
                 ORDER BY nth))) AS "lines used",
       (SELECT max(many) || ': ' || group_concat(line, ' / ')
          FROM (SELECT * FROM apart a WHERE a.path = o.path AND a.own = 1 AND nth <= 3
                 ORDER BY nth)) AS "lines of exhibit's left out"
  FROM other o
 ORDER BY 1;
