-- id: kube-workload-endpoint
-- order: 451
-- title: Workloads with an IAM role ask for FIPS endpoints
-- severity: medium
-- controls: nist-800-53r5 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.workload kube.service_account kube.list kube.cluster
-- with: kube-unlisted
-- rationale: A service account with an IAM role calls AWS. Its SDK uses regular endpoints,
--   and a legacy STS setting the global one, which is no FIPS host, unless told otherwise.
-- remediation: Set AWS_USE_FIPS_ENDPOINT=true on the containers, and do not set
--   AWS_STS_REGIONAL_ENDPOINTS to legacy.
-- references: https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
-- since: 0.1.0
, part AS MATERIALIZED (
	SELECT w.subject, c.value ->> '$.name' AS container,
	       lower(c.value ->> '$.env.AWS_USE_FIPS_ENDPOINT') AS fips,
	       lower(c.value ->> '$.env.AWS_STS_REGIONAL_ENDPOINTS') = 'legacy' AS legacy,
	       c.value ->> '$.env_from' <> '[]' OR c.value ->> '$.env_ref.AWS_USE_FIPS_ENDPOINT'
	             IS NOT NULL AS hidden
	  FROM kube_workload w JOIN json_each(w.containers) c
	 WHERE w.outcome = 'observed' AND NOT (c.value ->> '$.init')),
state AS (
	SELECT subject, max(coalesce(legacy, 0)) AS legacy,
	       max(coalesce(fips, '') <> 'true' AND NOT hidden) AS plain,
	       max(coalesce(fips, '') <> 'true' AND hidden) AS hidden,
	       min(CASE WHEN coalesce(fips, '') <> 'true' OR legacy THEN container END) AS container
	  FROM part GROUP BY subject)
SELECT w.subject,
       CASE WHEN w.outcome <> 'observed' OR w.containers IS NULL OR w.namespace IS NULL
            THEN 'unknown'
            WHEN a.subject IS NULL AND l.outcome IS NOT 'observed' THEN 'unknown'
            WHEN a.role_arn IS NULL THEN 'not-applicable'
            WHEN s.legacy OR a.sts_regional = 'false' OR s.plain THEN 'not-satisfied'
            WHEN s.hidden OR s.subject IS NULL THEN 'unknown' ELSE 'satisfied' END AS verdict,
       CASE WHEN w.outcome <> 'observed' THEN 'workload ' || w.outcome || ': ' || w.reason
            WHEN w.containers IS NULL THEN 'the evidence lacks its containers'
            WHEN w.namespace IS NULL THEN 'the evidence lacks its namespace'
            WHEN a.subject IS NULL AND l.outcome IS NOT 'observed'
            THEN 'service accounts could not be read'
            WHEN a.role_arn IS NULL THEN 'its service account names no IAM role'
            WHEN s.legacy THEN 'container ' || s.container
                 || ': AWS_STS_REGIONAL_ENDPOINTS is legacy: sts.amazonaws.com is no FIPS host'
            WHEN a.sts_regional = 'false' THEN 'its service account asks for the global STS '
                 || 'endpoint, which is no FIPS host'
            WHEN s.plain THEN 'container ' || s.container
                 || ' has an IAM role, and AWS_USE_FIPS_ENDPOINT is not true'
            WHEN s.hidden OR s.subject IS NULL THEN 'container ' || coalesce(s.container, '')
                 || ': its variables come from a config map or secret, which are not read'
            ELSE 'its containers ask for FIPS endpoints' END AS reason
  FROM kube_workload w
  LEFT JOIN kube_service_account a ON a.scope = w.scope AND a.outcome = 'observed'
   AND a.key = w.namespace || '/' || coalesce(w.service_account, 'default')
  LEFT JOIN kube_list l ON l.scope = w.scope AND l.key = 'serviceaccounts'
  LEFT JOIN state s ON s.subject = w.subject
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.workload';
