-- id: aws-trail-regions
-- order: 761
-- title: Trails record every region
-- severity: medium
-- controls: nist-800-53r5 au-12 au-2; nist-800-171r2 3.3.1
-- kinds: aws.trail aws.call aws.scope
-- rationale: Whoever got in makes things in a region nobody looks at.
-- remediation: Make the trail a multi-region trail.
-- references: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'absent' THEN 'not-applicable' WHEN outcome <> 'observed' OR multi_region IS NULL THEN 'unknown'
            WHEN multi_region = 1 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'trail ' || outcome || ': ' || reason
            WHEN multi_region IS NULL THEN 'the answer does not say whether it records every region'
            WHEN multi_region = 1 THEN 'it records every region' ELSE 'it records one region only' END AS reason
  FROM aws_trail
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be trails that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'cloudtrail:DescribeTrails'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
