-- id: kube-volume-encrypted
-- order: 431
-- title: Volumes are encrypted where they are kept
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-13; nist-800-171r2 3.13.16; cmmc-l2 SC.L2-3.13.16
-- kinds: kube.volume kube.storage_class kube.claim aws.volume aws.efs_file_system aws.kms_key kube.cluster kube.list
-- with: kube-unlisted
-- rationale: A storage class says how volumes are made today, not how this one was made.
--   Only AWS knows whether the volume behind it is encrypted, and with which key.
-- remediation: Collect from the AWS account too; make unencrypted volumes anew from a
--   snapshot copied with encryption.
-- references: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
-- since: 0.1.0
, disk AS MATERIALIZED (
	SELECT key, outcome, reason, encrypted, kms_key FROM aws_volume
	 UNION ALL SELECT key, outcome, reason, encrypted, kms_key FROM aws_efs_file_system),
kms AS MATERIALIZED (SELECT arn, state, manager FROM aws_kms_key WHERE outcome = 'observed'),
chain AS (
	SELECT v.*, d.key AS disk, d.outcome AS disk_outcome, d.reason AS disk_reason, d.encrypted,
	       d.kms_key, m.arn AS key_seen, m.state, m.manager, lower(c.encrypted) AS class_says,
	       coalesce(v.claim || ' on ', '') || v.volume_id AS what
	  FROM kube_volume v
	  LEFT JOIN disk d ON d.key = CASE WHEN instr(v.volume_id, ':') > 0
	       THEN substr(v.volume_id, 1, instr(v.volume_id, ':') - 1) ELSE v.volume_id END
	  LEFT JOIN kms m ON m.arn = d.kms_key
	  LEFT JOIN kube_storage_class c ON c.scope = v.scope AND c.key = v.storage_class)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR disk IS NULL OR disk_outcome <> 'observed'
                 OR encrypted IS NULL THEN 'unknown'
            WHEN NOT encrypted THEN 'not-satisfied'
            WHEN kms_key IS NULL OR key_seen IS NOT NULL AND state IS NULL THEN 'unknown'
            WHEN state NOT IN ('Enabled', 'Creating', 'Updating') THEN 'not-satisfied'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'volume ' || outcome || ': ' || reason
            WHEN volume_id IS NULL THEN 'driver ' || coalesce(driver, 'not named')
                 || ': nothing shows whether it encrypts'
            WHEN disk IS NULL AND driver NOT LIKE '%ebs%' AND driver NOT LIKE '%efs%'
            THEN 'driver ' || driver || ': nothing shows whether it encrypts'
            WHEN disk IS NULL THEN 'AWS was not asked about its disk; its storage class '
                 || coalesce(storage_class || ' says encrypted is ' || coalesce(class_says,
                    'not set'), 'is not named')
            WHEN disk_outcome <> 'observed' THEN 'its disk ' || disk_outcome || ': ' || disk_reason
            WHEN encrypted IS NULL THEN 'AWS does not say whether its disk is encrypted'
            WHEN NOT encrypted THEN what || ': not encrypted'
            WHEN kms_key IS NULL THEN what || ': encrypted, but the evidence lacks its key'
            WHEN key_seen IS NOT NULL AND state IS NULL THEN what
                 || ': the state of its key could not be read'
            WHEN state NOT IN ('Enabled', 'Creating', 'Updating') THEN what
                 || ': its key is ' || state
            ELSE 'encrypted with ' || CASE manager WHEN 'AWS' THEN 'the account''s AWS key'
                 WHEN 'CUSTOMER' THEN 'a key of your own'
                 ELSE 'key ' || kms_key END END AS reason
  FROM chain
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.volume';
