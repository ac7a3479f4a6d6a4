-- id: aws-eks-secrets
-- order: 613
-- title: Kubernetes data is encrypted under a key
-- severity: medium
-- controls: nist-800-53r5 sc-12 sc-28 sc-28(1); nist-800-171r2 3.13.10 3.13.16
-- kinds: aws.eks_cluster aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: EKS encrypts the data of the API under a KMS key of its own from Kubernetes
--   1.28 on, so that a cluster without encryptionConfig is not in plain text. Before
--   that, Secrets were under envelope encryption only with a key of the account. A key
--   of the account can be rotated, revoked and audited by the account.
-- remediation: Associate a key (aws eks associate-encryption-config) where the key must
--   be the account's own.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
-- since: 0.1.0
, what AS (
	SELECT c.*, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN secrets_key IS NOT NULL THEN 'own'
	       WHEN version IS NULL OR version NOT GLOB '1.[0-9]*' THEN 'no-version'
	       WHEN CAST(substr(version, 3) AS INTEGER) >= 28 THEN 'aws'
	       ELSE 'none' END AS found
	  FROM aws_eks_cluster c)
, key_setting AS (
	SELECT subject, scope, secrets_key AS kms_key FROM aws_eks_cluster),
judged AS (
SELECT subject,
       CASE found WHEN 'own' THEN 'satisfied' WHEN 'aws' THEN 'satisfied'
            WHEN 'none' THEN 'not-satisfied' ELSE 'unknown' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'cluster ' || outcome || ': ' || reason
       WHEN 'own' THEN 'Secrets are under a KMS key of the account'
       WHEN 'aws' THEN 'under a KMS key of AWS, as every cluster from 1.28 on; no key of the account'
       WHEN 'none' THEN 'no envelope encryption of Secrets: before 1.28 it needs a key of the account'
       ELSE 'it names no version, and no key of the account' END AS reason
  FROM what)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
