-- id: aws-rds-public
-- order: 722
-- title: Databases have no public address
-- severity: high
-- controls: nist-800-53r5 sc-7 ac-4; nist-800-171r2 3.13.1 3.13.5; cmmc-l2 SC.L2-3.13.1
-- kinds: aws.rds_instance aws.call aws.scope
-- rationale: A publicly accessible instance has a name that resolves to a public
--   address; only security groups then stand before it.
-- remediation: Set the instance to not publicly accessible.
-- references: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR public IS NULL THEN 'unknown'
            WHEN public = 0 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'database ' || outcome || ': ' || reason
            WHEN public IS NULL THEN 'the answer does not say whether it is publicly accessible'
            WHEN public = 0 THEN 'not publicly accessible'
            ELSE 'publicly accessible' END AS reason
  FROM aws_rds_instance
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be databases that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'rds:DescribeDBInstances'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
