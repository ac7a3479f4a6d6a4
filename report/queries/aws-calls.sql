-- title: What was asked of AWS, of which host, and how it went
-- param: scope [*] scopes that match, as in aws/111122223333/*
-- param: result [*] answered, denied, unreachable or error
SELECT c.key AS call, iif(c.outcome = 'observed', c.result, c.outcome) AS result,
       c.error, c.host, CASE WHEN c.fips THEN 'listed' WHEN c.endpoint = 'given'
       THEN 'host was given' WHEN c.endpoint = 'regular' THEN 'none is listed'
       END AS "FIPS endpoint", c.permission, c.scope
  FROM aws_call c
 WHERE c.scope GLOB :scope
   AND iif(c.outcome = 'observed', c.result, c.outcome) GLOB :result
 ORDER BY c.result = 'answered', c.scope, c.key;
