-- id: config-encryption-secrets
-- order: 549
-- title: Kubernetes Secrets are stored encrypted
-- severity: high
-- controls: nist-800-53r5 sc-12 sc-13 sc-28; nist-800-171r2 3.13.10 3.13.16
-- kinds: config.file config.encryption
-- rationale: The API server uses the first entry that names a resource, and the first
--   provider of that entry writes. "*." names every resource of the core group, Secrets
--   among them, and "*.*" every resource. An entry for Secrets after one of these is
--   never used, and a file that names none of them stores Secrets in plain text.
-- remediation: Make the first entry that names secrets, "*." or "*.*" one whose first
--   provider is "kms: {apiVersion: v2, ...}".
-- references: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
-- since: 0.1.0
WITH file AS (
	SELECT f.* FROM config_file f
	 WHERE ',' || f.type || ',' LIKE '%,encryption,%'
	    OR f.type IS NULL AND f.outcome = 'observed' AND EXISTS (
	       SELECT 1 FROM config_encryption e WHERE e.scope = f.scope AND e.file = f.key)
	    OR f.outcome <> 'observed' AND EXISTS (SELECT 1 FROM config_encryption e
						    WHERE e.scope = f.scope)),
entry AS (
	SELECT e.scope, e.file, e.number, e.first, e.line, e.lines,
	       e.unread IS NULL OR e.outcome <> 'observed' OR e.resources IS NULL
		OR EXISTS (SELECT 1 FROM json_each(e.unread) WHERE value = 'resources') AS untold,
	       (SELECT min(value) FROM json_each(e.resources)
		 WHERE value IN ('secrets', '*.', '*.*')) AS named
	  FROM config_encryption e),
-- the first that is for Secrets, or may be; one without a number may be any
rule AS (
	SELECT * FROM (
		SELECT e.*, row_number() OVER (PARTITION BY scope, file
			ORDER BY number IS NOT NULL, number) AS place
		  FROM entry e WHERE named IS NOT NULL OR untold)
	 WHERE place = 1),
what AS (
	SELECT f.*, r.number, r.first, r.named, r.lines AS rule_lines, r.line AS rule_line, CASE
	       WHEN f.outcome <> 'observed' THEN 'gone'
	       WHEN f.type IS NULL THEN 'typeless'
	       WHEN r.number IS NULL AND EXISTS (SELECT 1 FROM config_encryption e WHERE e.scope = f.scope
						  AND e.number IS NULL) THEN 'untold'
	       WHEN r.number IS NULL THEN 'unnamed'
	       WHEN r.untold THEN 'untold'
	       WHEN r.first IS NULL THEN 'none'
	       WHEN r.first IN ('identity', 'secretbox', 'aescbc', 'aesgcm', 'kms v1', 'kms v2') THEN r.first
	       ELSE 'other' END AS found
	  FROM file f LEFT JOIN rule r ON r.scope = f.scope AND r.file = f.key),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('typeless', 'unknown', 'the evidence lacks the type of the file'),
	('unnamed', 'not-satisfied', 'no entry names secrets, ''*.'' or ''*.*'', so that Secrets are stored in plain text; add an entry for secrets with kms v2 first'),
	('untold', 'unknown', 'the resources of an entry are not plain values, so that it may be the one for Secrets'),
	('none', 'not-satisfied', 'the entry for Secrets has no provider; put kms v2 first'),
	('identity', 'not-satisfied', 'Secrets are stored in plain text, because identity is first; put kms v2 first'),
	('secretbox', 'not-satisfied', 'Secrets are encrypted by secretbox, which is not approved; put kms v2 first'),
	('aescbc', 'not-satisfied', 'Secrets are encrypted by aescbc with a key in this file; put kms v2 first'),
	('aesgcm', 'not-satisfied', 'Secrets are encrypted by aesgcm with a key in this file; put kms v2 first'),
	('kms v1', 'not-satisfied', 'Secrets are encrypted through kms v1, which is deprecated; write ''apiVersion: v2'''),
	('kms v2', 'satisfied', 'Secrets are encrypted through kms v2'),
	('other', 'unknown', 'Secrets are encrypted by a provider that is not known'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN reason ELSE
       key || ':' || coalesce(rule_lines ->> 'first', rule_line, 1) || ': '
       || coalesce('entry ' || number || ' (' || named || ') is the first for Secrets: ', '')
       || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
