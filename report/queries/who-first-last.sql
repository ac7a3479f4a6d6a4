-- title: When each subject was first and last seen
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- A subject is seen when it changes, when it is sighted in a partial answer,
-- and with every complete answer of its scope and kind.
WITH complete AS MATERIALIZED (
	SELECT p.scope, k.value AS kind, max(w.run) AS run
	  FROM place p
	  JOIN answer w ON w.place = p.id AND w.run <= :run
	  JOIN content c ON c.id = w.content,
	       json_each(c.body, '$.kinds') k
	 WHERE c.body ->> '$.outcome' = 'observed'
	   AND NOT EXISTS (SELECT 1 FROM json_each(c.body, '$.gaps') g
	                    WHERE g.value ->> '$.kind' = k.value)
	 GROUP BY p.scope, k.value),
known AS (
	SELECT s.id, s.kind, s.scope, s.key,
	       (SELECT min(run) FROM change WHERE subject = s.id) AS first,
	       (SELECT max(run) FROM change
	         WHERE subject = s.id AND run <= :run) AS newest
	  FROM subject s
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind),
seen AS (
	SELECT k.*, x.content IS NULL AS gone,
	       CASE WHEN x.content IS NULL THEN k.newest
	            ELSE max(k.newest, coalesce(c.run, 0),
	                 coalesce((SELECT max(run) FROM sighting
	                            WHERE subject = k.id AND run <= :run), 0))
	            END AS last
	  FROM known k
	  JOIN change x ON x.subject = k.id AND x.run = k.newest
	  LEFT JOIN complete c ON c.scope = k.scope AND c.kind = k.kind)
SELECT v.kind, v.scope, v.key, v.first AS first_run, f.ended AS first_seen,
       v.last AS last_run, l.ended AS last_seen,
       CASE WHEN v.gone THEN 'gone' ELSE 'present' END AS state
  FROM seen v
  JOIN ended f ON f.run = v.first
  JOIN ended l ON l.run = v.last
 ORDER BY v.kind, v.scope, v.key;
