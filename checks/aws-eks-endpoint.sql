-- id: aws-eks-endpoint
-- order: 612
-- title: The API server is not open to the internet
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-17 sc-7; nist-800-171r2 3.1.12 3.13.1 3.13.6; cmmc-l2
--   SC.L2-3.13.1
-- kinds: aws.eks_cluster aws.call aws.scope
-- rationale: EKS makes the API server reachable from all addresses unless it is told
--   otherwise. With access within the VPC switched off, nodes reach it by its public
--   address too.
-- remediation: Switch private access on and public access off (aws eks
--   update-cluster-config), or restrict publicAccessCidrs to the addresses that need it.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
-- since: 0.1.0
WITH what AS (
	SELECT c.*, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN public_access IS NULL OR private_access IS NULL THEN 'unsaid'
	       WHEN NOT public_access AND private_access THEN 'private'
	       WHEN NOT public_access THEN 'closed'
	       WHEN public_cidrs IS NULL OR json_array_length(public_cidrs) = 0 OR EXISTS (
	            SELECT 1 FROM json_each(public_cidrs) WHERE value IN ('0.0.0.0/0', '::/0')) THEN 'open'
	       WHEN EXISTS (SELECT 1 FROM json_each(public_cidrs) WHERE value GLOB '*/[0-7]') THEN 'wide'
	       WHEN NOT private_access THEN 'outside'
	       ELSE 'limited' END AS found
	  FROM aws_eks_cluster c)
SELECT subject,
       CASE WHEN found IN ('gone', 'unsaid', 'closed') THEN 'unknown'
            WHEN found IN ('private', 'limited') THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'cluster ' || outcome || ': ' || reason
       WHEN 'unsaid' THEN 'the answer does not say from where it can be reached'
       WHEN 'closed' THEN 'neither public nor private access is on, which EKS does not allow'
       WHEN 'private' THEN 'reachable within the VPC only'
       WHEN 'open' THEN 'open to every address of the internet'
            || iif(private_access, '', ', and nodes reach it by its public address')
       WHEN 'wide' THEN 'open to a large part of the internet: ' || (
            SELECT group_concat(value, ', ') FROM json_each(public_cidrs) WHERE value GLOB '*/[0-7]')
       WHEN 'outside' THEN 'nodes reach it by its public address: private access is off'
       ELSE 'reachable within the VPC, and from ' || (
            SELECT group_concat(value, ', ') FROM json_each(public_cidrs)) END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
