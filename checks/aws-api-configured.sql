-- id: aws-api-configured
-- order: 773
-- title: Callers whose configuration asks for FIPS endpoints called them
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.api_use kube.service_account kube.workload aws.call aws.scope
-- catalogs: aws-endpoints
-- with: aws-use
-- rationale: A caller may ask for FIPS endpoints and not get them: an endpoint URL, a
--   library that does not know the setting, or code that names a host. The role of a
--   service account tells which workloads called; what CloudTrail recorded tells where.
-- remediation: Look for endpoint URLs in the workload's environment, its AWS profile
--   and its code.
-- references: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
-- since: 0.1.0
, asks AS MATERIALIZED ( -- roles whose workloads ask for FIPS endpoints
	SELECT a.role_arn AS principal, min(w.key || ' in ' || w.scope) AS workload,
	       min(w.fips) AS every
	  FROM kube_service_account a JOIN (
	       SELECT w.scope, w.key, w.namespace, w.service_account, EXISTS (
	              SELECT 1 FROM json_each(w.containers) c
	               WHERE lower(c.value ->> '$.env.AWS_USE_FIPS_ENDPOINT') = 'true') AS fips
	         FROM kube_workload w WHERE w.outcome = 'observed') w
	    ON w.scope = a.scope AND a.key = w.namespace || '/' || coalesce(w.service_account, 'default')
	 WHERE a.outcome = 'observed' AND a.role_arn IS NOT NULL AND w.fips
	 GROUP BY a.role_arn)
SELECT j.subject,
       CASE WHEN j.outcome <> 'observed' THEN 'unknown'
            WHEN a.principal IS NULL THEN 'not-applicable'
            WHEN j.found = 'listed' THEN 'satisfied'
            WHEN j.found = 'regular' THEN 'not-satisfied' ELSE 'unknown' END AS verdict,
       CASE WHEN j.outcome <> 'observed' THEN 'calls ' || j.outcome || ': ' || j.reason
            WHEN a.principal IS NULL THEN 'no workload is known to call as this principal and to '
                 || 'ask for FIPS endpoints'
            WHEN j.found = 'listed' THEN a.workload || ' asks for FIPS endpoints and called one'
            WHEN j.found = 'regular' THEN a.workload || ' asks for FIPS endpoints, and '
                 || j.called || ' was called'
            ELSE a.workload || ' asks for FIPS endpoints; whether ' || coalesce(j.called,
                 'what it called') || ' is one is not known' END AS reason
  FROM judged j LEFT JOIN asks a ON a.principal = j.principal
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be calls that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'cloudtrail:LookupEvents'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
