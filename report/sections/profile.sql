-- title: The profile and its parameters
-- order: 895
-- kinds: node
-- about: By what the verdicts were reached: the parameters that checks read, and
--   what the programme asks for. The profile's whole text is in the store, with the
--   judgement.
WITH RECURSIVE
text(body) AS (
	SELECT CAST(t.body AS TEXT)
	  FROM asked a JOIN judgement j ON j.id = a.judgement
	  JOIN log l ON l.seq = j.record
	  JOIN content t ON lower(hex(t.sha256)) = l.body ->> '$.catalogs.profile'),
line(rest, row) AS (
	SELECT body, NULL FROM text
	 UNION ALL
	SELECT substr(rest, instr(rest, char(10)) + 1), substr(rest, 1, instr(rest, char(10)) - 1)
	  FROM line WHERE instr(rest, char(10)) > 0),
cell(what, after) AS (
	SELECT substr(row, 1, instr(row, char(9)) - 1), substr(row, instr(row, char(9)) + 1)
	  FROM line WHERE row NOT LIKE '#%' AND instr(row, char(9)) > 0),
cells(what, name, after) AS (
	SELECT what, substr(after, 1, instr(after, char(9)) - 1),
	       substr(after, instr(after, char(9)) + 1) FROM cell),
stated(what, name, value, why) AS (
	SELECT what, name, substr(after, 1, instr(after, char(9)) - 1),
	       substr(after, instr(after, char(9)) + 1) FROM cells)
SELECT p.what, p.name, p.value, p.why
  FROM (SELECT 1 AS n, 'parameter' AS what, r.name, r.value,
               coalesce(nullif((SELECT max(s.why) FROM stated s WHERE s.what = 'parameter'
                                   AND s.name = r.name), ''), iif(EXISTS (
                        SELECT 1 FROM stated s WHERE s.what = 'parameter' AND s.name = r.name),
                        'set by the profile', 'default')) AS why
          FROM parameter r WHERE r.name <> 'max_age_hours'
        UNION ALL
        SELECT 2, what, name, value, nullif(why, '') FROM stated
         WHERE what IN ('framework', 'requirement')) p
 ORDER BY p.n, p.what, p.name;
