-- id: aws-kms-spec
-- order: 701
-- title: Keys are of approved kinds
-- severity: high
-- controls: nist-800-53r5 sc-12 sc-13; nist-800-171r2 3.13.10 3.13.11; cmmc-l2
--   SC.L2-3.13.10
-- kinds: aws.kms_key aws.call aws.scope
-- catalogs: kms-key-specs
-- rationale: Most kinds of key in KMS are of approved algorithms; the curve secp256k1
--   and the Chinese SM2 are not. That a kind is approved says nothing of the module
--   that holds the key: KMS keeps keys it made in validated hardware, a custom key
--   store does not.
-- remediation: Make a key of an approved kind and encrypt or sign anew.
-- references: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html https://doi.org/10.6028/NIST.FIPS.186-5
-- since: 0.1.0
SELECT k.subject,
       CASE WHEN k.outcome <> 'observed' OR k.spec IS NULL OR c.approved IS NULL
                 OR c.approved = 'conditional' THEN 'unknown'
            WHEN c.approved = 'yes' THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN k.outcome <> 'observed' THEN 'key ' || k.outcome || ': ' || k.reason
            WHEN k.spec IS NULL THEN 'the key could not be described: '
                 || coalesce(k.unread ->> 'Key', 'no key spec in the answer')
            WHEN c.approved IS NULL THEN k.spec || ' is not in the catalogue of key specs'
            ELSE k.spec || ': ' || c.why END AS reason
  FROM aws_kms_key k LEFT JOIN catalog_kms_key_specs c ON c.spec = k.spec
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be keys that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'kms:ListKeys'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
