-- id: aws-eks-logging
-- order: 614
-- title: The control plane writes its audit log
-- severity: medium
-- controls: nist-800-53r5 au-2 au-12; nist-800-171r2 3.3.1; cmmc-l2 AU.L2-3.3.1
-- kinds: aws.eks_cluster aws.call aws.scope
-- rationale: EKS keeps no log of the control plane unless types are enabled; at least
--   the audit log is needed to show who did what, and the authenticator's to show which
--   IAM principal that was.
-- remediation: Enable api, audit, authenticator, controllerManager and scheduler (aws eks
--   update-cluster-config --logging).
-- references: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
-- since: 0.1.0
WITH lacking AS (
	SELECT c.subject, group_concat(t.type, ', ') AS types
	  FROM aws_eks_cluster c
	  JOIN (SELECT 'api' AS type UNION ALL SELECT 'audit' UNION ALL SELECT 'authenticator'
	        UNION ALL SELECT 'controllerManager' UNION ALL SELECT 'scheduler') t
	 WHERE NOT EXISTS (SELECT 1 FROM json_each(c.logs) WHERE value = t.type)
	 GROUP BY c.subject)
SELECT c.subject,
       CASE WHEN c.outcome <> 'observed' OR c.logs IS NULL THEN 'unknown'
            WHEN EXISTS (SELECT 1 FROM json_each(c.logs) WHERE value = 'audit')
             AND EXISTS (SELECT 1 FROM json_each(c.logs) WHERE value = 'authenticator')
            THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN c.outcome <> 'observed' THEN 'cluster ' || c.outcome || ': ' || c.reason
            WHEN c.logs IS NULL THEN 'the answer does not say which logs are on'
            WHEN json_array_length(c.logs) = 0 THEN 'no log of the control plane is on'
            WHEN l.types IS NULL THEN 'all five types of log are on'
            ELSE 'not on: ' || l.types END AS reason
  FROM aws_eks_cluster c LEFT JOIN lacking l ON l.subject = c.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
