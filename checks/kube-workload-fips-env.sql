-- id: kube-workload-fips-env
-- order: 450
-- title: No variable switches FIPS endpoints off
-- severity: high
-- controls: nist-800-53r5 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.workload kube.cluster kube.list
-- catalogs: aws-endpoints
-- with: kube-unlisted
-- rationale: Where AWS_ENDPOINT_URL is set, SDKs pass over AWS_USE_FIPS_ENDPOINT
--   without an error. GODEBUG=fips140=off turns Go's module off.
-- remediation: Remove the endpoint URL, or name a listed FIPS host of the service in it.
-- references: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
-- since: 0.1.0
, env AS MATERIALIZED (
	SELECT w.subject, c.value ->> '$.name' AS container, v.key AS name, v.value,
	       lower(c.value ->> '$.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') = 'true' AS ignored
	  FROM kube_workload w JOIN json_each(w.containers) c JOIN json_each(c.value, '$.env') v
	 WHERE w.outcome = 'observed'),
url AS MATERIALIZED ( -- the host of an endpoint URL, without scheme and port
	SELECT DISTINCT value, rtrim(rtrim(rtrim(substr(lower(value), instr(value, '://')
	       + iif(instr(value, '://') > 0, 3, 1)), '/'), '0123456789'), ':') AS host
	  FROM env WHERE name GLOB 'AWS_ENDPOINT_URL*'),
fips AS MATERIALIZED (
	SELECT value FROM url u WHERE u.value LIKE 'https://%'
	   AND u.host NOT GLOB '*[^a-z0-9.-]*' AND ( -- a path may say anything
	       u.host LIKE '%-fips.%.vpce.amazonaws.com'
	    OR EXISTS (SELECT 1 FROM catalog_aws_endpoints e WHERE u.host = e.host
	            OR substr(u.host, -length(e.host) - 1) = '.' || e.host))),
bad AS (
	SELECT subject, min('container ' || container || ': ' || name || '=' || value) AS first
	  FROM env
	 WHERE name GLOB 'AWS_ENDPOINT_URL*' AND value NOT IN (SELECT value FROM fips)
	       AND value <> '' AND ignored IS NOT 1
	    OR name = 'AWS_USE_FIPS_ENDPOINT' AND lower(value) <> 'true'
	    OR name = 'GODEBUG' AND value LIKE '%fips140=off%'
	 GROUP BY subject),
hidden AS (
	SELECT w.subject, min('container ' || (c.value ->> '$.name')) AS first
	  FROM kube_workload w JOIN json_each(w.containers) c
	 WHERE w.outcome = 'observed' AND (c.value ->> '$.env_from' <> '[]'
	       OR c.value ->> '$.env_ref' <> '{}')
	 GROUP BY w.subject),
says AS (SELECT DISTINCT subject FROM env
	  WHERE name IN ('AWS_USE_FIPS_ENDPOINT', 'GODEBUG', 'GOFIPS140', 'FIPS_ENABLED',
	        'OPENSSL_FORCE_FIPS_MODE', 'JAVA_TOOL_OPTIONS') OR name GLOB 'AWS_ENDPOINT_URL*')
SELECT w.subject,
       CASE WHEN w.outcome <> 'observed' OR w.containers IS NULL THEN 'unknown'
            WHEN b.first IS NOT NULL THEN 'not-satisfied'
            WHEN h.first IS NOT NULL THEN 'unknown'
            WHEN s.subject IS NULL THEN 'not-applicable'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN w.outcome <> 'observed' THEN 'workload ' || w.outcome || ': ' || w.reason
            WHEN w.containers IS NULL THEN 'the evidence lacks its containers'
            WHEN b.first IS NOT NULL THEN b.first
            WHEN h.first IS NOT NULL THEN h.first
                 || ': variables come from a config map or secret, which are not read'
            WHEN s.subject IS NULL THEN 'its pods set no variable that bears on FIPS'
            ELSE 'no variable of its pods switches FIPS off' END AS reason
  FROM kube_workload w LEFT JOIN bad b ON b.subject = w.subject
  LEFT JOIN hidden h ON h.subject = w.subject LEFT JOIN says s ON s.subject = w.subject
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.workload';
