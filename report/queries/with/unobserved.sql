-- What is in the population, and yet no run of [:from, :to) observed it: unobserved
-- (kind, scope, key, last_seen, outcome, reason); kind NULL: a place where nothing
-- was ever found to be a subject. A subject is in the population until a complete
-- answer no longer has it. Most are in the last answer of their scope (fresh); the
-- others are looked at one by one.
WITH span AS MATERIALIZED (
	SELECT coalesce(min(run) FILTER (WHERE ended >= :from), max(run) + 1) AS first,
	       max(run) AS last FROM ended
	 WHERE ended < :to AND ended <= :at AND run <= :run),
newest AS MATERIALIZED ( -- of each place in the period, and of its scope
	SELECT p.scope, w.answer_run AS run, w.content,
	       max(w.answer_run) OVER (PARTITION BY p.scope) AS last
	  FROM span b CROSS JOIN answer_at w ON w.run = b.last
	  JOIN place p ON p.id = w.place
	 WHERE w.answer_run >= b.first),
fresh AS MATERIALIZED ( -- kinds that a scope answered for in full; run: nobody did later
	SELECT n.scope, k.value AS kind, max(n.run) FILTER (WHERE n.run = n.last) AS run
	  FROM newest n CROSS JOIN content c ON c.id = n.content
	 CROSS JOIN json_each(c.body, '$.kinds') k
	 WHERE c.body ->> '$.outcome' = 'observed' AND (c.body -> '$.gaps' = '[]'
	    OR NOT EXISTS (SELECT 1 FROM json_each(c.body, '$.gaps') g
	                    WHERE g.value ->> '$.kind' = k.value))
	 GROUP BY 1, 2),
kinds AS MATERIALIZED (SELECT DISTINCT kind FROM subject),
poor AS MATERIALIZED ( -- contents that are no observation, taken apart once
	SELECT id FROM content
	 WHERE iif(json_valid(body), body ->> '$.outcome', NULL) IS NOT 'observed'),
unclear AS MATERIALIZED ( -- by what it was, or by its place, which many share
	SELECT subject FROM change WHERE run <= (SELECT last FROM span)
	   AND (content IS NULL OR content IN (SELECT id FROM poor))
	 UNION
	SELECT s.id FROM (SELECT DISTINCT kind, scope FROM subject
	         EXCEPT SELECT kind, scope FROM fresh) p
	  CROSS JOIN subject s ON s.kind = p.kind AND s.scope = p.scope
	 WHERE EXISTS (SELECT 1 FROM change
	                WHERE subject = s.id AND run <= (SELECT last FROM span))),
doubtful AS MATERIALIZED (
	SELECT s.id, s.kind, s.scope, s.key FROM unclear n
	  CROSS JOIN subject s ON s.id = n.subject
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind),
lived AS MATERIALIZED ( -- each state that reaches into the period, and its last run
	SELECT s.id, s.kind, s.scope, s.key, b.first, x.run, x.content,
	       coalesce((SELECT min(run) - 1 FROM change WHERE subject = s.id
	                    AND run > x.run AND run <= b.last), b.last) AS until
	  FROM span b CROSS JOIN doubtful s
	 CROSS JOIN change x ON x.subject = s.id AND x.run BETWEEN coalesce(
	       (SELECT max(run) FROM change WHERE subject = s.id AND run < b.first),
	       b.first) AND b.last),
observed AS MATERIALIZED (
	SELECT v.id, max(c.body ->> '$.outcome' = 'observed' AND (v.run >= v.first
	             OR (SELECT seen_run FROM seen_at
	                  WHERE run = v.until AND subject = v.id) >= v.first)) AS was,
	       max((SELECT why FROM dropped WHERE content = v.content)) AS dropped
	  FROM lived v JOIN content c ON c.id = v.content GROUP BY v.id),
unobserved AS MATERIALIZED (
	SELECT s.kind, s.scope, s.key,
	       (SELECT ended FROM ended WHERE run = coalesce(max(x.run, f.run, coalesce(
	               (SELECT max(run) FROM sighting
	                 WHERE subject = s.id AND run <= b.last), 0)),
	               (SELECT seen_run FROM seen_at WHERE run = b.last AND subject = s.id))
	       ) AS last_seen,
	       iif(o.dropped IS NOT NULL, 'dropped', c.body ->> '$.outcome') AS outcome,
	       coalesce(o.dropped, c.body ->> '$.reason') AS reason
	  FROM span b CROSS JOIN observed o CROSS JOIN subject s ON s.id = o.id
	  JOIN change x ON x.subject = s.id AND x.run =
	       (SELECT max(run) FROM change WHERE subject = s.id AND run <= b.last)
	  LEFT JOIN fresh f ON f.scope = s.scope AND f.kind = s.kind
	  LEFT JOIN content c ON c.id = x.content
	 WHERE NOT coalesce(o.was, 0)
	 UNION ALL -- asked, and nothing was ever found there to be a subject
	SELECT NULL, n.scope, NULL, NULL, c.body ->> '$.outcome', c.body ->> '$.reason'
	  FROM span b CROSS JOIN newest n JOIN content c ON c.id = n.content
	 WHERE n.scope GLOB :scope AND c.body ->> '$.outcome' <> 'observed'
	   AND NOT EXISTS (SELECT 1 FROM kinds k CROSS JOIN subject s
	                    WHERE s.kind = k.kind AND s.scope = n.scope AND EXISTS (
	                          SELECT 1 FROM change WHERE subject = s.id AND run <= b.last)))
