-- id: aws-nodegroup-fips
-- order: 601
-- title: Node groups give their nodes FIPS images
-- severity: high
-- controls: nist-800-53r5 sc-13 cm-2; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: aws.eks_nodegroup aws.instance aws.image aws.ami_parameter aws.launch_template
--   node node.instance kube.node aws.call aws.scope
-- catalogs: aws-images eks-ami-types
-- with: ami-chain
-- rationale: The only EKS images that AWS publishes with FIPS mode on are Bottlerocket's
--   FIPS variants. For a group of type CUSTOM its launch template's image decides, and
--   what its instances were in fact started from decides over both: a type that was
--   changed says nothing of nodes that still run.
-- remediation: Make the node group anew with amiType BOTTLEROCKET_x86_64_FIPS or
--   BOTTLEROCKET_ARM_64_FIPS, or name a FIPS image in its launch template; then replace
--   the nodes that still run.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
, template AS (
	SELECT g.subject, t.image, c.fips, c.what
	  FROM aws_eks_nodegroup g
	  JOIN aws_launch_template t ON t.scope = g.scope AND t.outcome = 'observed'
	   AND t.template = g.launch_template AND t.key = g.launch_template || '/' || g.launch_template_version
	  LEFT JOIN chain c ON c.scope = g.scope AND c.image_id = t.image),
running AS ( -- what its instances say, the worst of them
	SELECT g.subject, count(*) AS n, sum(c.fips = 'no') AS no, sum(c.fips = 'yes') AS yes,
	       min(c.what) FILTER (WHERE c.fips = 'no') AS no_what,
	       min(c.what) FILTER (WHERE c.fips = 'cannot tell') AS cannot_what
	  FROM aws_eks_nodegroup g
	  JOIN aws_instance i ON i.scope = g.scope AND i.outcome = 'observed'
	   AND i.cluster = g.cluster AND i.node_group = g.name
	  JOIN chain c ON c.scope = i.scope AND c.image_id = i.image_id
	 GROUP BY g.subject),
what AS (
	SELECT g.*, y.fips AS of_type, y.why, t.image, t.what AS image_what, r.n, r.no, r.no_what,
	       r.cannot_what, CASE
	       WHEN g.outcome <> 'observed' THEN 'gone'
	       WHEN g.ami_type IS NULL THEN 'no-type'
	       WHEN y.fips IS NULL THEN 'new-type'
	       WHEN y.fips = 'no' THEN 'no'
	       WHEN y.fips = 'yes' AND r.no > 0 THEN 'yes-but'
	       WHEN y.fips = 'yes' THEN 'yes'
	       WHEN r.no > 0 THEN 'custom-no'
	       WHEN t.image GLOB 'resolve:ssm:/aws/service/bottlerocket/aws-k8s-*-fips/*' THEN 'custom-path'
	       WHEN t.image GLOB 'resolve:ssm:/aws/service/*' THEN 'custom-no-path'
	       WHEN t.fips = 'yes' THEN 'custom-yes'
	       WHEN t.fips = 'no' THEN 'custom-template'
	       WHEN t.what IS NULL AND r.yes = r.n THEN 'custom-running'
	       ELSE 'cannot' END AS found
	  FROM aws_eks_nodegroup g
	  LEFT JOIN catalog_eks_ami_types y ON y.ami_type = g.ami_type
	  LEFT JOIN template t ON t.subject = g.subject
	  LEFT JOIN running r ON r.subject = g.subject)
SELECT subject,
       CASE WHEN found IN ('yes', 'custom-path', 'custom-yes', 'custom-running') THEN 'satisfied'
            WHEN found IN ('gone', 'no-type', 'new-type', 'cannot') THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'node group ' || outcome || ': ' || reason
       WHEN 'no-type' THEN 'it names no type of image'
       WHEN 'new-type' THEN 'type ' || ami_type || ' is not in the catalogue of image types'
       WHEN 'no' THEN ami_type || ' is ' || why
       WHEN 'yes' THEN ami_type || ' is ' || why
       WHEN 'yes-but' THEN ami_type || ' is ' || why || ', but nodes of it still run another: ' || no_what
       WHEN 'custom-no' THEN 'of its own choice: ' || no_what
       WHEN 'custom-path' THEN 'its launch template takes the FIPS image that ' || substr(image, 13) || ' names'
       WHEN 'custom-no-path' THEN 'its launch template takes the image that ' || substr(image, 13)
            || ' names, which is no FIPS variant'
       WHEN 'custom-yes' THEN 'its launch template names a FIPS image: ' || image_what
       WHEN 'custom-template' THEN 'its launch template names no FIPS image: ' || image_what
       WHEN 'custom-running' THEN 'all its nodes were started from FIPS images of its own choice'
       ELSE 'of its own choice: ' || coalesce(image_what, cannot_what, 'neither a launch template nor a node of it shows which')
            || '; only evidence from its nodes can tell whether FIPS mode is on' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be node groups that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListNodegroups', 'eks:DescribeNodegroup')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
