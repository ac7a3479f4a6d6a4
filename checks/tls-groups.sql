-- id: tls-groups
-- order: 320
-- title: Endpoints agree keys in approved groups only
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8.1 sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8 SC.L2-3.13.11
-- kinds: tls.endpoint tls.group
-- with: tls-gap
-- catalogs: tls-groups
-- rationale: Key agreement is approved in the NIST curves of SP 800-186 and the
--   safe-prime groups of SP 800-56A Rev. 3. X25519 alone is not; a hybrid with ML-KEM
--   is where ML-KEM is computed inside the validated module. An approved group says
--   nothing about the module that uses it.
-- remediation: Name the groups where TLS ends: secp256r1, secp384r1, secp521r1 or
--   ffdhe2048 and larger (nginx: ssl_ecdh_curve; OpenSSL: Groups).
-- references: https://doi.org/10.6028/NIST.SP.800-56Ar3
-- since: 0.1.0
, gap AS (
	SELECT scope, min(said) AS said FROM tls_gap WHERE area = 'groups' GROUP BY scope),
found AS (
	SELECT DISTINCT a.scope, a.name, iif(a.size < 2048, 'no', c.approved) AS approved,
	       iif(a.size < 2048, 'a prime of ' || a.size || ' bits: below 2048', c.why) AS why
	  FROM (SELECT *, coalesce(bits, iif(name GLOB 'dh-[0-9]*',
	               CAST(substr(name, 4) AS INTEGER), NULL)) AS size FROM tls_group) a LEFT JOIN catalog_tls_groups c ON c.name = a.name
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
       WHEN s.bad > 0 THEN 'agrees keys in ' || s.first_bad
            || CASE WHEN s.bad > 1 THEN ' and ' || (s.bad - 1) || ' more' ELSE '' END
       WHEN s.odd > 0 THEN 'agrees keys in ' || s.first_odd || ', which the catalogue does not name'
       WHEN s.maybe > 0 THEN 'agrees keys in ' || s.first_maybe
            || CASE WHEN s.maybe > 1 THEN ' and ' || (s.maybe - 1) || ' more' ELSE '' END
            || '; an endpoint does not show its module'
       WHEN g.said IS NOT NULL THEN g.said
       WHEN s.n IS NULL THEN CASE WHEN json_array_length(e.versions) > 0 THEN 'no suite that it accepts agrees keys in a group' ELSE 'it answers, but accepted no version and suite that was offered' END
       ELSE 'approved algorithms in all ' || s.n || ' groups; whether a validated module '
            || 'computes them is another question'
       END AS reason
  FROM tls_endpoint e
  LEFT JOIN summed s ON s.scope = e.scope
  LEFT JOIN gap g ON g.scope = e.scope;
