-- title: Catalogues judged by
-- order: 900
-- kinds: *
-- about: The dated facts behind the verdicts. Their digests are in the judgement's
--   record, and their texts in the store.
WITH text AS MATERIALIZED ( -- observations and checks begin otherwise
	SELECT lower(hex(sha256)) AS sha256, body FROM content
	 WHERE substr(body, 1, 1) NOT IN ('{', '-'))
SELECT k.key AS catalogue,
       substr(t.body, instr(t.body, '# title: ') + 9,
              instr(substr(t.body, instr(t.body, '# title: ') + 9), char(10)) - 1) AS "what",
       substr(t.body, instr(t.body, '# date: ') + 8, 10) AS "facts of",
       k.value AS "SHA-256"
  FROM asked a JOIN judgement j ON j.id = a.judgement
  JOIN log l ON l.seq = j.record
  JOIN json_each(l.body, '$.catalogs') k
  LEFT JOIN text t ON t.sha256 = k.value
 ORDER BY 1;
