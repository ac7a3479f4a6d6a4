-- id: aws-image-support
-- order: 602
-- title: Instances run images that are still supported
-- severity: medium
-- controls: nist-800-53r5 sa-22 si-2; nist-800-171r2 3.14.1
-- kinds: aws.instance aws.image aws.ami_parameter aws.launch_template node node.instance
--   kube.node aws.call aws.scope
-- catalogs: aws-images
-- with: ami-chain
-- rationale: EKS images of Amazon Linux 2 had their end of support on 2025-11-26 and get
--   no corrections any more; their modules were validated to FIPS 140-2 only, whose
--   certificates have all become historical. An image past its deprecation time is one
--   its owner no longer wants used.
-- remediation: Replace the instances by ones of a current image.
-- references: https://github.com/awslabs/amazon-eks-ami/issues/2545
--   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
-- since: 0.1.0
SELECT i.subject,
       CASE WHEN i.outcome <> 'observed' OR c.what IS NULL OR c.found IN ('not found', 'not read') THEN 'unknown'
            WHEN c.family = 'al2' AND a.as_of >= '2025-11-26' THEN 'not-satisfied'
            WHEN m.outcome IS NULL OR m.outcome <> 'observed' THEN 'unknown'
            WHEN m.deprecated <= a.as_of THEN 'not-satisfied'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN i.outcome <> 'observed' THEN 'instance ' || i.outcome || ': ' || i.reason
            WHEN c.what IS NULL THEN 'it names no image'
            WHEN c.found IN ('not found', 'not read') THEN c.what
            WHEN c.family = 'al2' AND a.as_of >= '2025-11-26'
            THEN 'image ' || i.image_id || ' is of Amazon Linux 2, whose EKS images had their end of support on 2025-11-26'
            WHEN m.outcome IS NULL OR m.outcome <> 'observed' THEN 'image ' || i.image_id || ' could not be read'
            WHEN m.deprecated <= a.as_of
            THEN 'image ' || i.image_id || ' is deprecated since ' || substr(m.deprecated, 1, 10)
            ELSE 'its image is not deprecated' END AS reason
  FROM aws_instance i CROSS JOIN asked a
  LEFT JOIN chain c ON c.scope = i.scope AND c.image_id = i.image_id
  LEFT JOIN aws_image m ON m.scope = i.scope AND m.key = i.image_id
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be instances that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeInstances'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
