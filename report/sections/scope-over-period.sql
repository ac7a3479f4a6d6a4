-- title: What was asked in the period
-- order: 70
-- kinds: *
-- period: yes
-- about: The union of the targets of all runs in the period, by collector. A target that
--   responded in part was not collected in full in at least one run. Systems that no run
--   asked are outside this report.
-- param: scope [*] scopes that match, as in host/web-*
-- with: coverage-days
, target AS (
	SELECT k.scope, k.collector, sum(d.runs) AS runs, sum(d.complete) AS complete,
	       sum(d.partial) AS partial, sum(d.dropped) AS dropped, count(DISTINCT d.day) AS days,
	       min(d.day) AS first, max(d.day) AS last
	  FROM asked k JOIN daily d ON d.id = k.id GROUP BY k.id)
SELECT collector, count(*) AS targets,
       count(*) FILTER (WHERE complete = runs) AS "in full each time",
       count(*) FILTER (WHERE complete < runs AND complete + partial + dropped > 0) AS "in part",
       count(*) FILTER (WHERE complete + partial + dropped = 0) AS "never responded",
       sum(runs) AS requests, min(first) AS "first asked", max(last) AS "last asked"
  FROM target GROUP BY collector ORDER BY collector;
