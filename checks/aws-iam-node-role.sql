-- id: aws-iam-node-role
-- order: 635
-- title: Roles of nodes have what a node needs, and no more
-- severity: medium
-- controls: nist-800-53r5 ac-6 ac-6(1); nist-800-171r2 3.1.5
-- kinds: aws.eks_nodegroup aws.iam_role aws.iam_policy aws.iam_user aws.iam_group aws.call
--   aws.scope
-- catalogs: eks-node-policies iam-permissions
-- with: iam-grants
-- rationale: A container that reaches the metadata service of its node has the node's
--   role. What add-ons need belongs to their service accounts. AWS's policies for nodes
--   name actions on every resource, which is not a finding by itself.
-- remediation: Leave AmazonEKSWorkerNodePolicy (or the Minimal one) and
--   AmazonEC2ContainerRegistryPullOnly; move the rest to roles of service accounts.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
-- since: 0.1.0
, role AS (SELECT scope, subject, arn, attached, inline FROM aws_iam_role WHERE outcome = 'observed'),
node AS MATERIALIZED (
	SELECT g.subject, g.outcome, g.reason, g.role, r.subject AS role_subject, r.scope, r.attached, r.inline
	  FROM aws_eks_nodegroup g LEFT JOIN role r ON r.arn = g.role),
extra AS (
	SELECT subject, group_concat(text, '; ') AS text FROM (
		SELECT n.subject, h.policy || coalesce(': ' || k.why, ' is none of AWS''s policies for nodes') AS text
		  FROM node n JOIN has h ON h.subject = n.role_subject
		  LEFT JOIN catalog_eks_node_policies k ON k.policy = h.policy AND h.doc GLOB 'arn:aws*:iam::aws:policy/*'
		 WHERE k.expected IS NULL OR k.expected = 'no' ORDER BY 1, 2)
	 GROUP BY subject),
noted AS ( -- AWS's own set-up gives these to nodes
	SELECT n.subject, group_concat(DISTINCT h.policy || ': ' || k.why) AS text
	  FROM node n JOIN has h ON h.subject = n.role_subject
	  JOIN catalog_eks_node_policies k ON k.policy = h.policy AND h.doc GLOB 'arn:aws*:iam::aws:policy/*'
	 WHERE k.expected = 'note' GROUP BY n.subject),
danger AS (
	SELECT subject, group_concat(text, '; ') AS text FROM (
		SELECT DISTINCT n.subject, k.policy || ' grants ' || k.why AS text
		  FROM node n JOIN risk k ON k.subject = n.role_subject ORDER BY 1, 2)
	 GROUP BY subject)
SELECT n.subject,
       CASE WHEN n.outcome <> 'observed' OR n.role_subject IS NULL THEN 'unknown'
            WHEN d.text IS NOT NULL OR x.text IS NOT NULL THEN 'not-satisfied' ELSE 'satisfied' END AS verdict,
       CASE WHEN n.outcome <> 'observed' THEN 'node group ' || n.outcome || ': ' || n.reason
            WHEN n.role_subject IS NULL THEN coalesce('its role ' || n.role || ' could not be read', 'it names no role')
            WHEN d.text IS NOT NULL THEN d.text
            WHEN x.text IS NOT NULL THEN x.text
            ELSE 'only AWS''s policies for nodes' || coalesce('; ' || t.text, '')
            END AS reason
  FROM node n LEFT JOIN extra x ON x.subject = n.subject LEFT JOIN danger d ON d.subject = n.subject
  LEFT JOIN noted t ON t.subject = n.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be node groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListNodegroups', 'eks:DescribeNodegroup')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
