-- Each of found(subject, scope, layer, via, os_family, os_version, name, version,
-- build, gap, lack), matched with the catalogue: ledger.
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
matched AS MATERIALIZED ( -- and what it comes to
	SELECT r.*, s.standard, s.level, s.state, s.why AS status, s.sunset,
	       CASE WHEN r.nearness < 4 AND r.certificate IS NOT NULL
	            THEN coalesce((SELECT max(iif(e.basis = 'tested', 'tested', 'affirmed by the vendor only'))
	                             FROM catalog_cmvp_environments e
	                            WHERE e.certificate = r.certificate AND e.os_family = r.os_family
	                              AND r.os_version GLOB coalesce(e.os_version, '*')),
	                          iif(EXISTS (SELECT 1 FROM catalog_cmvp_environments e
	                                       WHERE e.certificate = r.certificate),
	                              'not listed', 'not known to the catalogue')) END AS environment
	  FROM ranked r
	  LEFT JOIN module_status s ON s.certificate = r.certificate AND r.nearness < 4
	 WHERE r.place = 1),
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
	       r.standard, r.level, r.state, r.status, r.sunset,
	       -- what the profile makes of it; NULL: cannot tell
	       CASE WHEN f.gap IS NOT NULL THEN NULL
	            WHEN f.lack IS NOT NULL THEN 0
	            WHEN r.nearness IS NULL THEN NULL
	            WHEN r.nearness = 4 OR r.certificate IS NULL THEN 0
	            WHEN instr(' ' || p.standards || ' ', ' ' || r.standard || ' ') = 0 THEN 0
	            WHEN r.nearness = 1 THEN 1
	            WHEN r.nearness = 2 THEN p.match = 'stream' END AS accepted,
	       r.environment,
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
	  FROM found f LEFT JOIN matched r
	    ON f.gap IS NULL AND f.lack IS NULL
	   AND r.layer = f.layer AND r.via = f.via AND r.os_family IS f.os_family
	   AND r.os_version IS f.os_version AND r.name IS f.name
	   AND r.version IS f.version AND r.build IS f.build
	 CROSS JOIN policy p
	  LEFT JOIN module_use u ON u.layer = f.layer)
