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
-- The same build is looked up once, however many nodes have it; beside it whose modules
-- are made for the system it is on, and which other system of that vendor it is made of.
distinct_build AS MATERIALIZED (
	SELECT d.*, y.name AS system_name, y.holders,
	       (SELECT s.base FROM catalog_systems s WHERE s.system = d.os_family
	           AND (s.os_version IS NULL OR d.os_version GLOB s.os_version)
	         ORDER BY s.rowid LIMIT 1) AS base
	  FROM (SELECT DISTINCT layer, via, os_family, os_version, name, version, build
	          FROM found WHERE gap IS NULL AND lack IS NULL) d
	  LEFT JOIN (SELECT system, max(name) AS name, max(holders) AS holders
	               FROM catalog_systems GROUP BY system) y ON y.system = d.os_family),
-- nearness 1 the build, 2 its series, 3 nothing to compare, 4 another build. A certificate is
-- its vendor's: 5 its texts, on the system of another vendor; 6 on a system nobody knows.
candidate AS (
	SELECT b.*, i.certificate, i.note, i.holder,
	       CASE WHEN i.holder IS NOT NULL AND b.holders IS NULL THEN 6
	            WHEN (i.os_family IS NOT NULL AND coalesce(i.os_family NOT IN (b.os_family,
	                  coalesce(b.base, '')), 1))
	              OR instr(' ' || b.holders || ' ', ' ' || i.holder || ' ') = 0 THEN 5
	            WHEN b.version GLOB i.version OR b.build GLOB i.version THEN 1
	            WHEN b.version GLOB i.series OR b.build GLOB i.series THEN 2
	            WHEN i.version IS NULL OR b.version IS NULL THEN 3 ELSE 4 END AS nearness
	  FROM distinct_build b JOIN catalog_cmvp_identities i
	    ON i.layer = b.layer AND i.via = b.via
	   AND coalesce(b.name, '') GLOB coalesce(i.name, '')
	   AND CASE WHEN (i.os_family IS NULL OR i.os_family IN (b.os_family, coalesce(b.base, '')))
	             AND (i.holder IS NULL OR instr(' ' || b.holders || ' ', ' ' || i.holder || ' ') > 0)
	            THEN (i.os_version IS NULL OR i.os_family <> b.os_family
	                  OR b.os_version GLOB i.os_version)
	             -- by a build that no other has, whatever names it
	             AND (i.name IS NOT '*' OR i.os_family IS NOT NULL OR b.version GLOB i.version
	                  OR i.version = '*')
	            -- a name that is one vendor's alone, or a build of his
	            ELSE i.via = 'name' AND i.certificate IS NOT NULL AND i.name IS NOT NULL
	             AND (i.name GLOB '[A-Z]*' OR b.version GLOB i.version) END),
ranked AS (
	SELECT k.*, row_number() OVER (
	           PARTITION BY k.layer, k.via, k.os_family, k.os_version, k.name, k.version, k.build
	           ORDER BY k.nearness,
	                    CASE s.state WHEN 'active' THEN 1 WHEN 'unknown' THEN 2
	                         WHEN 'historical' THEN 3 ELSE 4 END,
	                    s.validated DESC, k.certificate) AS place
	  FROM candidate k LEFT JOIN module_status s ON s.certificate = k.certificate),
matched AS MATERIALIZED ( -- and what it comes to
	SELECT r.*, h.vendor AS holder_name, s.standard, s.level, s.state, s.why AS status, s.sunset,
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
	  LEFT JOIN catalog_cmvp_certificates h ON h.certificate = r.certificate
	 WHERE r.place = 1),
-- ... and what is known of who built it: 7 the package that holds it is of another vendor;
-- 8 nothing confirms that it is of the certificate's.
placed AS MATERIALIZED (
	SELECT f.*, r.certificate, r.note, r.via AS found_via, r.standard, r.level, r.state,
	       r.status, r.sunset, r.environment, r.holder_name, r.system_name, o.text AS origin,
	       y.modules AS system_modules, y.name AS named,
	       CASE WHEN r.holder IS NULL OR r.certificate IS NULL OR r.nearness > 3
	              OR o.subject IS NULL OR o.vendors = '*' THEN r.nearness
	            WHEN trim(replace(replace(',' || o.vendors || ',', ',' || r.holder || ',', ','),
	                 ',?,', ','), ',') <> '' THEN 7
	            WHEN o.vendors = r.holder AND o.confirmed = 1 THEN r.nearness ELSE 8 END AS nearness
	  FROM found f LEFT JOIN matched r
	    ON f.gap IS NULL AND f.lack IS NULL
	   AND r.layer = f.layer AND r.via = f.via AND r.os_family IS f.os_family
	   AND r.os_version IS f.os_version AND r.name IS f.name
	   AND r.version IS f.version AND r.build IS f.build
	  LEFT JOIN module_origin o ON o.subject = f.subject AND o.layer = f.layer
	       AND o.name IS iif(f.via = 'package', f.name, NULL)
	  LEFT JOIN (SELECT system, max(modules) AS modules, max(name) AS name FROM catalog_systems
	              GROUP BY system) y ON y.system = f.os_family),
ledger AS MATERIALIZED (
	SELECT r.subject, r.scope, r.layer, r.os_family, r.os_version, r.name, r.version,
	       CASE WHEN r.gap IS NOT NULL THEN 'cannot tell'
	            WHEN r.lack IS NOT NULL THEN 'none'
	            WHEN r.nearness IS NULL THEN iif(r.system_modules = 'none' AND r.via = 'name',
	                                             'none', 'cannot tell')
	            WHEN r.nearness IN (4, 5, 7) THEN 'different'
	            WHEN r.certificate IS NULL THEN 'none'
	            WHEN r.nearness = 1 THEN 'exact'
	            WHEN r.nearness = 2 THEN 'stream'
	            ELSE 'cannot tell' END AS match,
	       iif(r.nearness IN (1, 2, 3, 8), r.certificate, NULL) AS certificate,
	       r.standard, r.level,
	       iif(r.nearness = 7, NULL, r.state) AS state, iif(r.nearness = 7, NULL, r.status) AS status,
	       iif(r.nearness = 7, NULL, r.sunset) AS sunset,
	       -- what the profile makes of it; NULL: cannot tell
	       CASE WHEN r.gap IS NOT NULL THEN NULL
	            WHEN r.lack IS NOT NULL THEN 0
	            WHEN r.nearness IS NULL
	            THEN iif(r.system_modules = 'none' AND r.via = 'name', 0, NULL)
	            WHEN r.nearness IN (4, 5, 7) OR r.certificate IS NULL THEN 0
	            WHEN instr(' ' || p.standards || ' ', ' ' || r.standard || ' ') = 0 THEN 0
	            WHEN r.nearness = 1 THEN 1
	            WHEN r.nearness = 2 THEN p.match = 'stream' END AS accepted,
	       iif(r.nearness = 7, NULL, r.environment) AS environment,
	       u.used_for, u.inherited,
	       CASE WHEN r.gap IS NOT NULL THEN r.gap
	            WHEN r.lack IS NOT NULL THEN r.lack
	            WHEN r.nearness IS NULL AND r.system_modules = 'none' AND r.via = 'name'
	            THEN r.named || ' has no validated modules'
	            WHEN r.nearness IS NULL THEN 'the catalogue knows no module so named'
	            WHEN r.nearness = 5
	            THEN 'it gives the name or build of certificate ' || r.certificate || ' of '
	                 || r.holder_name || ', whose builds ' || r.system_name || ' does not ship'
	            WHEN r.nearness = 6
	            THEN 'it gives the name of certificate ' || r.certificate || ' of ' || r.holder_name
	                 || ', and whether this system is of that vendor is not known'
	            WHEN r.nearness = 7
	            THEN 'it gives the name or build of certificate ' || r.certificate || ' of '
	                 || r.holder_name || ', and is of another vendor: ' || r.origin
	            WHEN r.nearness = 8
	            THEN 'it gives the name or build of certificate ' || r.certificate || ' of '
	                 || r.holder_name || ', which nothing confirms: ' || r.origin
	            WHEN r.nearness = 4
	            THEN 'its name is that of certificate ' || r.certificate
	                 || ', but neither its build nor its series is'
	            WHEN r.certificate IS NULL THEN r.note
	            WHEN r.nearness = 1 THEN 'the build of certificate ' || r.certificate
	                 || coalesce(' (' || r.note || ')', '')
	            WHEN r.nearness = 2 THEN 'another build in the stream of certificate '
	                 || r.certificate || coalesce(' (' || r.note || ')', '')
	            ELSE coalesce(r.note, iif(r.version IS NULL AND r.found_via <> 'service',
	                 'it does not tell its version, so it cannot be compared with certificate '
	                 || r.certificate, NULL), 'the catalogue does not hold the builds of certificate '
	                 || r.certificate) END AS why
	  FROM placed r
	 CROSS JOIN policy p
	  LEFT JOIN module_use u ON u.layer = r.layer)
