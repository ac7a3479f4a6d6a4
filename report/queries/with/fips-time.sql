-- The FIPS mode of every node over [:from, :to), second by second: stretch
-- (subject, scope, key, since, run, gap, mode, t, u), t and u in seconds, mode
-- on, off, unknown, gone or gap.
--
-- A state holds from its run until the next sighting. Where that is more than
-- :max_gap hours off, the time between is a gap: nobody looked. A node is seen
-- by its own changes, by sightings in partial answers, and by every complete
-- answer of its scope. Complete answers are many and regular, so they are read
-- once a place, and places answering in the same runs are understood together.
WITH span AS MATERIALIZED (
	SELECT unixepoch(:from) AS t0, iif(unixepoch(:at) >= unixepoch(:to) - 1, unixepoch(:to),
	            unixepoch(:at)) AS t1,
	       unixepoch(:to) AS t2, :max_gap * 3600 AS longest, coalesce(min(run), 1 << 60) AS first,
	       coalesce(max(run), (SELECT max(run) FROM ended WHERE ended < :to
	                              AND ended <= :at AND run <= :run), 0) AS last,
	       count(*) AS n, coalesce(group_concat(run), '') AS runs
	  FROM ended WHERE ended >= :from AND ended < :to AND ended <= :at
	   AND run <= :run AND state <> 'failed'),
node AS MATERIALIZED (
	SELECT s.id, s.scope, s.key,
	       (SELECT min(run) FROM change WHERE subject = s.id) AS since,
	       (SELECT max(run) FROM change
	         WHERE subject = s.id AND run < b.first AND run <= b.last) AS base, b.first, b.last
	  FROM span b CROSS JOIN subject s
	 WHERE s.kind = 'node' AND s.scope GLOB :scope AND s.key GLOB :key
	   AND b.t0 < b.t1
	   AND EXISTS (SELECT 1 FROM change WHERE subject = s.id AND run <= b.last)),
-- how each place answered: in every run the same (steady), or else
asked AS MATERIALIZED (
	SELECT p.id AS place, n.scope, f.content, b.first, b.last, b.runs,
	       (SELECT count(*) FROM answer WHERE place = p.id
	           AND run BETWEEN b.first AND b.last AND content = f.content) = b.n AS steady
	  FROM span b CROSS JOIN (SELECT DISTINCT scope FROM node) n
	  LEFT JOIN place p ON p.scope = n.scope
	  LEFT JOIN answer f ON f.place = p.id AND f.run = b.first),
full AS MATERIALIZED ( -- contents that are a complete answer about nodes
	SELECT c.id FROM (
		SELECT DISTINCT a.content FROM asked k CROSS JOIN answer a ON a.place = k.place
		   AND a.run BETWEEN k.first AND iif(k.steady, k.first, k.last)) d
	 CROSS JOIN content c ON c.id = d.content
	 WHERE c.body ->> '$.outcome' = 'observed'
	   AND (c.body ->> '$.gaps' = '[]' OR NOT EXISTS (
	        SELECT 1 FROM json_each(c.body, '$.gaps') g WHERE g.value ->> '$.kind' = 'node'))
	   AND EXISTS (SELECT 1 FROM json_each(c.body, '$.kinds') WHERE value = 'node')),
complete AS ( -- the runs of complete answers, and the last one before the period
	SELECT k.scope, CASE WHEN k.steady THEN iif(k.content IN full, k.runs, NULL)
	       ELSE (SELECT group_concat(run) FROM answer
	              WHERE place = k.place AND run BETWEEN k.first AND k.last
	                AND content IN full) END AS runs,
	       (SELECT a.run FROM answer a JOIN content c ON c.id = a.content
	         WHERE a.place = k.place AND a.run < k.first AND a.run <= k.last
	           AND (a.content IN full OR (c.body ->> '$.outcome' = 'observed'
	                AND NOT EXISTS (SELECT 1 FROM json_each(c.body, '$.gaps') g
	                                 WHERE g.value ->> '$.kind' = 'node')
	                AND EXISTS (SELECT 1 FROM json_each(c.body, '$.kinds')
	                             WHERE value = 'node')))
	         ORDER BY a.run DESC LIMIT 1) AS before
	  FROM asked k),
seen AS MATERIALIZED (
	SELECT scope, '[0' || coalesce(',' || group_concat(runs), '')
	       || coalesce(',' || group_concat(before), '') || ']' AS runs
	  FROM complete GROUP BY scope),
-- runs a and b between which no answer was complete for too long; a is 0 where
-- none was before, b is NULL where none was after
hole AS MATERIALIZED (
	SELECT h.runs, h.run AS a, h.next AS b FROM span CROSS JOIN (
		SELECT k.runs, r.value AS run, unixepoch(e.ended) AS t,
		       lead(r.value) OVER w AS next, lead(unixepoch(e.ended)) OVER w AS u
		  FROM (SELECT DISTINCT runs FROM seen) k CROSS JOIN json_each(k.runs) r
		  LEFT JOIN ended e ON e.run = r.value
		WINDOW w AS (PARTITION BY k.runs ORDER BY r.value)) h
	 WHERE iif(h.run = 0, coalesce(h.next, first) >= first,
	       coalesce(h.u, t1) - h.t > longest AND coalesce(h.u, t1) > t0)),
-- a node in a hole, and its own sightings in the hole and at its ends
shut AS (
	SELECT n.id, h.b, (SELECT json_group_array(run) FROM (
		SELECT h.a AS run WHERE h.a >= n.since
		 UNION SELECT h.b WHERE h.b > n.since
		 UNION SELECT n.base WHERE n.base > h.a
		 UNION SELECT max(run) FROM sighting
		        WHERE subject = n.id AND run < n.first AND run > h.a
		 UNION SELECT run FROM change
		        WHERE subject = n.id AND run BETWEEN max(h.a + 1, n.first) AND n.last
		 UNION SELECT run FROM sighting
		        WHERE subject = n.id AND run BETWEEN max(h.a + 1, n.first) AND n.last)
	         WHERE run IS NOT NULL AND (h.b IS NULL OR run <= h.b)) AS runs
	  FROM hole h CROSS JOIN seen k ON k.runs = h.runs CROSS JOIN node n ON n.scope = k.scope
	 WHERE h.b IS NULL OR h.b > n.since),
gap AS (
	SELECT g.id, g.run AS a, g.next AS b FROM span CROSS JOIN (
		SELECT s.id, s.b, r.value AS run, unixepoch(e.ended) AS t, lead(r.value) OVER w AS next,
		       lead(unixepoch(e.ended)) OVER w AS u
		  FROM shut s CROSS JOIN json_each(s.runs) r CROSS JOIN ended e ON e.run = r.value
		WINDOW w AS (PARTITION BY s.id, s.b ORDER BY r.value)) g
	 WHERE (g.b IS NULL OR g.run < g.b)
	   AND coalesce(g.u, t1) - g.t > longest AND coalesce(g.u, t1) > t0),
event AS (
	SELECT n.id, x.run, 0 AS gap, x.content FROM node n
	 CROSS JOIN change x ON x.subject = n.id AND x.run = n.base
	 UNION ALL
	SELECT n.id, x.run, 0, x.content FROM node n
	 CROSS JOIN change x ON x.subject = n.id AND x.run BETWEEN n.first AND n.last
	 UNION ALL -- a gap begins at a and ends at b, unless something changed there
	SELECT g.id, iif(v.start, g.a, g.b), v.start,
	       (SELECT content FROM change WHERE subject = g.id
	           AND run <= iif(v.start, g.a, g.b) ORDER BY run DESC LIMIT 1)
	  FROM gap g CROSS JOIN (SELECT 1 AS start UNION ALL SELECT 0) v
	 WHERE v.start OR (g.b IS NOT NULL AND NOT EXISTS
	       (SELECT 1 FROM change WHERE subject = g.id AND run = g.b))),
moded AS (
	SELECT v.id, v.run, v.gap, CASE
	       WHEN v.content IS NULL THEN 'gone'
	       WHEN v.gap THEN 'gap'
	       WHEN c.body IS NULL THEN 'unknown' -- dropped by retention
	       WHEN c.body ->> '$.attributes.fips_enabled' = 1 THEN 'on'
	       WHEN c.body ->> '$.attributes.fips_enabled' IS NOT NULL THEN 'off'
	       WHEN c.body ->> '$.attributes.live' = 0 THEN 'unknown'
	       WHEN c.body ->> '$.attributes.fips_enabled_outcome' = 'absent'
	        AND c.body ->> '$.attributes.kernel_release' IS NOT NULL THEN 'off'
	       ELSE 'unknown' END AS mode
	  FROM event v LEFT JOIN content c ON c.id = v.content),
begun AS ( -- where the mode changes
	SELECT * FROM (SELECT *, lag(mode) OVER (PARTITION BY id ORDER BY run, gap) AS was
	                 FROM moded)
	 WHERE mode IS NOT was),
timed AS (
	SELECT d.id, d.run, d.gap, d.mode, unixepoch(e.ended) AS t
	  FROM begun d CROSS JOIN ended e ON e.run = d.run),
lasted AS (
	SELECT d.*, coalesce(lead(t) OVER (PARTITION BY id ORDER BY run, gap), t1) AS u
	  FROM span CROSS JOIN timed d),
stretch AS (
	SELECT n.id AS subject, n.scope, n.key, n.since, d.run, d.gap, d.mode,
	       max(d.t, t0) AS t, min(d.u, t1) AS u
	  FROM span CROSS JOIN lasted d CROSS JOIN node n ON n.id = d.id
	 WHERE d.t <= t1 AND d.t < t2 AND (d.u > t0 OR (d.u = t0 AND d.t = t0)) AND d.u >= d.t)
