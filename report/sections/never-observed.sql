-- title: What is in the population, yet was never observed in the period
-- order: 60
-- kinds: node
-- period: yes
-- about: In the population, and yet no run of the period saw it: nothing of it is
--   known.
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- A subject is in the population until a complete answer no longer has it. It
-- was observed if a run of the period saw it, with an outcome of observed.
WITH span AS MATERIALIZED (
	SELECT coalesce(min(run) FILTER (WHERE ended >= :from), max(run) + 1) AS first,
	       max(run) AS last FROM ended
	 WHERE ended < :to AND ended <= :at AND run <= :run),
lived AS MATERIALIZED ( -- each state that reaches into the period, and its last run
	SELECT s.id, s.kind, s.scope, s.key, b.first, x.run, x.content,
	       coalesce((SELECT min(run) - 1 FROM change WHERE subject = s.id
	                    AND run > x.run AND run <= b.last), b.last) AS until
	  FROM span b CROSS JOIN subject s
	 CROSS JOIN change x ON x.subject = s.id AND x.run BETWEEN coalesce(
	       (SELECT max(run) FROM change WHERE subject = s.id AND run < b.first),
	       b.first) AND b.last
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind),
observed AS MATERIALIZED (
	SELECT v.id, max(c.body ->> '$.outcome' = 'observed' AND (v.run >= v.first
	             OR (SELECT seen_run FROM seen_at
	                  WHERE run = v.until AND subject = v.id) >= v.first)) AS was,
	       max((SELECT why FROM dropped WHERE content = v.content)) AS dropped
	  FROM lived v JOIN content c ON c.id = v.content GROUP BY v.id)
SELECT s.kind, s.scope, s.key,
       (SELECT e.ended FROM seen_at n JOIN ended e ON e.run = n.seen_run
         WHERE n.run = b.last AND n.subject = s.id) AS last_seen,
       iif(o.dropped IS NOT NULL, 'dropped', c.body ->> '$.outcome') AS outcome,
       coalesce(o.dropped, c.body ->> '$.reason') AS reason
  FROM span b CROSS JOIN observed o JOIN subject s ON s.id = o.id
  JOIN change x ON x.subject = s.id AND x.run =
       (SELECT max(run) FROM change WHERE subject = s.id AND run <= b.last)
  LEFT JOIN content c ON c.id = x.content
 WHERE NOT coalesce(o.was, 0)
 UNION ALL -- asked, and nothing was ever found there to be a subject
SELECT NULL, p.scope, NULL, NULL, c.body ->> '$.outcome', c.body ->> '$.reason'
  FROM span b CROSS JOIN place p
 CROSS JOIN answer w ON w.place = p.id AND w.run =
       (SELECT max(run) FROM answer WHERE place = p.id AND run BETWEEN b.first AND b.last)
  JOIN content c ON c.id = w.content
 WHERE p.scope GLOB :scope AND c.body ->> '$.outcome' <> 'observed'
   AND p.scope NOT IN (SELECT s.scope FROM subject s JOIN change x ON x.subject = s.id
                        WHERE x.run = (SELECT min(run) FROM change WHERE subject = s.id)
                          AND x.run <= (SELECT last FROM span))
 ORDER BY 1, 2, 3;
