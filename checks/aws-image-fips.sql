-- id: aws-image-fips
-- order: 600
-- title: Instances run FIPS images
-- severity: high
-- layer: aws image
-- controls: nist-800-53r5 sc-13 cm-2 cm-8; nist-800-171r2 3.13.11; cmmc-l2
--   SC.L2-3.13.11
-- kinds: aws.instance aws.image aws.ami_parameter aws.launch_template node node.instance
--   kube.node aws.call aws.scope
-- catalogs: aws-images
-- with: ami-chain
-- rationale: An image id says nothing by itself. It is looked up in the public parameters
--   in which AWS names its images, then by name, which counts where AWS is the owner:
--   anyone may name an image as AWS does. An image that was deregistered cannot be
--   looked at any more. A FIPS image is one that boots in FIPS mode; which modules it
--   has, and whether they are validated, the node itself shows.
-- remediation: Start nodes from a Bottlerocket FIPS variant (amiType *_FIPS), or collect
--   evidence from the nodes of an image of your own, 'exhibit collect node'.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
SELECT i.subject,
       CASE WHEN i.outcome <> 'observed' THEN 'unknown'
            WHEN s.fips = 0 THEN 'not-satisfied'
            WHEN s.fips = 1 OR c.fips = 'yes' THEN 'satisfied'
            WHEN c.fips = 'no' THEN 'not-satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN i.outcome <> 'observed' THEN 'instance ' || i.outcome || ': ' || i.reason
            WHEN c.what IS NULL THEN 'it names no image'
            ELSE c.what || CASE
            WHEN s.fips = 0 THEN '; but its node was seen with FIPS mode off'
            WHEN s.fips = 1 AND c.fips = 'yes' THEN '; its node was seen in FIPS mode'
            WHEN s.fips = 1 THEN '; but its node was seen in FIPS mode'
            WHEN c.fips = 'cannot tell' THEN '; only evidence from the node can tell whether FIPS mode is on'
            ELSE '' END END AS reason
  FROM aws_instance i
  LEFT JOIN chain c ON c.scope = i.scope AND c.image_id = i.image_id
  LEFT JOIN seen s ON s.instance_id = i.key
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be instances that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeInstances'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
