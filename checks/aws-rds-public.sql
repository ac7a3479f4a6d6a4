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
-- gone: database
-- lists: databases by rds:DescribeDBInstances
-- code: no satisfied not publicly accessible
-- code: yes not-satisfied publicly accessible
-- code: untold unknown the answer does not say whether it is publicly accessible
SELECT subject, CASE WHEN public IS NULL THEN 'untold' WHEN public = 0 THEN 'no' ELSE 'yes' END AS code
  FROM aws_rds_instance;
