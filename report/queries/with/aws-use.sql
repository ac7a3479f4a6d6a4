-- What CloudTrail recorded of calls, each with what the list of FIPS endpoints
-- says of its host. CloudTrail names services by their event source: ecr is the
-- api.ecr of the list. A bucket or an account may stand before a host's name.
WITH use AS MATERIALIZED (
	SELECT u.*, CASE WHEN u.host LIKE '%:443' THEN substr(lower(u.host), 1, length(u.host) - 4)
	                 ELSE lower(u.host) END AS called,
	       coalesce(u.region, substr(u.scope, length(rtrim(u.scope,
	            replace(u.scope, '/', ''))) + 1)) AS place
	  FROM aws_api_use u),
listed AS MATERIALIZED ( -- each host that was called looked up once
	SELECT u.service, u.called, max(h.grade) AS grade
	  FROM (SELECT DISTINCT service, called FROM use WHERE called IS NOT NULL) u
	  JOIN catalog_aws_endpoints h ON h.service IN (u.service, 'api.' || u.service)
	   AND (u.called = h.host OR substr(u.called, -length(h.host) - 1) = '.' || h.host)
	 GROUP BY 1, 2),
there AS MATERIALIZED ( -- the FIPS endpoint of a service in a region
	SELECT u.service, u.region, min(h.host) AS fips_host
	  FROM (SELECT DISTINCT service, region FROM use) u
	  JOIN catalog_aws_endpoints h ON h.service IN (u.service, 'api.' || u.service)
	   AND h.region = u.region AND h.grade <> 'listed-dualstack'
	 GROUP BY 1, 2),
used AS MATERIALIZED (
	SELECT u.*, l.grade, t.fips_host
	  FROM use u LEFT JOIN listed l ON l.service = u.service AND l.called = u.called
	  LEFT JOIN there t ON t.service = u.service AND t.region = u.region),
judged AS MATERIALIZED (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN called IS NULL AND principal_type = 'AWSService' THEN 'aws'
	       WHEN called IS NULL THEN 'not-told'
	       WHEN grade IS NOT NULL THEN 'listed'
	       WHEN called LIKE '%.vpce.amazonaws.com' THEN 'vpce'
	       WHEN fips_host IS NULL THEN 'none-listed'
	       ELSE 'regular' END AS found
	  FROM used)
