-- id: config-resource-encryption
-- order: 561
-- title: Planned storage is encrypted
-- severity: high
-- controls: nist-800-53r5 sc-12 sc-28 sc-28(1); nist-800-171r2 3.13.16
-- kinds: config.resource config.file
-- rationale: A database is not encrypted unless it says so; of a volume the account's
--   default decides, which this file does not show. In a Terraform plan the provider of
--   encryption_config always has a key, even one that is made only then. SM2 and secp256k1 keys of KMS are not
--   approved.
-- remediation: Write "encrypted = true" (volumes, block devices), "storage_encrypted =
--   true" (databases), "encryption_config" with a key (EKS clusters), and
--   "enable_key_rotation = true" (keys).
-- since: 0.1.0
WITH what AS (
	SELECT r.*, CASE
	       WHEN r.outcome <> 'observed' THEN 'gone'
	       WHEN r.unread IS NULL OR r.type IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(r.unread)
			     WHERE value IN ('encrypted', 'sse_algorithm', 'key_spec', 'rotation'))
		    THEN 'unread'
	       WHEN r.type = 'eks_cluster' AND EXISTS (SELECT 1 FROM json_each(r.unread)
			     WHERE value = 'kms_key_id')
		    THEN CASE WHEN f.type LIKE '%terraform%' THEN 'key' ELSE 'unread' END
	       WHEN r.type = 'eks_cluster' AND r.kms_key_id IS NULL THEN 'no-key'
	       WHEN r.type = 'eks_cluster' THEN 'key'
	       WHEN r.type IN ('db_instance', 'db_cluster') AND r.encrypted IS NOT 1 THEN 'open'
	       WHEN r.type IN ('volume', 'instance', 'launch_template', 'machine', 'nodeclass') AND r.encrypted = 0 THEN 'open'
	       WHEN r.type IN ('volume', 'instance', 'launch_template', 'machine', 'nodeclass') AND r.encrypted IS NULL THEN 'default'
	       WHEN r.type = 'bucket' AND r.sse_algorithm IS NULL THEN 'bucket-default'
	       WHEN r.type = 'kms_key' AND r.key_spec IN ('SM2', 'ECC_SECG_P256K1') THEN 'spec'
	       WHEN r.type = 'kms_key' AND coalesce(r.key_spec, 'SYMMETRIC_DEFAULT') = 'SYMMETRIC_DEFAULT'
		    AND r.rotation IS NOT 1 THEN 'no-rotation'
	       WHEN r.type = 'kms_key' THEN 'rotated'
	       WHEN r.type IN ('eks_nodegroup', 'listener') THEN 'other'
	       WHEN r.encrypted = 1 OR r.sse_algorithm IN ('AES256', 'aws:kms', 'aws:kms:dsse') THEN 'good'
	       ELSE 'untold' END AS found
	  FROM config_resource r
	  LEFT JOIN config_file f ON f.scope = r.scope AND f.key = r.file),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': its encryption is known only once it is made'),
	('key', 'satisfied', ' encrypts secrets with a key of its own'),
	('no-key', 'not-satisfied', ' encrypts secrets at best with a key that AWS owns; write encryption_config with a key'),
	('open', 'not-satisfied', ' is not encrypted; write encrypted (volumes) or storage_encrypted (databases) as true'),
	('default', 'unknown', ' leaves its encryption to the account''s default; write encrypted = true'),
	('bucket-default', 'unknown', ' states no encryption of its own; write aws:kms or AES256'),
	('spec', 'not-satisfied', ' is a key of an algorithm that is not approved; write SYMMETRIC_DEFAULT or ECC_NIST_P384'),
	('no-rotation', 'not-satisfied', ' is a key that is not rotated; write enable_key_rotation = true'),
	('rotated', 'satisfied', ' is a key of an approved algorithm, and rotated if AWS can'),
	('other', 'not-applicable', ' stores nothing'),
	('good', 'satisfied', ' is encrypted'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'encrypted', lines ->> 'kms_key_id',
			       lines ->> 'sse_algorithm', lines ->> 'key_spec', line)
       || ': ' || address || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
