-- id: aws-lambda-env
-- order: 745
-- title: No variable of a function switches FIPS endpoints off
-- severity: high
-- controls: nist-800-53r5 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: aws.lambda_function aws.call aws.scope
-- catalogs: aws-endpoints
-- rationale: Where AWS_ENDPOINT_URL is set, SDKs pass over AWS_USE_FIPS_ENDPOINT
--   without an error. GODEBUG=fips140=off turns Go's module off. Which endpoints a
--   function's code names itself is not shown here.
-- remediation: Remove the endpoint URL, or name the service's FIPS host in it; set
--   AWS_USE_FIPS_ENDPOINT to true.
-- references: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
-- since: 0.1.0
WITH env AS (
	SELECT f.subject, v.key AS name, v.value,
	       lower(f.env ->> 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') = 'true' AS ignored,
	       lower(v.value) IN (SELECT 'https://' || host FROM catalog_aws_endpoints
	            UNION ALL SELECT 'https://' || host || ':443' FROM catalog_aws_endpoints)
	       AS listed
	  FROM aws_lambda_function f JOIN json_each(f.env) v WHERE f.outcome = 'observed'),
bad AS (
	SELECT subject, min(name || '=' || value) AS first
	  FROM env
	 WHERE name GLOB 'AWS_ENDPOINT_URL*' AND NOT listed AND ignored IS NOT 1
	    OR name = 'AWS_USE_FIPS_ENDPOINT' AND lower(value) <> 'true'
	    OR name = 'GODEBUG' AND value LIKE '%fips140=off%'
	 GROUP BY subject),
says AS (
	SELECT DISTINCT subject FROM env
	 WHERE name IN ('AWS_USE_FIPS_ENDPOINT', 'GODEBUG', 'GOFIPS140', 'FIPS_ENABLED',
	       'OPENSSL_FORCE_FIPS_MODE', 'JAVA_TOOL_OPTIONS') OR name GLOB 'AWS_ENDPOINT_URL*')
SELECT f.subject,
       CASE WHEN f.outcome <> 'observed' OR f.env_error IS NOT NULL THEN 'unknown'
            WHEN b.first IS NOT NULL THEN 'not-satisfied'
            WHEN f.env IS NULL THEN 'unknown'
            WHEN s.subject IS NULL THEN 'not-applicable' ELSE 'satisfied' END AS verdict,
       CASE WHEN f.outcome <> 'observed' THEN 'function ' || f.outcome || ': ' || f.reason
            WHEN f.env_error IS NOT NULL THEN 'Lambda could not read its variables: ' || f.env_error
            WHEN b.first IS NOT NULL THEN b.first
            WHEN f.env IS NULL THEN 'the answer does not speak of its variables'
            WHEN s.subject IS NULL THEN 'it sets no variable that bears on FIPS'
            ELSE 'no variable of it switches FIPS off' END AS reason
  FROM aws_lambda_function f LEFT JOIN bad b ON b.subject = f.subject
  LEFT JOIN says s ON s.subject = f.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be functions that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'lambda:ListFunctions'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
