-- id: aws-nodegroup-ssh
-- order: 619
-- title: Nobody logs in to nodes by SSH from everywhere
-- severity: medium
-- controls: nist-800-53r5 ac-17 sc-7 cm-7; nist-800-171r2 3.1.12 3.4.6
-- kinds: aws.eks_nodegroup aws.call aws.scope
-- rationale: A node group with a key pair and without source security groups opens port 22
--   of its nodes to every address.
-- remediation: Make the node group anew without remote access, and use Session Manager;
--   or name source security groups.
-- references: https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN ssh_key IS NULL OR json_array_length(coalesce(ssh_sources, '[]')) > 0 THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'node group ' || outcome || ': ' || reason
            WHEN ssh_key IS NULL THEN 'no key pair, so that nobody logs in by SSH'
            WHEN json_array_length(coalesce(ssh_sources, '[]')) > 0
            THEN 'a key pair logs in, from named security groups only'
            ELSE 'a key pair logs in, from every address: no source security group is named' END AS reason
  FROM aws_eks_nodegroup
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be node groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListNodegroups', 'eks:DescribeNodegroup')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
