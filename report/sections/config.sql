-- title: Configuration files
-- order: 410
-- kinds: config.file
-- about: What was read, as what, and how many of the settings in it are as they should
--   be. Files with the same content stand once.
WITH counted AS (
	SELECT f.subject, coalesce(sum(v.verdict = 'satisfied'), 0) AS good,
	       coalesce(sum(v.verdict = 'not-satisfied'), 0) AS bad,
	       coalesce(sum(v.verdict = 'unknown'), 0) AS unknown
	  FROM config_file f
	  LEFT JOIN verdict v ON v.scope = f.scope AND v.kind GLOB 'config.*'
	       AND (v.key = f.key OR substr(v.key, 1, length(f.key) + 1) = f.key || '#')
	 GROUP BY f.subject)
SELECT min(f.key) || CASE count(*) WHEN 1 THEN '' ELSE ' and ' || (count(*) - 1) || ' more' END AS file,
       CASE f.outcome WHEN 'observed' THEN f.type ELSE f.outcome || ': ' || f.reason END AS "read as",
       c.good AS satisfied, c.bad AS "not satisfied", c.unknown AS unknown
  FROM config_file f JOIN counted c ON c.subject = f.subject
 GROUP BY coalesce(f.sha256, f.scope || f.key), 2, 3, 4, 5
 ORDER BY 4 DESC, 5 DESC, 1;
