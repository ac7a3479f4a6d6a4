WITH
-- What the profile accepts: policy(match, environment, standards, inherited,
-- observation_days, ending_days), each from the table parameter.
policy AS MATERIALIZED (
	SELECT max(value) FILTER (WHERE name = 'match') AS match,
	       max(value) FILTER (WHERE name = 'environment') AS environment,
	       max(value) FILTER (WHERE name = 'standards') AS standards,
	       max(value) FILTER (WHERE name = 'inherited') AS inherited,
	       CAST(max(value) FILTER (WHERE name = 'observation_days') AS INTEGER) AS observation_days,
	       CAST(max(value) FILTER (WHERE name = 'ending_days') AS INTEGER) AS ending_days
	  FROM parameter),
-- A certificate's status on the day asked about, from dated observations and
-- never from a printed sunset: module_status(certificate, state, why).
-- In turn: not validated yet; seen Historical by then; FIPS 140-2 from its end
-- on 2026-09-22; seen Active later; moved later; seen Active no more than the
-- accepted days before, and not before its own sunset; else nobody knows.
today AS MATERIALIZED (SELECT substr(as_of, 1, 10) AS d FROM asked),
seen AS MATERIALIZED (
	SELECT c.certificate, t.d,
	       min(coalesce(s.began, s.observed)) FILTER (WHERE s.status <> 'Active'
	           AND coalesce(s.began, s.observed) <= t.d) AS ended,
	       min(s.began) FILTER (WHERE s.status <> 'Active' AND s.began > t.d) AS ends,
	       min(s.observed) FILTER (WHERE s.status <> 'Active' AND s.observed > t.d) AS gone,
	       min(s.observed) FILTER (WHERE s.status = 'Active' AND s.observed > t.d) AS later,
	       max(s.observed) FILTER (WHERE s.status = 'Active' AND s.observed <= t.d) AS active
	  FROM catalog_cmvp_certificates c CROSS JOIN today t
	  LEFT JOIN catalog_cmvp_status s ON s.certificate = c.certificate
	 WHERE c.certificate IS NOT NULL GROUP BY c.certificate),
decided AS MATERIALIZED (
	SELECT c.*, s.active, s.later, s.ended, s.ends, s.gone, s.d, p.observation_days AS days,
	       CASE WHEN c.validated > s.d THEN 'not yet validated'
	            WHEN s.ended IS NOT NULL THEN 'historical'
	            WHEN c.standard = '140-2' AND s.d >= '2026-09-22' THEN 'historical'
	            WHEN s.later IS NOT NULL OR s.ends IS NOT NULL THEN 'active'
	            WHEN s.active = s.d THEN 'active'
	            WHEN s.gone IS NOT NULL OR s.active IS NULL THEN 'unknown'
	            WHEN c.sunset < s.d AND s.active <= c.sunset THEN 'unknown'
	            WHEN julianday(s.d) - julianday(s.active) <= p.observation_days THEN 'active'
	            ELSE 'unknown' END AS state
	  FROM catalog_cmvp_certificates c JOIN seen s USING (certificate) CROSS JOIN policy p),
module_status AS MATERIALIZED (
	SELECT certificate, standard, level, sunset, interim, validated, successor, state,
	       CASE state
	       WHEN 'not yet validated' THEN 'not validated until ' || validated
	       WHEN 'historical' THEN 'historical' || CASE
	            WHEN ended IS NULL THEN ', as every FIPS 140-2 certificate since 2026-09-22'
	            ELSE ' by ' || ended END
	            || coalesce(', replaced by ' || successor, '')
	       WHEN 'active' THEN CASE
	            WHEN later IS NOT NULL THEN 'active, as it still was on ' || later
	            WHEN ends IS NOT NULL THEN 'active until it moved on ' || ends
	            ELSE 'active, observed on ' || active END
	            || iif(interim = 'Y', ' (interim validation)', '')
	       ELSE 'status unknown: ' || CASE WHEN sunset < d
	            THEN 'its sunset ' || sunset || ' has passed and nobody looked since'
	            WHEN active IS NOT NULL THEN 'last observed active on ' || active
	                 || iif(gone IS NULL, ', longer ago than the accepted ' || days || ' days', '')
	            ELSE 'never observed' END
	            || '; check live at csrc.nist.gov/projects/'
	            || 'cryptographic-module-validation-program/certificate/' || certificate
	       END AS why
	  FROM decided),
-- What is on each node. gap: why it cannot be told; lack: there is none.
found AS MATERIALIZED (
	SELECT n.subject, n.scope, 'kernel' AS layer, 'name' AS via, n.os_family,
	       n.os_version, n.fips_name AS name,
	       coalesce(n.fips_version, n.kernel_release) AS version, NULL AS build,
	       CASE WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
	            WHEN coalesce(n.fips_version, n.kernel_release) IS NULL
	            THEN 'neither its module nor its release could be read' END AS gap,
	       CASE WHEN n.fips_enabled_outcome = 'absent'
	            THEN 'a kernel without FIPS code' END AS lack
	  FROM node n
	UNION ALL
	SELECT n.subject, n.scope, 'openssl', 'name', n.os_family, n.os_version,
	       CASE WHEN p.subject IS NOT NULL THEN p.name END,
	       coalesce(p.version, p.buildinfo, iif(o.library_version LIKE '1.%',
	                o.library_version, NULL)), p.buildinfo,
	       CASE WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
	            WHEN o.subject IS NULL THEN 'OpenSSL was not looked at'
	            WHEN o.outcome <> 'observed' THEN 'OpenSSL ' || o.outcome || ': ' || o.reason
	            WHEN p.outcome <> 'observed' THEN 'provider fips ' || p.outcome
	            WHEN p.subject IS NOT NULL AND coalesce(p.version, p.buildinfo) IS NULL
	            THEN 'provider fips names no version'
	            WHEN p.subject IS NULL AND coalesce(o.library_version, '') NOT LIKE '1.%'
	             AND coalesce(o.runtime_outcome, 'absent') <> 'observed'
	            THEN 'its providers could not be loaded to see' END,
	       CASE WHEN p.subject IS NULL AND coalesce(o.library_version, '') NOT LIKE '1.%'
	            THEN 'no FIPS provider is loaded' END
	  FROM node n
	  LEFT JOIN node_openssl o ON o.scope = n.scope
	  LEFT JOIN node_provider p ON p.scope = n.scope AND p.key = 'fips'
	 WHERE coalesce(n.os_family, '') <> 'bottlerocket'
	UNION ALL
	SELECT n.subject, n.scope, 'go', 'name', n.os_family, n.os_version,
	       'Go Cryptographic Module', NULL, NULL,
	       'system services run with GODEBUG fips140=' || b.go_fips140
	       || ', which does not tell the module''s version', NULL
	  FROM node n JOIN node_bottlerocket b ON b.scope = n.scope
	 WHERE b.go_fips140 IN ('on', 'only')
	UNION ALL
	SELECT DISTINCT n.subject, n.scope, l.layer, 'package', n.os_family, n.os_version,
	       k.name, k.version, NULL, NULL, NULL
	  FROM node n JOIN node_package k ON k.scope = n.scope AND k.outcome = 'observed'
	  JOIN (SELECT DISTINCT layer, name FROM catalog_cmvp_identities
	         WHERE via = 'package') l ON l.name = k.name
	UNION ALL
	-- a service's module is its provider's: the API tells where a key is kept
	SELECT k.subject, k.scope, iif(k.origin = 'AWS_CLOUDHSM', 'aws-cloudhsm', 'aws-kms'),
	       'service', NULL, NULL, iif(k.origin = 'AWS_CLOUDHSM', 'AWS CloudHSM', 'AWS KMS'), NULL, NULL,
	       CASE WHEN k.outcome <> 'observed' THEN 'key ' || k.outcome || ': ' || k.reason
	            WHEN k.origin IS NULL THEN 'the key could not be described'
	            WHEN k.origin = 'EXTERNAL_KEY_STORE'
	            THEN 'the key is held by a key manager outside of AWS, which was not asked'
	            WHEN k.scope GLOB 'aws/*/cn-*'
	            THEN 'whether the certificate speaks of regions in China is not known' END,
	       NULL
	  FROM aws_kms_key k),
-- What a module of this layer serves, as far as was looked, and who provides it.
module_use(layer, used_for, inherited) AS (VALUES
	('kernel', 'other: cryptography in the kernel; whether disks or tunnels use it was not asked', NULL),
	('openssl', 'in transit, other: programs that call libcrypto', NULL),
	('go', 'in transit, other: system services written in Go', NULL),
	('libgcrypt', 'not known: installed', NULL),
	('gnutls', 'not known: installed', NULL),
	('nss', 'not known: installed', NULL),
	('libkcapi', 'not known: installed', NULL),
	('strongswan', 'not known: installed', NULL),
	('libreswan', 'not known: installed', NULL),
	('aws-kms', 'at rest: what is encrypted with a key of KMS; the query key-users names it', 'AWS'),
	('aws-cloudhsm', 'at rest: what is encrypted with a key of the key store', 'AWS')),
-- The same build is looked up once, however many nodes have it.
distinct_build AS MATERIALIZED (
	SELECT DISTINCT layer, via, os_family, os_version, name, version, build
	  FROM found WHERE gap IS NULL AND lack IS NULL),
candidate AS (
	SELECT b.*, i.certificate, i.note,
	       CASE WHEN b.version GLOB i.version OR b.build GLOB i.version THEN 1
	            WHEN b.version GLOB i.series OR b.build GLOB i.series THEN 2
	            WHEN i.version IS NULL OR b.version IS NULL THEN 3 ELSE 4 END AS nearness
	  FROM distinct_build b JOIN catalog_cmvp_identities i
	    ON i.layer = b.layer AND i.via = b.via
	   AND (i.os_family IS NULL OR i.os_family = b.os_family)
	   AND (i.os_version IS NULL OR b.os_version GLOB i.os_version)
	   AND coalesce(b.name, '') GLOB coalesce(i.name, '')
	   -- by a build that no other has, whatever names it
	   AND (i.name IS NOT '*' OR i.os_family IS NOT NULL OR b.version GLOB i.version
	        OR i.version = '*')),
ranked AS (
	SELECT k.*, row_number() OVER (
	           PARTITION BY k.layer, k.via, k.os_family, k.os_version, k.name, k.version, k.build
	           ORDER BY k.nearness,
	                    CASE s.state WHEN 'active' THEN 1 WHEN 'unknown' THEN 2
	                         WHEN 'historical' THEN 3 ELSE 4 END,
	                    s.validated DESC, k.certificate) AS place
	  FROM candidate k LEFT JOIN module_status s ON s.certificate = k.certificate),
ledger AS MATERIALIZED (
	SELECT f.subject, f.scope, f.layer, f.os_family, f.os_version, f.name, f.version,
	       CASE WHEN f.gap IS NOT NULL THEN 'cannot tell'
	            WHEN f.lack IS NOT NULL THEN 'none'
	            WHEN r.nearness IS NULL THEN 'cannot tell'
	            WHEN r.nearness = 4 THEN 'different'
	            WHEN r.certificate IS NULL THEN 'none'
	            WHEN r.nearness = 1 THEN 'exact'
	            WHEN r.nearness = 2 THEN 'stream'
	            ELSE 'cannot tell' END AS match,
	       iif(r.nearness < 4, r.certificate, NULL) AS certificate,
	       s.standard, s.level, s.state, s.why AS status, s.sunset,
	       -- what the profile makes of it; NULL: cannot tell
	       CASE WHEN f.gap IS NOT NULL THEN NULL
	            WHEN f.lack IS NOT NULL THEN 0
	            WHEN r.nearness IS NULL THEN NULL
	            WHEN r.nearness = 4 OR r.certificate IS NULL THEN 0
	            WHEN instr(' ' || p.standards || ' ', ' ' || s.standard || ' ') = 0 THEN 0
	            WHEN r.nearness = 1 THEN 1
	            WHEN r.nearness = 2 THEN p.match = 'stream' END AS accepted,
	       CASE WHEN r.nearness < 4 AND r.certificate IS NOT NULL
	            THEN coalesce((SELECT max(iif(e.basis = 'tested', 'tested', 'affirmed by the vendor only'))
	                             FROM catalog_cmvp_environments e
	                            WHERE e.certificate = r.certificate AND e.os_family = f.os_family
	                              AND f.os_version GLOB coalesce(e.os_version, '*')),
	                          iif(EXISTS (SELECT 1 FROM catalog_cmvp_environments e
	                                       WHERE e.certificate = r.certificate),
	                              'not listed', 'not known to the catalogue')) END AS environment,
	       u.used_for, u.inherited,
	       CASE WHEN f.gap IS NOT NULL THEN f.gap
	            WHEN f.lack IS NOT NULL THEN f.lack
	            WHEN r.nearness IS NULL THEN 'the catalogue knows no module so named'
	            WHEN r.nearness = 4
	            THEN 'its name is that of certificate ' || r.certificate
	                 || ', but neither its build nor its series is'
	            WHEN r.certificate IS NULL THEN r.note
	            WHEN r.nearness = 1 THEN 'the build of certificate ' || r.certificate
	                 || coalesce(' (' || r.note || ')', '')
	            WHEN r.nearness = 2 THEN 'another build in the stream of certificate '
	                 || r.certificate || coalesce(' (' || r.note || ')', '')
	            ELSE coalesce(r.note, iif(f.version IS NULL AND r.via <> 'service',
	                 'it does not tell its version, so it cannot be compared with certificate '
	                 || r.certificate, NULL), 'the catalogue does not hold the builds of certificate '
	                 || r.certificate) END AS why
	  FROM found f LEFT JOIN ranked r
	    ON r.place = 1 AND f.gap IS NULL AND f.lack IS NULL
	   AND r.layer = f.layer AND r.via = f.via AND r.os_family IS f.os_family
	   AND r.os_version IS f.os_version AND r.name IS f.name
	   AND r.version IS f.version AND r.build IS f.build
	  LEFT JOIN module_status s ON s.certificate = r.certificate AND r.nearness < 4
	 CROSS JOIN policy p
	  LEFT JOIN module_use u ON u.layer = f.layer)
