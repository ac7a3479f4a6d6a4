-- id: kube-node-image
-- order: 475
-- title: Nodes of a cluster were started from FIPS images
-- severity: high
-- controls: nist-800-53r5 sc-13 cm-8; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.node aws.instance aws.image aws.ami_parameter aws.launch_template node node.instance kube.cluster kube.list
-- catalogs: aws-images
-- with: kube-node-chain
-- rationale: The label of a node that names its image can be written by whoever may
--   change nodes. The node's provider id leads to the instance, and EC2 says which
--   image that was started from.
-- remediation: Collect the AWS account of the cluster beside it; replace nodes whose
--   image is no FIPS image.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
SELECT k.subject,
       CASE WHEN k.outcome <> 'observed' OR i.key IS NULL OR i.outcome <> 'observed' THEN 'unknown'
            WHEN k.node_group_image <> i.image_id OR s.fips = 0 THEN 'not-satisfied'
            WHEN s.fips = 1 OR c.fips = 'yes' THEN 'satisfied'
            WHEN c.fips = 'no' THEN 'not-satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN k.outcome <> 'observed' THEN 'node ' || k.outcome || ': ' || k.reason
            WHEN k.compute_type = 'fargate' THEN 'a Fargate node, whose kernel and image AWS shows to nobody'
            WHEN k.instance_id IS NULL THEN 'its provider id names no EC2 instance'
            WHEN i.key IS NULL THEN 'no AWS evidence of its instance; collect the account and region it is in'
            WHEN i.outcome <> 'observed' THEN 'its instance ' || i.outcome || ': ' || i.reason
            WHEN c.what IS NULL THEN 'its instance names no image'
            WHEN k.node_group_image <> i.image_id THEN 'its label says ' || k.node_group_image
                 || ', but its instance was started from ' || i.image_id || ': ' || c.what
            ELSE c.what || CASE
            WHEN s.fips = 0 THEN '; but the node was seen with FIPS mode off'
            WHEN s.fips = 1 AND c.fips = 'yes' THEN '; the node was seen in FIPS mode'
            WHEN s.fips = 1 THEN '; but the node was seen in FIPS mode'
            WHEN c.fips = 'cannot tell' THEN '; only evidence from the node can tell whether FIPS mode is on'
            ELSE '' END END AS reason
  FROM kube_node k
  LEFT JOIN (SELECT key, min(scope) AS scope, outcome, reason, image_id
               FROM aws_instance GROUP BY key) i ON i.key = k.instance_id
  LEFT JOIN chain c ON c.scope = i.scope AND c.image_id = i.image_id
  LEFT JOIN seen s ON s.instance_id = k.instance_id
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.node';
