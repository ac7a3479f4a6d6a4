-- id: config-eksctl-secrets
-- order: 514
-- title: Kubernetes secrets are encrypted with a key of the customer
-- severity: medium
-- controls: nist-800-53r5 sc-12 sc-28; nist-800-171r2 3.13.10 3.13.16
-- kinds: config.eksctl_cluster
-- rationale: From Kubernetes 1.28 on EKS encrypts all API data with a key that AWS owns.
--   Only with secretsEncryption.keyARN is it a key whose policy, rotation and use the
--   customer can show.
-- remediation: Write "secretsEncryption: {keyARN: arn:aws:kms:REGION:ACCOUNT:key/ID}".
-- references: https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
-- since: 0.1.0
WITH what AS (
	SELECT k.*, CASE
	       WHEN k.outcome <> 'observed' THEN 'gone'
	       WHEN k.unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(k.unread)
			     WHERE value = 'secrets_key') THEN 'unread'
	       WHEN k.secrets_key IS NULL OR k.secrets_key = '' THEN 'none'
	       WHEN k.secrets_key NOT GLOB 'arn:aws*:kms:*' THEN 'odd'
	       ELSE 'good' END AS found
	  FROM config_eksctl_cluster k),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': secretsEncryption.keyARN is not written as a plain value'),
	('none', 'not-satisfied', ' has no secretsEncryption, so that at best a key that AWS owns encrypts its secrets; write ''secretsEncryption: {keyARN: arn:aws:kms:...}'''),
	('odd', 'not-satisfied', ': secretsEncryption.keyARN is not the ARN of a KMS key; write ''keyARN: arn:aws:kms:...'''),
	('good', 'satisfied', ' encrypts secrets with a KMS key of its own'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'secrets_key', line)
       || ': cluster ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
