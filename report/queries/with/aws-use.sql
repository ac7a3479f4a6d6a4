-- What CloudTrail recorded of calls, each with what the list of FIPS endpoints
-- says of its host. CloudTrail names services by their event source: ecr is the
-- api.ecr of the list. A bucket or an account may stand before a host's name.
WITH host AS MATERIALIZED (
	SELECT service, region, host, grade FROM catalog_aws_endpoints),
use AS MATERIALIZED (
	SELECT u.*, CASE WHEN u.host LIKE '%:443' THEN substr(lower(u.host), 1, length(u.host) - 4)
	                 ELSE lower(u.host) END AS called
	  FROM aws_api_use u),
used AS MATERIALIZED (
	SELECT u.*, coalesce(u.region, substr(u.scope, length(rtrim(u.scope,
	            replace(u.scope, '/', ''))) + 1)) AS place,
	       (SELECT max(h.grade) FROM host h WHERE h.service IN (u.service, 'api.' || u.service)
	           AND (u.called = h.host OR substr(u.called, -length(h.host) - 1) = '.' || h.host))
	       AS grade,
	       (SELECT min(h.host) FROM host h WHERE h.service IN (u.service, 'api.' || u.service)
	           AND h.region = u.region AND h.grade <> 'listed-dualstack') AS fips_host
	  FROM use u),
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
