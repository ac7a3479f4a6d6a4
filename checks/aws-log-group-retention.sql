-- id: aws-log-group-retention
-- order: 742
-- title: Logs of clusters and trails are kept for a year
-- severity: medium
-- controls: nist-800-53r5 au-11; nist-800-171r2 3.3.1
-- kinds: aws.log_group aws.trail aws.call aws.scope
-- rationale: Audit records are worth what can still be read of them; a year is what
--   FedRAMP and M-21-31 ask to have at hand. Groups of EKS, of Container Insights and
--   of trails hold audit records.
-- remediation: Set the group's retention to 365 days or more, or to never expire.
-- references: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
-- since: 0.1.0
WITH what AS (
	SELECT *, key LIKE '/aws/eks/%' OR key LIKE '/aws/containerinsights/%'
	          OR EXISTS (SELECT 1 FROM aws_trail t WHERE t.scope = g.scope
	                        AND t.log_group LIKE '%:log-group:' || g.key || ':*') AS audit
	  FROM aws_log_group g)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown' WHEN NOT audit THEN 'not-applicable'
            WHEN retention_days IS NULL OR retention_days >= 365 THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'log group ' || outcome || ': ' || reason
            WHEN NOT audit THEN 'neither a cluster nor a trail writes to it'
            WHEN retention_days IS NULL THEN 'kept for ever'
            ELSE 'kept for ' || retention_days || ' days' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be log groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'logs:DescribeLogGroups'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
