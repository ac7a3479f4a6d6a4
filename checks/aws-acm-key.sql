-- id: aws-acm-key
-- order: 750
-- title: Certificates have keys and signatures of approved algorithms
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.acm_certificate aws.call aws.scope
-- rationale: RSA below 2048 bits has no approved strength, and SHA-1 signs nothing any
--   more.
-- remediation: Ask for or import a certificate with RSA_2048 or more, or EC_prime256v1
--   or EC_secp384r1.
-- references: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html https://doi.org/10.6028/NIST.SP.800-131Ar2
-- since: 0.1.0
WITH what AS (
	SELECT *, replace(key_algorithm, '-', '_') AS algorithm FROM aws_acm_certificate)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR algorithm IS NULL THEN 'unknown'
            WHEN algorithm = 'RSA_1024' OR signature_algorithm LIKE 'SHA1%'
              OR signature_algorithm LIKE 'MD5%' THEN 'not-satisfied'
            WHEN algorithm NOT IN ('RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1',
                 'EC_secp384r1', 'EC_secp521r1') THEN 'unknown'
            WHEN signature_algorithm IS NULL
                 AND coalesce(status, 'ISSUED') IN ('ISSUED', 'EXPIRED') THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'certificate ' || outcome || ': ' || reason
            WHEN algorithm IS NULL THEN 'the answer does not name the algorithm of its key'
            WHEN algorithm = 'RSA_1024' THEN 'an RSA key of 1024 bits'
            WHEN signature_algorithm LIKE 'SHA1%' OR signature_algorithm LIKE 'MD5%'
            THEN 'signed with ' || signature_algorithm
            WHEN algorithm NOT IN ('RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1',
                 'EC_secp384r1', 'EC_secp521r1')
            THEN 'a key of ' || algorithm || ', which is not known'
            WHEN signature_algorithm IS NULL
                 AND coalesce(status, 'ISSUED') IN ('ISSUED', 'EXPIRED')
            THEN 'its signature could not be read: ' || coalesce(unread ->> 'Detail', 'no answer')
            ELSE algorithm || coalesce(', ' || signature_algorithm, '')
                 || ': approved algorithms' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be certificates that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'acm:ListCertificates'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
