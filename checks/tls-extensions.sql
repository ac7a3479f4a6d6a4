-- id: tls-extensions
-- order: 345
-- title: Handshakes before TLS 1.3 have what SP 800-52 Rev. 2 asks of them
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-13 sc-23; nist-800-171r2 3.13.8 3.13.15; cmmc-l2
--   SC.L2-3.13.8 SC.L2-3.13.15
-- kinds: tls.endpoint
-- with: tls-gap
-- rationale: A server shall support secure renegotiation (RFC 5746) and the extended
--   master secret (RFC 7627), and no compression but null; where a version before TLS
--   1.2 is accepted and TLS 1.3 is not, the fallback signal (RFC 7507) too. An approved
--   module of FIPS 140-3 may not derive TLS 1.2 keys without the extended master secret
--   (Implementation Guidance D.Q). TLS 1.3 has all of this within.
-- remediation: Renew the TLS library where TLS ends, switch compression off, or accept
--   TLS 1.3 only.
-- references: https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
, gap AS (
	SELECT scope, min(said) AS said FROM tls_gap
	 WHERE area IN ('extensions', 'versions') GROUP BY scope),
e AS (
	SELECT *, EXISTS (SELECT 1 FROM json_each(versions) WHERE value <> 'TLS 1.3') AS before,
	       EXISTS (SELECT 1 FROM json_each(versions) WHERE value = 'TLS 1.3') AS newest,
	       EXISTS (SELECT 1 FROM json_each(versions)
			WHERE value NOT IN ('TLS 1.3', 'TLS 1.2')) AS old
	  FROM tls_endpoint),
bad AS (
	SELECT subject, substr(
	       iif(compression <> 'none', ', compression ' || compression || ' is agreed to', '')
	       || iif(extended_master_secret = 0, ', no extended master secret', '')
	       || iif(secure_renegotiation = 0, ', no secure renegotiation', '')
	       || iif(old AND NOT newest AND fallback_scsv = 0,
		      ', no fallback signal though versions before TLS 1.2 are accepted', ''), 3)
	       AS said
	  FROM e WHERE outcome = 'observed' AND before)
SELECT e.subject,
       CASE
       WHEN e.outcome <> 'observed' OR coalesce(json_array_length(e.versions), 0) = 0
            THEN 'unknown'
       WHEN NOT e.before THEN iif(g.said IS NULL, 'satisfied', 'unknown')
       WHEN b.said <> '' THEN 'not-satisfied'
       WHEN e.compression IS NULL OR e.extended_master_secret IS NULL
            OR e.secure_renegotiation IS NULL
            OR (e.old AND NOT e.newest AND e.fallback_scsv IS NULL)
            OR g.said IS NOT NULL THEN 'unknown'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN e.outcome <> 'observed' THEN 'endpoint ' || e.outcome || ': ' || e.reason
       WHEN e.versions IS NULL THEN 'the evidence lacks the versions'
       WHEN json_array_length(e.versions) = 0
            THEN 'it answers, but accepted no version and suite that was offered'
       WHEN b.said <> '' THEN b.said
       WHEN g.said IS NOT NULL THEN g.said
       WHEN NOT e.before THEN 'TLS 1.3 only, which has all of it within'
       WHEN e.compression IS NULL OR e.extended_master_secret IS NULL
            OR e.secure_renegotiation IS NULL
            THEN 'its answers before TLS 1.3 did not show all that is asked'
       WHEN e.old AND NOT e.newest AND e.fallback_scsv IS NULL
            THEN 'whether it heeds the fallback signal was not seen: one version only, '
                 || 'or another refusal'
       ELSE 'extended master secret, secure renegotiation, no compression'
       END AS reason
  FROM e
  LEFT JOIN bad b ON b.subject = e.subject
  LEFT JOIN gap g ON g.scope = e.scope;
