-- id: aws-flow-logs
-- order: 632
-- title: Network traffic of the cluster's VPC is logged
-- severity: medium
-- controls: nist-800-53r5 au-2 au-12 si-4; nist-800-171r2 3.3.1 3.14.6
-- kinds: aws.eks_cluster aws.flow_log aws.call aws.scope
-- rationale: A flow log of the VPC, delivered, of what was accepted and what was rejected,
--   shows who talked to whom.
-- remediation: Make a flow log of the VPC with traffic type ALL, to a bucket or log group
--   of a central account.
-- references: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
-- since: 0.1.0
WITH logged AS (
	SELECT scope, resource, max(status = 'ACTIVE' AND delivery = 'SUCCESS' AND traffic = 'ALL') AS good,
	       max(status = 'ACTIVE' AND delivery = 'SUCCESS') AS some, count(*) AS n
	  FROM aws_flow_log WHERE outcome = 'observed' GROUP BY scope, resource),
told AS ( -- that there is none is known where the list was answered
	SELECT scope FROM aws_call WHERE outcome = 'observed' AND result = 'answered'
	   AND key = 'ec2:DescribeFlowLogs')
SELECT c.subject,
       CASE WHEN c.outcome <> 'observed' OR c.vpc IS NULL THEN 'unknown'
            WHEN l.good THEN 'satisfied'
            WHEN l.n IS NULL AND g.scope IS NULL THEN 'unknown' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN c.outcome <> 'observed' THEN 'cluster ' || c.outcome || ': ' || c.reason
            WHEN c.vpc IS NULL THEN 'the answer does not say which VPC it is in'
            WHEN l.good THEN 'a flow log of all traffic of its VPC is delivered'
            WHEN l.n IS NULL AND g.scope IS NULL THEN 'the flow logs of the region could not be read'
            WHEN l.some THEN 'the flow log of its VPC is not of all traffic'
            WHEN l.n > 0 THEN 'the flow log of its VPC is not delivered'
            ELSE 'no flow log of its VPC' END AS reason
  FROM aws_eks_cluster c LEFT JOIN logged l ON l.scope = c.scope AND l.resource = c.vpc
  LEFT JOIN told g ON g.scope = c.scope
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
