-- id: aws-log-group-retention
-- order: 742
-- title: Logs of clusters and trails are retained as AU-11 and M-21-31 require
-- severity: medium
-- controls: nist-800-53r5 au-11; nist-800-171r2 3.3.1
-- kinds: aws.log_group aws.trail aws.call aws.scope
-- rationale: AU-11 requires a defined retention period. OMB M-21-31 sets it at 12 months
--   in active and 18 more in cold storage: 30 months (913 days). A group that keeps less
--   needs a copy elsewhere. EKS, Container Insights and trails write audit records.
-- remediation: Set the group's retention to 1096 days or more, or to never expire; or
--   export its records to an archive, and show how long that keeps them.
-- references: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
-- since: 0.1.0
WITH what AS (
	SELECT *, key LIKE '/aws/eks/%' OR key LIKE '/aws/containerinsights/%'
	          OR EXISTS (SELECT 1 FROM aws_trail t WHERE t.scope = g.scope
	                        AND t.log_group LIKE '%:log-group:' || g.key || ':*') AS audit
	  FROM aws_log_group g)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown' WHEN NOT audit THEN 'not-applicable'
            WHEN retention_days IS NULL OR retention_days >= 913 THEN 'satisfied'
            WHEN retention_days >= 365 THEN 'unknown' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'log group ' || outcome || ': ' || reason
            WHEN NOT audit THEN 'neither a cluster nor a trail writes to it'
            WHEN retention_days IS NULL THEN 'retention: never expires'
            WHEN retention_days >= 913 THEN 'retention: ' || retention_days || ' days'
            WHEN retention_days >= 365 THEN 'retention: ' || retention_days || ' days, which is '
                 || '12 months of active storage; could not determine whether an archive keeps '
                 || 'the 18 months more that M-21-31 requires'
            ELSE 'retention: ' || retention_days || ' days; AU-11 with M-21-31 requires 365 in '
                 || 'active storage and 18 months more' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be log groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'logs:DescribeLogGroups'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
