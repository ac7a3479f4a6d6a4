-- id: aws-subnet-private
-- order: 630
-- title: Nodes are in private subnets
-- severity: medium
-- controls: nist-800-53r5 sc-7 ac-4; nist-800-171r2 3.13.1 3.13.5
-- kinds: aws.subnet aws.eks_nodegroup aws.instance aws.route_table aws.call aws.scope
-- with: aws-routes
-- rationale: In a subnet with a route to an internet gateway a node that has a public
--   address can be reached from everywhere.
-- remediation: Put node groups into subnets whose default route is a NAT gateway, or that
--   have none and use VPC endpoints; switch automatic public addresses off.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
-- since: 0.1.0
, nodes AS ( -- subnets in which node groups start nodes, or nodes are
	SELECT g.scope, j.value AS subnet FROM aws_eks_nodegroup g JOIN json_each(g.subnets) j
	 WHERE g.outcome = 'observed'
	 UNION
	SELECT scope, subnet FROM aws_instance WHERE outcome = 'observed' AND cluster IS NOT NULL)
SELECT s.subject,
       CASE WHEN s.outcome <> 'observed' OR w.known IS NOT 1 THEN 'unknown'
            WHEN w.internet OR s.public_ips THEN 'not-satisfied'
            WHEN s.public_ips IS NULL THEN 'unknown' ELSE 'satisfied' END AS verdict,
       CASE WHEN s.outcome <> 'observed' THEN 'subnet ' || s.outcome || ': ' || s.reason
            WHEN w.known IS NOT 1 THEN 'its route table could not be read'
            WHEN w.internet AND s.public_ips
            THEN 'a route to an internet gateway, and public addresses for what is started in it'
            WHEN w.internet THEN 'a route to an internet gateway'
            WHEN s.public_ips THEN 'public addresses for what is started in it'
            WHEN s.public_ips IS NULL THEN 'the answer does not say whether it gives public addresses'
            WHEN w.out THEN 'no route to an internet gateway; its way out is another'
            ELSE 'no way out' END AS reason
  FROM nodes n JOIN aws_subnet s ON s.scope = n.scope AND s.key = n.subnet
  LEFT JOIN way w ON w.scope = s.scope AND w.subnet = s.key
 UNION ALL
SELECT g.subject, 'unknown', 'its subnet ' || min(j.value) || ' was not read'
  FROM aws_eks_nodegroup g JOIN json_each(g.subnets) j
 WHERE g.outcome = 'observed' AND NOT EXISTS (
       SELECT 1 FROM aws_subnet s WHERE s.scope = g.scope AND s.key = j.value)
 GROUP BY g.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be node groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListNodegroups', 'eks:DescribeNodegroup')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
