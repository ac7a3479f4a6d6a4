-- id: tls-signatures
-- order: 330
-- title: Endpoints sign handshakes with approved schemes only
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8.1 sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8 SC.L2-3.13.11
-- kinds: tls.endpoint tls.signature
-- with: tls-gap
-- catalogs: tls-signatures
-- rationale: The server proves its key by signing the handshake. FIPS 186-5 approves
--   RSA, ECDSA and EdDSA with approved hashes; SHA-1 is disallowed for signatures
--   (SP 800-131A Rev. 2). EdDSA counts where the module is validated for it. Schemes are
--   seen in TLS 1.2 and 1.3.
-- remediation: Name the schemes where TLS ends, without SHA-1 and SHA-224 (OpenSSL:
--   SignatureAlgorithms), or raise the library's security level.
-- references: https://doi.org/10.6028/NIST.FIPS.186-5
-- since: 0.1.0
, gap AS (
	SELECT scope, min(said) AS said FROM tls_gap WHERE area = 'signatures' GROUP BY scope),
found AS (
	SELECT DISTINCT a.scope, a.name, c.approved, c.why
	  FROM tls_signature a LEFT JOIN catalog_tls_signatures c ON c.id = a.id
	 WHERE a.outcome = 'observed'),
summed AS (
	SELECT scope, count(*) AS n,
	       sum(approved = 'no') AS bad,
	       min(CASE WHEN approved = 'no' THEN name || ' (' || why || ')' END) AS first_bad,
	       sum(approved IS NULL) AS odd,
	       min(CASE WHEN approved IS NULL THEN name END) AS first_odd,
	       sum(approved = 'conditional') AS maybe,
	       min(CASE WHEN approved = 'conditional'
	            THEN name || ' (' || why || ')' END) AS first_maybe
	  FROM found GROUP BY scope)
SELECT e.subject,
       CASE
       WHEN e.outcome <> 'observed' THEN 'unknown'
       WHEN s.bad > 0 THEN 'not-satisfied'
       WHEN s.odd > 0 OR s.maybe > 0 THEN 'unknown'
       WHEN g.said IS NOT NULL THEN 'unknown'
       WHEN s.n IS NULL THEN CASE WHEN json_array_length(e.versions) > 0 THEN 'not-applicable' ELSE 'unknown' END
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN e.outcome <> 'observed' THEN 'endpoint ' || e.outcome || ': ' || e.reason
       WHEN s.bad > 0 THEN 'signs with ' || s.first_bad
            || CASE WHEN s.bad > 1 THEN ' and ' || (s.bad - 1) || ' more' ELSE '' END
       WHEN s.odd > 0 THEN 'signs with ' || s.first_odd || ', which the catalogue does not name'
       WHEN s.maybe > 0 THEN 'signs with ' || s.first_maybe
            || CASE WHEN s.maybe > 1 THEN ' and ' || (s.maybe - 1) || ' more' ELSE '' END
            || '; an endpoint does not show its module'
       WHEN g.said IS NOT NULL THEN g.said
       WHEN s.n IS NULL THEN CASE WHEN json_array_length(e.versions) > 0 THEN 'no handshake that it accepts is signed in TLS 1.2 or 1.3' ELSE 'it answers, but accepted no version and suite that was offered' END
       ELSE 'approved algorithms in all ' || s.n || ' schemes; whether a validated module '
            || 'computes them is another question'
       END AS reason
  FROM tls_endpoint e
  LEFT JOIN summed s ON s.scope = e.scope
  LEFT JOIN gap g ON g.scope = e.scope;
