-- title: Population over the period
-- order: 58
-- kinds: *
-- period: yes
-- about: Items by kind. Observed: in the period. Stale: observed in the period, but not in
--   its last hours (stale_hours). Not observed: in the inventory, and no run of the period
--   observed it. Removed: a complete response no longer had it. Expected but never observed
--   and observed but not expected need an inventory; none was supplied.
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- param: stale_hours [192] hours before the end from which an item is stale
WITH span AS MATERIALIZED (
	SELECT coalesce(min(run) FILTER (WHERE ended >= :from), max(run) + 1) AS first,
	       max(run) AS last, coalesce(max(run) FILTER (WHERE ended < strftime('%Y-%m-%dT%H:%M:%SZ',
	       unixepoch(min(:to, :at)) - :stale_hours * 3600, 'unixepoch')), 0) AS old
	  FROM ended WHERE ended < :to AND ended <= :at AND run <= :run),
known AS MATERIALIZED (
	SELECT s.id, s.kind, x.run, x.content, b.first, b.last, b.old,
	       (SELECT seen_run FROM seen_at WHERE run = b.last AND subject = s.id) AS seen,
	       (SELECT c.body ->> '$.outcome' FROM content c WHERE c.id = x.content) AS outcome
	  FROM span b CROSS JOIN subject s
	  JOIN change x ON x.subject = s.id AND x.run =
	       (SELECT max(run) FROM change WHERE subject = s.id AND run <= b.last)
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind)
SELECT kind, count(*) FILTER (WHERE content IS NOT NULL) AS "in the inventory",
       count(*) FILTER (WHERE content IS NOT NULL AND outcome = 'observed' AND seen >= first
                          AND seen > old) AS observed,
       count(*) FILTER (WHERE content IS NOT NULL AND outcome = 'observed' AND seen >= first
                          AND seen <= old) AS stale,
       count(*) FILTER (WHERE content IS NOT NULL AND (outcome IS NOT 'observed' OR seen < first))
         AS "not observed",
       count(*) FILTER (WHERE content IS NULL AND run >= first) AS "removed in the period"
  FROM known WHERE content IS NOT NULL OR run >= first
 GROUP BY kind ORDER BY kind;
