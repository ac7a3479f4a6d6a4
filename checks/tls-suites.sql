-- id: tls-suites
-- order: 310
-- title: Endpoints accept cipher suites of approved algorithms only
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8.1 sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8 SC.L2-3.13.11
-- kinds: tls.endpoint tls.suite
-- with: tls-gap
-- catalogs: tls-suites
-- rationale: A suite is a choice of key exchange, cipher and hash. Approved is what
--   SP 800-52 Rev. 2 lists and SP 800-131A Rev. 2 still allows; RSA key transport, 3DES
--   and ChaCha20 are not. That a suite is approved says nothing about the module
--   that computes it: whether that is validated is another check's question.
-- remediation: Leave only suites of AES with ECDHE or DHE where TLS ends, for example
--   ECDHE-ECDSA-AES256-GCM-SHA384 and TLS_AES_256_GCM_SHA384.
-- references: https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
, gap AS (
	SELECT scope, min(said) AS said FROM tls_gap WHERE area = 'suites' GROUP BY scope),
found AS (
	SELECT DISTINCT a.scope, a.name, c.approved, c.why
	  FROM tls_suite a LEFT JOIN catalog_tls_suites c ON c.id = a.id
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
       WHEN s.n IS NULL THEN 'unknown'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN e.outcome <> 'observed' THEN 'endpoint ' || e.outcome || ': ' || e.reason
       WHEN s.bad > 0 THEN 'accepts ' || s.first_bad
            || CASE WHEN s.bad > 1 THEN ' and ' || (s.bad - 1) || ' more' ELSE '' END
       WHEN s.odd > 0 THEN 'accepts ' || s.first_odd || ', which the catalogue does not name'
       WHEN s.maybe > 0 THEN 'accepts ' || s.first_maybe
            || CASE WHEN s.maybe > 1 THEN ' and ' || (s.maybe - 1) || ' more' ELSE '' END
            || '; an endpoint does not show its module'
       WHEN g.said IS NOT NULL THEN g.said
       WHEN s.n IS NULL THEN 'it answers, but accepted no version and suite that was offered'
       ELSE 'approved algorithms in all ' || s.n || ' suites; whether a validated module '
            || 'computes them is another question'
       END AS reason
  FROM tls_endpoint e
  LEFT JOIN summed s ON s.scope = e.scope
  LEFT JOIN gap g ON g.scope = e.scope;
