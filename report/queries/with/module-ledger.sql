-- The cryptographic modules of every node as of asked.as_of: module(subject,
-- scope, node, module, name, version, match, certificate, standard, level, status,
-- status_on, sunset, why), one row a module found, under the certificate that says
-- most for it.
--
-- match: exact: the validated build; stream: the same vendor's module in another
-- build; different: a module of that name in a build of which the catalogue knows
-- nothing; none: known to have no certificate; cannot tell: not in the catalogue.
-- status: active, historical, not yet validated; unknown: check live. It comes from
-- dated observations, and from nothing else but the end of FIPS 140-2 on 2026-09-22.
WITH day AS MATERIALIZED (SELECT substr(as_of, 1, 10) AS d FROM asked),
standing AS MATERIALIZED (
	SELECT c.certificate, c.standard, c.level, c.sunset, c.module AS certified,
	       c.environments, c.validated,
	       -- the observation that speaks: the next that found it active, or the last
	       coalesce((SELECT min(observed_on) FROM catalog_cmvp_status
	                  WHERE certificate = c.certificate AND status = 'Active'
	                    AND observed_on >= d.d),
	                (SELECT max(observed_on) FROM catalog_cmvp_status
	                  WHERE certificate = c.certificate AND observed_on <= d.d)) AS last_on,
	       CASE
	       WHEN c.validated > d.d THEN 'not yet validated'
	       WHEN c.standard = 'FIPS 140-2' AND d.d >= '2026-09-22' THEN 'historical'
	       WHEN EXISTS (SELECT 1 FROM catalog_cmvp_status WHERE certificate = c.certificate
	             AND status <> 'Active' AND observed_on <= d.d) THEN 'historical'
	       WHEN EXISTS (SELECT 1 FROM catalog_cmvp_status WHERE certificate = c.certificate
	             AND status = 'Active' AND observed_on >= d.d) THEN 'active'
	       WHEN c.sunset < d.d THEN 'unknown'
	       WHEN EXISTS (SELECT 1 FROM catalog_cmvp_status WHERE certificate = c.certificate
	             AND status = 'Active' AND observed_on >= date(d.d, '-90 days')) THEN 'active'
	       ELSE 'unknown' END AS status
	  FROM catalog_cmvp_certificate c CROSS JOIN day d),
found AS MATERIALIZED (
	SELECT n.subject, n.scope, n.key AS node, n.os_family, 'kernel' AS module,
	       iif(n.fips_name IS NULL, 'release', 'fips_name') AS by, n.fips_name AS name,
	       coalesce(n.fips_version, n.kernel_release) AS version
	  FROM node n
	 WHERE n.outcome = 'observed' AND coalesce(n.fips_version, n.kernel_release) IS NOT NULL
	 UNION ALL
	SELECT n.subject, n.scope, n.key, n.os_family, 'openssl', 'provider', p.name,
	       coalesce(p.version, p.buildinfo)
	  FROM node n JOIN node_provider p ON p.scope = n.scope AND p.key = 'fips'
	 WHERE n.outcome = 'observed' AND p.outcome = 'observed' AND p.active = 1
	 UNION ALL
	SELECT DISTINCT n.subject, n.scope, n.key, n.os_family, i.module, 'package', k.name, k.version
	  FROM node n JOIN node_package k ON k.scope = n.scope
	  JOIN catalog_cmvp_identity i ON i.by = 'package' AND i.name = k.name
	   AND (k.version GLOB i.exact OR k.version GLOB i.stream)
	 WHERE n.outcome = 'observed' AND k.outcome = 'observed'),
candidate AS (
	SELECT f.*, i.certificate, s.standard, s.level, s.status, s.last_on, s.sunset, s.certified,
	       CASE WHEN i.certificate IS NULL THEN 'none'
	            WHEN f.version GLOB i.exact THEN 'exact'
	            WHEN f.version GLOB i.stream THEN 'stream'
	            WHEN f.by = 'release' THEN NULL
	            ELSE 'different' END AS match
	  FROM found f
	  LEFT JOIN catalog_cmvp_identity i ON i.by = f.by AND i.module = f.module
	        AND (i.name = f.name OR (i.name = '*' AND f.name IS NULL))
	  LEFT JOIN standing s ON s.certificate = i.certificate
	 WHERE i.by IS NOT NULL),
ranked AS (
	SELECT *, row_number() OVER (PARTITION BY subject, module, name, version
	       ORDER BY CASE match WHEN 'exact' THEN 1 WHEN 'stream' THEN 2 WHEN 'none' THEN 3 ELSE 4 END,
	                CASE status WHEN 'active' THEN 1 WHEN 'unknown' THEN 2
	                            WHEN 'historical' THEN 3 ELSE 4 END,
	                CAST(certificate AS INTEGER) DESC) AS n
	  FROM candidate WHERE match IS NOT NULL),
module AS MATERIALIZED (
	SELECT f.subject, f.scope, f.node, f.module, f.name, f.version,
	       CASE WHEN r.match IS NOT NULL THEN r.match
	            WHEN f.os_family IN ('debian', 'fedora') THEN 'none'
	            ELSE 'cannot tell' END AS match,
	       CASE WHEN r.match IN ('exact', 'stream') THEN r.certificate END AS certificate,
	       CASE WHEN r.match IN ('exact', 'stream') THEN r.standard END AS standard,
	       CASE WHEN r.match IN ('exact', 'stream') THEN r.level END AS level,
	       CASE WHEN r.match IN ('exact', 'stream') THEN r.status END AS status,
	       CASE WHEN r.match IN ('exact', 'stream') THEN r.last_on END AS status_on,
	       CASE WHEN r.match IN ('exact', 'stream') THEN r.sunset END AS sunset,
	       CASE
	       WHEN r.match = 'exact' THEN 'the build that certificate #' || r.certificate || ' names'
	       WHEN r.match = 'stream'
	            THEN 'another build of the module of certificate #' || r.certificate
	       WHEN r.match = 'none' THEN 'no certificate was found for this module'
	       WHEN r.match = 'different'
	            THEN 'the catalogue knows no certificate of this version of it'
	       WHEN f.os_family = 'debian' THEN 'Debian has no validated modules'
	       WHEN f.os_family = 'fedora' THEN 'Fedora has no validated modules'
	       ELSE 'the catalogue knows no module of this name' END AS why
	  FROM found f
	  LEFT JOIN ranked r ON r.n = 1 AND r.subject = f.subject AND r.module = f.module
	        AND r.name IS f.name AND r.version = f.version)
