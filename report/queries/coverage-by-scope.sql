-- title: How completely each scope answered on each day, days without a run too
-- with: coverage-days
-- param: scope [*] scopes that match, as in host/web-*
SELECT d.day, k.scope, k.collector, coalesce(a.runs, 0) AS runs,
       coalesce(a.complete, 0) AS complete, coalesce(a.partial, 0) AS partial,
       coalesce(a.denied, 0) AS denied, coalesce(a.no_answer, 0) AS no_answer,
       coalesce(a.denied_calls, 0) AS denied_calls,
       coalesce(a.dropped, 0) AS dropped
  FROM asked k CROSS JOIN day d ON d.day >= k.since
  LEFT JOIN daily a ON a.id = k.id AND a.day = d.day
 ORDER BY k.scope, k.collector, d.day;
