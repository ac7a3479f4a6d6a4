-- title: AWS: trails
-- order: 330
-- kinds: aws.trail
-- about: Trails of CloudTrail as each region sees them. A trail of every region is one row
--   with the number of regions it was seen in.
SELECT coalesce(arn, key) AS trail, CASE WHEN outcome <> 'observed' THEN outcome
       WHEN unread ->> 'Status' IS NOT NULL THEN 'not known'
       WHEN logging THEN 'records' WHEN logging = 0 THEN 'stopped' ELSE 'not known' END AS state,
       coalesce(management, 'not known') AS "management events",
       CASE multi_region WHEN 1 THEN 'every region' WHEN 0 THEN home_region END AS "of",
       CASE validation WHEN 1 THEN 'signed' WHEN 0 THEN 'not signed' END AS files,
       kms_key AS key, bucket, log_group AS "log group", count(*) AS "seen in regions"
  FROM aws_trail
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3;
