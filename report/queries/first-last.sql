-- title: Who and what was first seen, last seen or gone in the period
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- state: new (first seen in the period), gone, unseen (not seen in the period),
-- or seen; as it was at the period's end.
WITH span AS MATERIALIZED (
	SELECT coalesce(min(run) FILTER (WHERE ended >= :from), max(run) + 1) AS first,
	       max(run) AS last FROM ended
	 WHERE ended < :to AND ended <= :at AND run <= :run),
known AS MATERIALIZED (
	SELECT s.id, s.kind, s.scope, s.key, b.first, b.last,
	       (SELECT min(run) FROM change WHERE subject = s.id) AS since,
	       (SELECT max(run) FROM change WHERE subject = s.id AND run <= b.last) AS newest
	  FROM span b CROSS JOIN subject s
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind),
seen AS MATERIALIZED (
	SELECT k.*, x.content IS NULL AS gone,
	       CASE WHEN x.content IS NULL THEN (SELECT seen_run FROM seen_at
	                                          WHERE run = k.newest - 1 AND subject = k.id)
	            ELSE (SELECT seen_run FROM seen_at WHERE run = k.last AND subject = k.id)
	            END AS until
	  FROM known k CROSS JOIN change x ON x.subject = k.id AND x.run = k.newest)
SELECT v.kind, v.scope, v.key,
       CASE WHEN v.gone THEN 'gone' WHEN v.since >= v.first THEN 'new'
            WHEN v.until < v.first THEN 'unseen' ELSE 'seen' END AS state,
       f.ended AS first_seen, l.ended AS last_seen, g.ended AS gone,
       v.since AS first_run, v.until AS last_run
  FROM seen v
  JOIN ended f ON f.run = v.since
  JOIN ended l ON l.run = v.until
  LEFT JOIN ended g ON v.gone AND g.run = v.newest
 WHERE NOT v.gone OR v.newest >= v.first
 ORDER BY v.kind, v.scope, v.key;
