-- id: config-eksctl-volumes
-- order: 519
-- title: Volumes of nodes are encrypted
-- severity: medium
-- controls: nist-800-53r5 sc-28 sc-28(1); nist-800-171r2 3.13.16
-- kinds: config.eksctl_nodegroup
-- rationale: Where volumeEncrypted is not written, the account's default decides, which
--   this file does not show.
-- remediation: Write "volumeEncrypted: true" for the node group and for each of its
--   additionalVolumes, with volumeKmsKeyID for a key of your own.
-- since: 0.1.0
WITH what AS (
	SELECT n.*, CASE
	       WHEN n.outcome <> 'observed' THEN 'gone'
	       WHEN n.unread IS NULL OR n.volumes_open IS NULL
		    OR n.volumes_unstated IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(n.unread)
			     WHERE value = 'volume_encrypted') THEN 'unread'
	       WHEN n.volume_encrypted = 0 THEN 'open'
	       WHEN n.volumes_open > 0 THEN 'more-open'
	       WHEN n.volume_encrypted IS NULL AND n.launch_template IS NOT NULL THEN 'template'
	       WHEN n.volume_encrypted IS NULL THEN 'default'
	       WHEN n.volumes_unstated > 0 THEN 'more-default'
	       ELSE 'good' END AS found
	  FROM config_eksctl_nodegroup n),
means(found, verdict, stated, text) AS (VALUES
	('gone', 'unknown', NULL, ''),
	('untold', 'unknown', NULL, ': the evidence lacks a part of what it states'),
	('unread', 'unknown', 'volume_encrypted', ': volumeEncrypted is not true or false'),
	('open', 'not-satisfied', 'volume_encrypted', ' leaves its root volume unencrypted; write ''volumeEncrypted: true'''),
	('more-open', 'not-satisfied', 'volumes_open', ' leaves an additional volume unencrypted; write ''volumeEncrypted: true'' there'),
	('template', 'unknown', 'launch_template', ' takes its volumes from a launch template, which is not in this file'),
	('default', 'unknown', NULL, ' leaves the encryption of its root volume to the account''s default; write ''volumeEncrypted: true'''),
	('more-default', 'unknown', NULL, ' leaves the encryption of an additional volume to the account''s default; write ''volumeEncrypted: true'' there'),
	('good', 'satisfied', 'volume_encrypted', ' encrypts its volumes'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> m.stated, line)
       || ': node group ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
