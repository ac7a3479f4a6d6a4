-- title: How many places answered in full on each day; coverage-by-scope names them
-- with: coverage-days
-- param: scope [*] scopes that match, as in host/web-*
-- A place counts once a day, by the best it answered on it, from the day it was
-- first asked: places is the sum of complete to dropped.
SELECT d.day,
       iif(k.scope GLOB '*/*', substr(k.scope, 1, instr(k.scope, '/')) || '*', k.scope) AS scopes,
       k.collector, count(*) AS places,
       count(*) FILTER (WHERE a.complete > 0) AS complete,
       count(*) FILTER (WHERE a.complete = 0 AND a.partial > 0) AS partial,
       count(*) FILTER (WHERE a.complete + a.partial = 0 AND a.denied > 0) AS denied,
       count(*) FILTER (WHERE a.complete + a.partial + a.denied = 0 AND a.no_answer > 0) AS no_answer,
       count(*) FILTER (WHERE a.id IS NULL) AS not_asked,
       count(*) FILTER (WHERE a.complete + a.partial + a.denied + a.no_answer = 0) AS dropped,
       coalesce(sum(a.denied_calls), 0) AS denied_calls
  FROM asked k CROSS JOIN day d ON d.day >= k.since
  LEFT JOIN daily a ON a.id = k.id AND a.day = d.day
 GROUP BY d.day, scopes, k.collector
 ORDER BY d.day, scopes, k.collector;
