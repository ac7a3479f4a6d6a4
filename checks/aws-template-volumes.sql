-- id: aws-template-volumes
-- order: 625
-- title: Launch templates encrypt their volumes
-- severity: medium
-- controls: nist-800-53r5 sc-28 cm-6; nist-800-171r2 3.13.16
-- kinds: aws.launch_template aws.ebs_default aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: A volume whose encryption is not stated is encrypted where that is the
--   default of the region, or where the image's own snapshot is. Where it is the default,
--   every new volume is encrypted whatever a template says. A key that a volume names must
--   be one that can be used, and that not every account may use.
-- remediation: Write Encrypted true into the block device mappings, or make encryption the
--   default of the region.
-- references: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
-- since: 0.1.0
, key_setting AS (
	SELECT t.subject, t.scope, v.value ->> '$.kms_key' AS kms_key
	  FROM aws_launch_template t JOIN json_each(t.volumes) v
	 WHERE coalesce(v.value ->> '$.encrypted', 1) <> 0),
counted AS (
	SELECT t.subject, count(v.key) AS n,
	       sum(v.value ->> '$.encrypted' = 0) AS open, sum(v.value ->> '$.encrypted' IS NULL) AS unsaid
	  FROM aws_launch_template t LEFT JOIN json_each(t.volumes) v GROUP BY t.subject),
what AS (
	SELECT t.*, n, open, unsaid, d.encrypted AS by_default, d.outcome AS d_outcome
	  FROM aws_launch_template t JOIN counted c USING (subject)
	  LEFT JOIN aws_ebs_default d ON d.scope = t.scope),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN d_outcome = 'observed' AND by_default THEN 'satisfied'
            WHEN open > 0 AND by_default IS NULL THEN 'unknown'
            WHEN open > 0 THEN 'not-satisfied'
            WHEN n > 0 AND unsaid = 0 THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'launch template ' || outcome || ': ' || reason
            WHEN d_outcome = 'observed' AND by_default THEN 'every new volume of the region is encrypted'
            WHEN open > 0 AND by_default IS NULL
            THEN 'some of its volumes say that they are not encrypted, and the default of the region is not known'
            WHEN open > 0 THEN 'some of its volumes are not encrypted'
            WHEN n > 0 AND unsaid = 0 THEN 'all its volumes are encrypted'
            WHEN n = 0 THEN 'it states no volumes, so that the image decides; encryption is '
                 || iif(by_default IS NULL, 'perhaps not', 'not') || ' the default of the region'
            ELSE 'it does not state whether its volumes are encrypted, so that the image decides; encryption is '
                 || iif(by_default IS NULL, 'perhaps not', 'not') || ' the default of the region' END AS reason
  FROM what)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be launch templates that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeLaunchTemplateVersions'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
