-- id: aws-ecr-fips
-- order: 631
-- title: FIPS nodes can reach the FIPS endpoint of ECR
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-13 cm-2; nist-800-171r2 3.13.8 3.13.11
-- kinds: aws.eks_nodegroup aws.eks_cluster aws.subnet aws.route_table aws.vpc_endpoint
--   aws.launch_template aws.instance aws.image aws.ami_parameter aws.call aws.scope
-- with: aws-routes
-- rationale: Bottlerocket's FIPS variants pull images from ECR's FIPS endpoint. AWS does
--   not offer that endpoint over PrivateLink: in subnets without another way out nodes do
--   not start, or somebody has switched the FIPS endpoint off to make them start. A
--   private cluster and FIPS images do not go together freely.
-- remediation: Give the subnets of FIPS nodes a NAT gateway or a firewall as their way out
--   to ECR's FIPS endpoint.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
, own AS MATERIALIZED ( -- images of a group's own choice: of its template, and of its nodes
	SELECT g.subject, g.scope, t.image FROM aws_eks_nodegroup g
	  JOIN aws_launch_template t ON t.scope = g.scope AND t.outcome = 'observed'
	   AND t.key = g.launch_template || '/' || g.launch_template_version
	 WHERE g.ami_type = 'CUSTOM' AND t.image IS NOT NULL
	 UNION
	SELECT g.subject, g.scope, i.image_id FROM aws_eks_nodegroup g
	  JOIN aws_instance i ON i.scope = g.scope AND i.outcome = 'observed'
	   AND i.cluster = g.cluster AND i.node_group = g.name
	 WHERE g.ami_type = 'CUSTOM'),
chosen AS ( -- 1: one of them is a FIPS image; 0: none is; NULL: nobody can tell
	SELECT o.subject, iif(max(o.fips) = 1, 1, iif(min(o.fips IS NOT NULL) = 1, 0, NULL)) AS fips
	  FROM (SELECT w.subject, CASE
	               WHEN w.image GLOB 'resolve:ssm:/aws/service/*' THEN w.image GLOB '*-fips/*'
	               WHEN EXISTS (SELECT 1 FROM aws_ami_parameter p WHERE p.scope = w.scope
	                      AND p.outcome = 'observed' AND p.image_id = w.image)
	               THEN EXISTS (SELECT 1 FROM aws_ami_parameter p WHERE p.scope = w.scope
	                      AND p.outcome = 'observed' AND p.image_id = w.image AND p.fips = 1)
	               WHEN i.name GLOB '*-fips-*' AND i.owner_alias = 'amazon' THEN 1 END AS fips
	          FROM own w LEFT JOIN aws_image i ON i.scope = w.scope AND i.key = w.image
	           AND i.outcome = 'observed') o
	 GROUP BY o.subject),
groups AS (
	SELECT g.*, CASE WHEN g.ami_type GLOB '*_FIPS' THEN 'yes' WHEN g.ami_type IS NOT 'CUSTOM'
	       THEN iif(g.ami_type IS NULL, 'untold', 'no')
	       WHEN c.fips = 1 THEN 'yes' WHEN c.fips = 0 THEN 'no' ELSE 'untold' END AS image_fips
	  FROM aws_eks_nodegroup g LEFT JOIN chosen c ON c.subject = g.subject
	 WHERE g.outcome = 'observed'),
subnets AS (
	SELECT g.subject, count(*) AS n, sum(w.known) AS known, sum(w.known AND NOT w.out) AS shut
	  FROM aws_eks_nodegroup g JOIN json_each(g.subnets) j
	  LEFT JOIN way w ON w.scope = g.scope AND w.subnet = j.value
	 WHERE g.outcome = 'observed' GROUP BY g.subject),
link AS (
	SELECT c.scope, c.key AS cluster, max(e.service GLOB '*.ecr.dkr' OR e.service GLOB '*.ecr.api') AS plain,
	       max(e.service GLOB '*ecr*fips*') AS fips
	  FROM aws_eks_cluster c JOIN aws_vpc_endpoint e ON e.scope = c.scope AND e.vpc = c.vpc
	   AND e.outcome = 'observed' AND e.type = 'Interface' AND e.state = 'available'
	 WHERE c.outcome = 'observed' GROUP BY c.scope, c.key)
SELECT g.subject,
       CASE WHEN g.image_fips = 'no' THEN 'not-applicable'
            WHEN l.fips THEN 'satisfied'
            WHEN s.shut > 0 THEN iif(g.image_fips = 'untold', 'unknown', 'not-satisfied')
            WHEN s.n IS NULL OR s.known IS NOT s.n THEN 'unknown' ELSE 'satisfied' END AS verdict,
       CASE WHEN g.image_fips = 'no' THEN 'its nodes are not of a FIPS variant'
            WHEN l.fips THEN 'an interface endpoint of ECR''s FIPS service is in its VPC'
            WHEN s.shut > 0 THEN 'subnets without a way out' || iif(l.plain,
                 ', and ECR over PrivateLink, which has no FIPS endpoint', ' to ECR''s FIPS endpoint')
                 || iif(g.image_fips = 'untold', '; its image is of its own choice, and nothing shows '
                 || 'whether it is a FIPS variant', '')
            WHEN s.n IS NULL OR s.known IS NOT s.n THEN 'the routes of its subnets are not known'
            ELSE 'its subnets have a way out' || iif(l.plain,
                 '; the PrivateLink endpoint of ECR in its VPC is not the FIPS one', '') END AS reason
  FROM groups g LEFT JOIN subnets s ON s.subject = g.subject
  LEFT JOIN link l ON l.scope = g.scope AND l.cluster = g.cluster
 UNION ALL
SELECT subject, 'unknown', 'node group ' || outcome || ': ' || reason
  FROM aws_eks_nodegroup WHERE outcome <> 'observed'
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be node groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListNodegroups', 'eks:DescribeNodegroup')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
