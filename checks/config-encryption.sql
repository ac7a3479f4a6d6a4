-- id: config-encryption
-- order: 550
-- title: The API server encrypts with a key management service
-- severity: high
-- controls: nist-800-53r5 sc-12 sc-13 sc-28; nist-800-171r2 3.13.10 3.13.16
-- kinds: config.encryption
-- rationale: The first provider of an entry writes. identity writes plain text;
--   secretbox is XSalsa20-Poly1305, which is not approved; aescbc and aesgcm keep their
--   keys in this very file; kms v1 is deprecated.
-- remediation: Put "kms: {apiVersion: v2, name: ..., endpoint: ...}" first; identity may
--   stay last while old data is being written anew.
-- references: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
-- since: 0.1.0
WITH what AS (
	SELECT e.*, CASE
	       WHEN e.outcome <> 'observed' THEN 'gone'
	       WHEN EXISTS (SELECT 1 FROM config_encryption o, json_each(o.resources) r
			     WHERE o.scope = e.scope AND o.file = e.file AND o.number < e.number
			       AND r.value = '*.*') THEN 'shadowed'
	       WHEN e.first IS NULL THEN 'none'
	       WHEN e.first IN ('identity', 'secretbox', 'aescbc', 'aesgcm', 'kms v1', 'kms v2')
		    THEN e.first
	       ELSE 'other' END AS found
	  FROM config_encryption e),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('shadowed', 'not-applicable', ' is never used: an entry before it names every resource'),
	('none', 'not-satisfied', ' has no provider; put kms v2 first'),
	('identity', 'not-satisfied', ' is written in plain text, because identity is first; put kms v2 first'),
	('secretbox', 'not-satisfied', ' is encrypted by secretbox, which is not approved; put kms v2 first'),
	('aescbc', 'not-satisfied', ' is encrypted by aescbc with a key that stands in this file; put kms v2 first'),
	('aesgcm', 'not-satisfied', ' is encrypted by aesgcm with a key that stands in this file; put kms v2 first'),
	('kms v1', 'not-satisfied', ' is encrypted through kms v1, which is deprecated; write ''apiVersion: v2'''),
	('kms v2', 'satisfied', ' is encrypted through kms v2'),
	('other', 'unknown', ' is encrypted by a provider that is not known'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'first', line) || ': '
       || coalesce((SELECT group_concat(value, ', ') FROM json_each(resources)),
		   'entry ' || number)
       || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
