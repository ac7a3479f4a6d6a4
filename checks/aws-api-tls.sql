-- id: aws-api-tls
-- order: 771
-- title: Calls to AWS came by approved versions and suites of TLS
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.api_use aws.call aws.scope
-- catalogs: tls-openssl-names tls-suites
-- rationale: CloudTrail records version and suite of the connection a call came by.
--   Approved speaks of algorithms: which module of the caller computed them, CloudTrail
--   does not know.
-- remediation: Update the caller's SDK or its TLS library, and restrict it to TLS 1.2
--   and 1.3 with AES-GCM.
-- references: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
WITH suite AS MATERIALIZED (
	SELECT u.cipher, s.id, s.approved, s.why
	  FROM (SELECT DISTINCT cipher FROM aws_api_use WHERE outcome = 'observed') u
	  LEFT JOIN catalog_tls_openssl_names n ON n.name = u.cipher
	  LEFT JOIN catalog_tls_suites s ON s.id = n.id OR n.id IS NULL AND s.name = u.cipher),
what AS (
	SELECT u.*, s.approved, s.why, CASE
	       WHEN u.outcome <> 'observed' THEN 'gone'
	       WHEN u.tls_version IS NULL AND u.principal_type = 'AWSService' THEN 'aws'
	       WHEN u.tls_version IS NULL OR u.cipher IS NULL THEN 'not-told'
	       WHEN u.tls_version NOT IN ('TLSv1.2', 'TLSv1.3') THEN 'old'
	       WHEN s.id IS NULL THEN 'odd'
	       WHEN s.approved = 'yes' THEN 'good'
	       WHEN s.approved = 'conditional' THEN 'maybe' ELSE 'bad' END AS found
	  FROM aws_api_use u LEFT JOIN suite s ON s.cipher = u.cipher)
SELECT subject,
       CASE found WHEN 'good' THEN 'satisfied' WHEN 'old' THEN 'not-satisfied'
                  WHEN 'bad' THEN 'not-satisfied' WHEN 'aws' THEN 'not-applicable'
                  ELSE 'unknown' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'calls ' || outcome || ': ' || reason
       WHEN 'aws' THEN 'a call that AWS made itself'
       WHEN 'not-told' THEN 'CloudTrail does not say by which TLS the calls came'
       WHEN 'old' THEN 'came by ' || tls_version
       WHEN 'odd' THEN 'came by ' || cipher || ', which the catalogue does not name'
       WHEN 'maybe' THEN 'came by ' || cipher || ': ' || why
       WHEN 'bad' THEN 'came by ' || cipher || ': ' || why
       ELSE tls_version || ' with ' || cipher || ': approved algorithms' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be calls that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'cloudtrail:LookupEvents'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
