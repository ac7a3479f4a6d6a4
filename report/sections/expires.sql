-- title: What expires next
-- order: 4
-- kinds: *
-- period: yes
-- first: yes
-- about: Earliest first, with what depends on it. Certificates are those of modules found;
--   a sunset is the date CMVP printed. CMVP data is too old when the profile no longer
--   accepts its newest observation.
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: whole-ledger
, due(what, which, day, depends) AS (
	SELECT 'CMVP certificate', '#' || l.certificate || coalesce(' ' || max(c.module), ''), c.sunset,
	       count(DISTINCT l.subject) || iif(count(DISTINCT l.subject) = 1, ' item', ' items')
	  FROM ledger l JOIN catalog_cmvp_certificates c ON c.certificate = l.certificate
	 WHERE c.sunset IS NOT NULL GROUP BY l.certificate
	 UNION ALL
	SELECT 'CMVP data of a certificate', iif(count(*) = 1, '#' || min(l.certificate), count(*) || ' certificates'), stale,
	       sum(n) || iif(sum(n) = 1, ' item', ' items')
	  FROM (SELECT l.certificate, s.stale, count(DISTINCT l.subject) AS n FROM ledger l
	          JOIN module_status s ON s.certificate = l.certificate
	         WHERE s.stale IS NOT NULL GROUP BY 1, 2) l GROUP BY stale
	 UNION ALL
	SELECT 'risk exception', 'X' || id || ' ' || check_id || ' (owner ' || owner || ')', substr(expires, 1, 10),
	       key || ' in ' || scope
	  FROM exception WHERE made <= :at AND (withdrawn IS NULL OR withdrawn > :at)
	 UNION ALL
	SELECT 'TLS certificate', min(scope) || iif(count(DISTINCT scope) > 1, ' and ' || (count(DISTINCT scope) - 1)
	       || ' more', ''), substr(not_after, 1, 10),
	       count(DISTINCT scope) || iif(count(DISTINCT scope) = 1, ' endpoint', ' endpoints')
	  FROM tls_certificate WHERE outcome = 'observed' AND position = 0 GROUP BY substr(not_after, 1, 10)
	 UNION ALL
	SELECT 'ACM certificate', min(coalesce(domain, key)) || iif(count(*) > 1, ' and ' || (count(*) - 1)
	       || ' more', ''), substr(not_after, 1, 10), count(*) || iif(count(*) = 1, ' certificate', ' certificates')
	  FROM aws_acm_certificate WHERE outcome = 'observed' GROUP BY substr(not_after, 1, 10))
SELECT what, which, day AS "expires on",
       CAST(julianday(day) - julianday(substr(:at, 1, 10)) AS INTEGER) AS "days left", depends
  FROM due WHERE day IS NOT NULL ORDER BY day, what, which;
