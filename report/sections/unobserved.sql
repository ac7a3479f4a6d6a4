-- title: Never observed in the period
-- order: 60
-- kinds: node
-- period: yes
-- about: In the population, and yet no run of the period saw it: nothing of it is
--   known. Equal reasons are one line; the query never-observed names every one.
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- with: unobserved
SELECT coalesce(kind, 'everything') AS kind, outcome, reason, count(*) AS subjects,
       count(DISTINCT scope) AS places, min(scope) AS "one of them",
       max(last_seen) AS "last seen"
  FROM unobserved GROUP BY kind, outcome, reason
 ORDER BY outcome = 'absent', kind IS NOT NULL, subjects DESC, 1, 2, 3;
