-- id: aws-log-group-key
-- order: 741
-- title: Logs of clusters and trails are encrypted under a key of your own
-- severity: low
-- controls: nist-800-53r5 au-9 sc-12 sc-28(1); nist-800-171r2 3.3.8 3.13.16
-- kinds: aws.log_group aws.trail aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: CloudWatch Logs encrypts every group; without a key of your own, under one
--   that whoever may read the group needs no right to. Groups of EKS, of Container
--   Insights and of trails hold audit records.
-- remediation: Associate a key of KMS with the group (logs associate-kms-key).
-- references: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
-- since: 0.1.0
, what AS (
	SELECT *, key LIKE '/aws/eks/%' OR key LIKE '/aws/containerinsights/%'
	          OR EXISTS (SELECT 1 FROM aws_trail t WHERE t.scope = g.scope
	                        AND t.log_group LIKE '%:log-group:' || g.key || ':*') AS audit
	  FROM aws_log_group g)
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_log_group),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown' WHEN NOT audit THEN 'not-applicable'
            WHEN kms_key IS NOT NULL THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'log group ' || outcome || ': ' || reason
            WHEN NOT audit THEN 'neither a cluster nor a trail writes to it'
            WHEN kms_key IS NOT NULL THEN 'encrypted with a key of KMS'
            ELSE 'encrypted with a key of CloudWatch Logs only' END AS reason
  FROM what)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be log groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'logs:DescribeLogGroups'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
