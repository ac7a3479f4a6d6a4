-- title: AWS endpoints: configured, in fact called, and what they accept
-- order: 320
-- kinds: *
-- catalogs: aws-endpoints
-- about: Configured is what profiles, workloads and functions ask for. Called is what
--   CloudTrail recorded of calls that manage resources; where its history was cut or
--   refused, other hosts may have been called. Accepted is what these hosts and the
--   service's FIPS endpoint answered when exhibit asked them (collect endpoint --known). A service without a listed FIPS endpoint in a region has none that
--   anybody can rely on, whatever name an SDK makes up.
-- with: aws-use
, configured AS ( -- service and region as far as the setting tells; NULL: every one
	SELECT service, region, CASE
	       WHEN url_host IS NOT NULL THEN 'profile: ' || url_host
	       WHEN use_fips = 1 THEN 'profile: FIPS' ELSE 'profile: not FIPS' END AS what
	  FROM config_aws_endpoint WHERE outcome = 'observed'
	 UNION ALL
	SELECT NULL, env ->> 'AWS_REGION', 'workload: ' || CASE
	       WHEN env ->> 'AWS_ENDPOINT_URL' IS NOT NULL
	            AND lower(env ->> 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') IS NOT 'true'
	       THEN env ->> 'AWS_ENDPOINT_URL'
	       WHEN lower(env ->> 'AWS_USE_FIPS_ENDPOINT') = 'true' THEN 'FIPS' ELSE 'not FIPS' END
	  FROM (SELECT c.value -> '$.env' AS env FROM kube_workload w
	          JOIN json_each(w.containers) c WHERE w.outcome = 'observed')
	 WHERE env ->> 'AWS_USE_FIPS_ENDPOINT' IS NOT NULL OR env ->> 'AWS_ENDPOINT_URL' IS NOT NULL
	 UNION ALL
	SELECT lower(replace(substr(v.key, 18), '_', '')), c.value ->> '$.env.AWS_REGION',
	       'workload: ' || v.value
	  FROM kube_workload w JOIN json_each(w.containers) c JOIN json_each(c.value, '$.env') v
	 WHERE w.outcome = 'observed' AND v.key GLOB 'AWS_ENDPOINT_URL_*'
	 UNION ALL
	SELECT NULL, substr(f.scope, length(rtrim(f.scope, replace(f.scope, '/', ''))) + 1),
	       'function: ' || CASE WHEN f.env ->> 'AWS_ENDPOINT_URL' IS NOT NULL
	            AND lower(f.env ->> 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') IS NOT 'true'
	       THEN f.env ->> 'AWS_ENDPOINT_URL'
	       WHEN lower(f.env ->> 'AWS_USE_FIPS_ENDPOINT') = 'true' THEN 'FIPS' ELSE 'not FIPS' END
	  FROM aws_lambda_function f
	 WHERE f.outcome = 'observed' AND (f.env ->> 'AWS_USE_FIPS_ENDPOINT' IS NOT NULL
	       OR f.env ->> 'AWS_ENDPOINT_URL' IS NOT NULL)
	 UNION ALL
	SELECT lower(replace(substr(v.key, 18), '_', '')),
	       substr(f.scope, length(rtrim(f.scope, replace(f.scope, '/', ''))) + 1),
	       'function: ' || v.value
	  FROM aws_lambda_function f JOIN json_each(f.env) v
	 WHERE f.outcome = 'observed' AND v.key GLOB 'AWS_ENDPOINT_URL_*'),
wanted AS MATERIALIZED (
	SELECT service, region, what, count(*) AS n FROM configured GROUP BY 1, 2, 3),
place AS ( -- services and regions that anything speaks of
	SELECT DISTINCT service, place AS region FROM judged WHERE found NOT IN ('gone', 'aws')
	 UNION SELECT DISTINCT service, region FROM wanted WHERE service IS NOT NULL),
fips AS MATERIALIZED ( -- the listed FIPS hosts of each; a global service has one a partition
	SELECT p.service, p.region, h.host FROM place p JOIN catalog_aws_endpoints h
	    ON h.service IN (p.service, 'api.' || p.service) AND h.grade <> 'listed-dualstack'
	   AND h.region IN (p.region, iif(p.region LIKE 'us-gov-%', 'aws-us-gov-global',
	       'aws-global'))),
called AS (
	SELECT service, place AS region, called || CASE found WHEN 'listed' THEN ' (FIPS)'
	       WHEN 'regular' THEN ' (not FIPS)' WHEN 'vpce' THEN ' (interface endpoint)'
	       ELSE ' (none is listed)' END AS host, called AS name
	  FROM judged WHERE called IS NOT NULL GROUP BY 1, 2, 3, 4),
hosts AS MATERIALIZED ( -- whose answers concern the service
	SELECT service, region, name FROM called
	 UNION SELECT service, region, host FROM fips
	 UNION SELECT service, region, lower(url_host) FROM config_aws_endpoint
	        WHERE outcome = 'observed' AND url_host IS NOT NULL)
SELECT p.service, p.region,
       coalesce((SELECT min(f.host) FROM fips f
	 WHERE f.service = p.service AND f.region IS p.region), 'none is listed') AS "FIPS endpoint",
       (SELECT group_concat(text, '; ') FROM (
	SELECT w.what || iif(w.n > 1, ' (' || w.n || ')', '') AS text FROM wanted w
	 WHERE (w.service = p.service OR w.service IS NULL
	        OR 'api.' || p.service = w.service)
	   AND (w.region = p.region OR w.region IS NULL) ORDER BY 1 LIMIT 8)) AS configured,
       (SELECT group_concat(host, '; ') FROM (SELECT c.host FROM called c
	 WHERE c.service = p.service AND c.region IS p.region ORDER BY 1 LIMIT 8))
       AS "in fact called",
       (SELECT group_concat(text, '; ') FROM (
	SELECT DISTINCT rtrim(rtrim(e.key, '0123456789'), ':') || ': ' || CASE WHEN e.outcome <> 'observed' THEN e.outcome
	       ELSE replace(replace(replace(e.versions, '["', ''), '"]', ''), '","', ', ')
	            || CASE e.fips_client WHEN 'negotiated' THEN ', a FIPS-only client gets '
	               || e.fips_version ELSE ', a FIPS-only client is ' || coalesce(e.fips_client,
	               'not told') END END AS text
	  FROM hosts c JOIN tls_endpoint e ON e.key = c.name || ':443'
	 WHERE c.service = p.service AND c.region IS p.region ORDER BY 1 LIMIT 8)) AS accepted
  FROM place p
 ORDER BY 1, 2;
