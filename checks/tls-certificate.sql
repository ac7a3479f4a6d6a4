-- id: tls-certificate
-- order: 340
-- title: Certificates of endpoints are in force and have approved keys and signatures
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13 sc-17; nist-800-171r2 3.13.8 3.13.10; cmmc-l2
--   SC.L2-3.13.8 SC.L2-3.13.10
-- kinds: tls.endpoint tls.certificate
-- with: tls-gap
-- rationale: SP 800-52 Rev. 2 asks for RSA keys of 2048 bits or more or ECDSA keys on
--   NIST curves, signatures with SHA-224 or stronger in the whole chain, a validity of
--   the server's certificate of at most three years, its name among the subject
--   alternative names, keyUsage with digitalSignature, extendedKeyUsage with serverAuth
--   and without anyExtendedKeyUsage, and the chain sent in order. EC keys must name
--   their curve (RFC 5480). Dates are evaluated for the time that is requested. Trust
--   in the issuer is not evaluated here.
-- remediation: Issue the named certificate anew, with an approved key and SHA-256 or
--   stronger, and send the intermediate certificates with it in order.
-- references: https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
, gap AS (
	SELECT scope, min(said) AS said FROM tls_gap WHERE area = 'certificates' GROUP BY scope),
fault(scope, rank, said) AS (
	SELECT c.scope, f.rank, c.key || ': ' || f.said
	  FROM tls_certificate c, asked t,
	       (SELECT 1 AS rank, 'kind' AS what, 'a key of a kind that is not approved' AS said
		UNION ALL SELECT 2, 'rsa', 'an RSA key below 2048 bits'
		UNION ALL SELECT 3, 'curve', 'a key on a curve that is not approved'
		UNION ALL SELECT 4, 'hash', 'signed with a hash that is not approved for signatures'
		UNION ALL SELECT 5, 'late', 'its validity is over'
		UNION ALL SELECT 6, 'early', 'its validity has not begun'
		UNION ALL SELECT 7, 'long', 'valid for more than three years'
		UNION ALL SELECT 8, 'names', 'no subject alternative name'
		UNION ALL SELECT 9, 'name', 'it does not cover the name that was asked for'
		UNION ALL SELECT 10, 'gap', 'the certificate sent behind it is not its issuer''s'
		UNION ALL SELECT 11, 'explicit', 'EC parameters written out instead of a named curve'
		UNION ALL SELECT 12, 'signed', 'signed with an algorithm that is not approved'
		UNION ALL SELECT 13, 'any', 'extendedKeyUsage contains anyExtendedKeyUsage'
		UNION ALL SELECT 14, 'purpose', 'extendedKeyUsage does not contain serverAuth'
		UNION ALL SELECT 15, 'usage', 'keyUsage does not contain digitalSignature'
		UNION ALL SELECT 16, 'issuer', 'sent as an issuer, and no CA certificate'
		UNION ALL SELECT 17, 'signs', 'sent as an issuer, and keyUsage does not contain keyCertSign') f
	 WHERE c.outcome = 'observed' AND CASE f.what
	       WHEN 'kind' THEN c.key_type NOT IN ('rsaEncryption', 'rsassaPss',
	            'id-ecPublicKey', 'ED25519', 'ED448')
	       WHEN 'rsa' THEN c.key_type LIKE 'rsa%' AND c.key_bits < 2048
	       WHEN 'curve' THEN c.key_type = 'id-ecPublicKey' AND c.curve NOT IN
	            ('prime256v1', 'secp384r1', 'secp521r1', 'secp224r1')
	       WHEN 'hash' THEN NOT (c.self_signed AND c.position > 0)
	            AND c.signature_hash NOT IN ('SHA224', 'SHA256', 'SHA384', 'SHA512',
	            'SHA512-224', 'SHA512-256', 'SHA3-224', 'SHA3-256', 'SHA3-384', 'SHA3-512')
	       WHEN 'late' THEN c.not_after < t.as_of
	       WHEN 'early' THEN c.not_before > t.as_of
	       WHEN 'long' THEN c.position = 0
	            AND julianday(c.not_after) - julianday(c.not_before) > 1097
	       WHEN 'names' THEN c.position = 0 AND json_array_length(c.subject_alt_names) = 0
	       WHEN 'name' THEN c.position = 0 AND json_array_length(c.subject_alt_names) > 0
	            AND NOT c.name_matches
	       WHEN 'gap' THEN NOT c.signed_by_next
	       WHEN 'explicit' THEN c.explicit_parameters
	       WHEN 'signed' THEN NOT (c.self_signed AND c.position > 0)
	            AND c.signature NOT LIKE '%RSAEncryption' AND c.signature NOT LIKE 'ecdsa-with-%'
	            AND c.signature NOT LIKE 'RSA-SHA%' AND c.signature NOT LIKE 'ecdsa_with_%'
	            AND c.signature NOT IN ('rsassaPss', 'ED25519', 'ED448')
	       WHEN 'any' THEN c.position = 0 AND EXISTS (SELECT 1
	            FROM json_each(c.extended_key_usage)
	            WHERE value IN ('Any Extended Key Usage', '2.5.29.37.0'))
	       WHEN 'purpose' THEN c.position = 0 AND NOT EXISTS (SELECT 1
	            FROM json_each(c.extended_key_usage)
	            WHERE value IN ('TLS Web Server Authentication', '1.3.6.1.5.5.7.3.1'))
	       WHEN 'usage' THEN c.position = 0 AND NOT EXISTS (SELECT 1
	            FROM json_each(c.key_usage) WHERE value = 'digitalSignature')
	       WHEN 'issuer' THEN c.position > 0 AND NOT c.ca
	       WHEN 'signs' THEN c.position > 0 AND c.key_usage IS NOT NULL AND NOT EXISTS
	            (SELECT 1 FROM json_each(c.key_usage) WHERE value = 'keyCertSign')
	       END),
summed AS (
	SELECT c.scope, count(*) AS n, sum(c.outcome <> 'observed') AS unread,
	       sum(c.key_type IS NULL OR c.key_bits IS NULL OR c.not_before IS NULL
	           OR c.not_after IS NULL OR c.position IS NULL
	           OR c.key_type = 'id-ecPublicKey'
	              AND (c.curve IS NULL OR c.explicit_parameters IS NULL)
	           OR c.signature IS NULL OR c.position > 0 AND c.ca IS NULL
	           OR c.position = 0 AND (c.subject_alt_names IS NULL OR c.name_matches IS NULL)
	           OR c.position > 0 AND c.self_signed IS NULL
	           OR c.signature_hash IS NULL AND c.key_type NOT IN ('ED25519', 'ED448')
	              AND NOT (c.self_signed AND c.position > 0)) AS unclear,
	       sum(c.key_type IN ('ED25519', 'ED448')) AS eddsa
	  FROM tls_certificate c GROUP BY c.scope),
worst AS (
	SELECT scope, count(*) AS n, min(printf('%02d', rank) || said) AS first
	  FROM fault GROUP BY scope)
SELECT e.subject,
       CASE
       WHEN e.outcome <> 'observed' THEN 'unknown'
       WHEN w.n > 0 THEN 'not-satisfied'
       WHEN s.n IS NULL OR s.unread > 0 OR s.unclear > 0 OR s.eddsa > 0
            OR g.said IS NOT NULL THEN 'unknown'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN e.outcome <> 'observed' THEN 'endpoint ' || e.outcome || ': ' || e.reason
       WHEN w.n > 0 THEN substr(w.first, 3)
            || CASE WHEN w.n > 1 THEN ', and ' || (w.n - 1) || ' more' ELSE '' END
       WHEN s.n IS NULL THEN 'no certificate was seen'
       WHEN s.unread > 0 OR s.unclear > 0 THEN 'a certificate could not be read, or not in full'
       WHEN s.eddsa > 0 THEN 'an EdDSA key: approved by FIPS 186-5 where the module is '
            || 'validated for it, which an endpoint does not show'
       WHEN g.said IS NOT NULL THEN g.said
       ELSE 'keys, signatures and dates of its ' || CASE s.n WHEN 1 THEN 'certificate'
            ELSE s.n || ' certificates' END || ' are in order'
       END AS reason
  FROM tls_endpoint e
  LEFT JOIN summed s ON s.scope = e.scope
  LEFT JOIN worst w ON w.scope = e.scope
  LEFT JOIN gap g ON g.scope = e.scope;
