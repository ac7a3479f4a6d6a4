-- id: aws-eks-auth
-- order: 615
-- title: Access to the cluster is by access entries
-- severity: low
-- controls: nist-800-53r5 ac-2 ac-6; nist-800-171r2 3.1.1
-- kinds: aws.eks_cluster aws.call aws.scope
-- rationale: With CONFIG_MAP alone, who is an administrator stands in a ConfigMap that
--   anyone who may edit it in kube-system can change, outside IAM and its log. With
--   API_AND_CONFIG_MAP that ConfigMap still counts beside the access entries.
-- remediation: Move to access entries (aws eks update-cluster-config --access-config
--   authenticationMode=API).
-- references: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN auth_mode IN ('API', 'API_AND_CONFIG_MAP') THEN 'satisfied'
            WHEN auth_mode = 'CONFIG_MAP' THEN 'not-satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'cluster ' || outcome || ': ' || reason
            WHEN auth_mode = 'API' THEN 'it knows its users by access entries only'
            WHEN auth_mode = 'API_AND_CONFIG_MAP' THEN 'it knows its users by access entries; the ConfigMap aws-auth still counts beside them'
            WHEN auth_mode = 'CONFIG_MAP' THEN 'it knows its users from the ConfigMap aws-auth only'
            WHEN auth_mode IS NULL THEN 'the answer does not say how it knows its users'
            ELSE 'authentication mode ' || auth_mode || ' is not known to this check' END AS reason
  FROM aws_eks_cluster
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
