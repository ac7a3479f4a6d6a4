-- id: tls-versions
-- order: 300
-- title: Endpoints accept TLS 1.3, and nothing before TLS 1.2
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8.1 sc-23; nist-800-171r2 3.13.8 3.13.15; cmmc-l2
--   SC.L2-3.13.8 SC.L2-3.13.15
-- kinds: tls.endpoint
-- with: tls-gap
-- catalogs: tls-versions
-- rationale: SP 800-52 Rev. 2 asks of a server for government use: TLS 1.3 since
--   2024-01-01, no TLS 1.0, no SSL; TLS 1.1 should not be there. A server for the
--   public may keep TLS 1.0 and 1.1 where it must, which needs a recorded exception.
-- remediation: Switch TLS 1.3 on and everything before TLS 1.2 off where TLS ends: in
--   the server, the ingress or the load balancer's security policy.
-- references: https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
, gap AS (
	SELECT scope, min(said) AS said FROM tls_gap WHERE area = 'versions' GROUP BY scope),
found AS (
	SELECT e.subject, v.value AS version, c.allowed, c.why
	  FROM tls_endpoint e, json_each(e.versions) v
	  LEFT JOIN catalog_tls_versions c ON c.version = v.value
	 WHERE e.outcome = 'observed'),
summed AS (
	SELECT subject,
	       group_concat(CASE WHEN allowed = 'no'
	            THEN version || ' (' || why || ')' END, ', ') AS bad,
	       group_concat(CASE WHEN allowed IS NULL THEN version END, ', ') AS odd,
	       max(version = 'TLS 1.3') AS newest,
	       group_concat(version, ', ') AS list
	  FROM found GROUP BY subject)
SELECT e.subject,
       CASE
       WHEN e.outcome <> 'observed' OR s.list IS NULL THEN 'unknown'
       WHEN s.bad IS NOT NULL THEN 'not-satisfied'
       WHEN s.odd IS NOT NULL OR g.said IS NOT NULL THEN 'unknown'
       WHEN s.newest = 0 THEN 'not-satisfied'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN e.outcome <> 'observed' THEN 'endpoint ' || e.outcome || ': ' || e.reason
       WHEN e.versions IS NULL THEN 'the evidence lacks the versions'
       WHEN s.list IS NULL THEN 'it answers, but accepted no version and suite that was offered'
       WHEN s.bad IS NOT NULL THEN 'accepts ' || s.bad
       WHEN s.odd IS NOT NULL THEN 'accepts ' || s.odd || ', which the catalogue does not name'
       WHEN g.said IS NOT NULL THEN g.said
       WHEN s.newest = 0 THEN 'accepts ' || s.list || ', but not TLS 1.3'
       ELSE 'accepts ' || s.list
       END AS reason
  FROM tls_endpoint e
  LEFT JOIN summed s ON s.subject = e.subject
  LEFT JOIN gap g ON g.scope = e.scope;
