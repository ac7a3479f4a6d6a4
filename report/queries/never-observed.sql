-- title: What is in the population, yet was never observed in the period
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- with: unobserved
SELECT kind, scope, key, last_seen, outcome, reason FROM unobserved ORDER BY 1, 2, 3;
