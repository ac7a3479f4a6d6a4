-- title: Items not observed in the period
-- order: 60
-- kinds: node
-- period: yes
-- about: In the inventory, and no run of the period observed it: no result other than
--   unknown is possible for it. Last observed may be before the period. Equal reasons
--   are one row; the query never-observed names every one.
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- with: unobserved
SELECT coalesce(kind, 'everything') AS kind, outcome, reason, count(*) AS items,
       count(DISTINCT scope) AS targets, min(scope) AS "one of them",
       max(last_seen) AS "last observed"
  FROM unobserved GROUP BY kind, outcome, reason
 ORDER BY outcome = 'absent', kind IS NOT NULL, items DESC, 1, 2, 3;
