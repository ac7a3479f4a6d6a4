-- Every image that ought to be there: asked for by name, or run by a cluster and not
-- looked at. image: key of what was found under its digest, NULL: nothing was.
asked_image AS MATERIALIZED (
	SELECT r.subject, r.scope, r.reference, r.platform, r.digest, r.index_digest, r.image,
	       r.claim, CASE WHEN r.outcome <> 'observed'
	       THEN 'the image could not be had: ' || r.outcome || ', ' || r.reason END AS gap
	  FROM image_reference r
	UNION ALL
	SELECT k.subject, k.scope, k.key, NULL, k.digest, NULL, NULL, NULL,
	       'a cluster runs it, and it was not looked at; exhibit collect image --in-use does'
	  FROM kube_image k
	 WHERE k.outcome = 'observed'
	   AND NOT EXISTS (SELECT 1 FROM image_reference r WHERE r.scope = 'image/' || k.key)
	   AND (k.digest IS NULL OR k.digest NOT IN (
	        SELECT digest FROM image_reference WHERE digest IS NOT NULL UNION ALL
	        SELECT index_digest FROM image_reference WHERE index_digest IS NOT NULL))),
looked_image AS MATERIALIZED (
	SELECT a.subject, a.scope, a.reference, a.platform, a.image, a.claim,
	       'image/' || a.image AS inside, i.os_family, i.os_version, i.os_pretty, i.env,
	       i.config_activates_fips, i.config_activates_default, i.config_outcome,
	       i.config_path, i.config_properties, i.gcrypt_forced, i.unread, i.overrides,
	       coalesce(a.gap, CASE WHEN i.subject IS NULL THEN 'what is in it was not kept'
	            WHEN i.outcome <> 'observed'
	            THEN 'it could not be looked through: ' || i.outcome || ', ' || i.reason END) AS gap
	  FROM asked_image a
	  LEFT JOIN image i ON i.scope = 'image/' || a.image AND i.key = a.image),
image_file AS MATERIALIZED (
	SELECT l.subject, l.scope, l.inside, l.os_family, l.os_version, m.module, m.name,
	       m.version, m.build, m.path, m.basis = 'texts of the provider' AS is_provider
	  FROM looked_image l JOIN image_module m ON m.scope = l.inside AND m.outcome = 'observed'
	 WHERE l.gap IS NULL),
image_certified AS MATERIALIZED (
	SELECT DISTINCT l.subject, l.scope, l.os_family, l.os_version, c.layer, k.name, k.version
	  FROM looked_image l
	  JOIN image_package k ON k.scope = l.inside AND k.outcome = 'observed'
	  JOIN (SELECT DISTINCT layer, name FROM catalog_cmvp_identities
	         WHERE via = 'package') c ON c.name = k.name
	 WHERE l.gap IS NULL),
go_program AS MATERIALIZED (
	SELECT l.subject, l.scope, b.path, b.go_version, b.fips140,
	       CASE WHEN b.fips_mode = 'native' AND coalesce(json_extract(l.env, '$.GODEBUG'), '')
	                 LIKE '%fips140=off%' THEN 'none'
	            WHEN b.fips_mode = 'none' AND (coalesce(json_extract(l.env, '$.GODEBUG'), '')
	                 LIKE '%fips140=on%' OR coalesce(json_extract(l.env, '$.GODEBUG'), '')
	                 LIKE '%fips140=only%')
	             AND (b.go_version GLOB 'go1.2[4-9]*' OR b.go_version GLOB 'go1.[3-9][0-9]*')
            THEN 'native'
	            ELSE coalesce(b.fips_mode, 'unknown') END AS mode
	  FROM looked_image l JOIN image_binary b ON b.scope = l.inside AND b.outcome = 'observed'
	 WHERE l.gap IS NULL),
-- What is in each image. gap: why it cannot be told; lack: there is none.
image_found AS MATERIALIZED (
	SELECT subject, scope, 'image' AS layer, 'name' AS via, NULL AS os_family,
	       NULL AS os_version, NULL AS name, NULL AS version, NULL AS build, gap, NULL AS lack
	  FROM looked_image WHERE gap IS NOT NULL
	UNION ALL
	SELECT l.subject, l.scope, 'image', 'name', NULL, NULL, NULL, NULL, NULL,
	       'no library of cryptography was recognised in it; whether its programs compute '
	       || 'on their own cannot be told', NULL
	  FROM looked_image l
	 WHERE l.gap IS NULL
	   AND NOT EXISTS (SELECT 1 FROM image_file m WHERE m.subject = l.subject)
	   AND NOT EXISTS (SELECT 1 FROM image_certified c WHERE c.subject = l.subject)
	   AND NOT EXISTS (SELECT 1 FROM go_program b WHERE b.subject = l.subject)
	UNION ALL
	SELECT subject, scope, 'image', 'name', NULL, NULL, NULL, NULL, NULL,
	       coalesce(json_array_length(unread) || ' of its files could not be told, for instance '
	       || json_extract(unread, '$[0]'), 'which of its files could not be told is not known'),
	       NULL
	  FROM looked_image WHERE gap IS NULL AND coalesce(json_array_length(unread), 1) > 0
	UNION ALL
	SELECT subject, scope, 'image', 'name', NULL, NULL, NULL, NULL, NULL,
	       'what ' || coalesce(min(path), 'a file of it') || ' is was not told', NULL
	  FROM image_file WHERE module IS NULL OR is_provider IS NULL GROUP BY subject, scope
	UNION ALL
	-- modules by the name they give
	SELECT DISTINCT subject, scope, module, 'name', os_family, os_version, name, version,
	       build, CASE WHEN version IS NULL AND (is_provider OR name IN ('BoringCrypto',
	            'AWS-LC FIPS (static)', 'AWS-LC FIPS (dynamic)', 'wolfCrypt FIPS')
	            OR name LIKE 'BC-FJA%') THEN 'it does not say which version it is' END, NULL
	  FROM image_file f
	 WHERE (is_provider AND module IS NOT NULL OR module NOT IN ('openssl', 'libkcapi', 'nettle', 'libgcrypt',
	                                      'gnutls', 'nss'))
	    OR (module IN ('libgcrypt', 'gnutls', 'nss')
	        AND NOT EXISTS (SELECT 1 FROM image_certified c
	                         WHERE c.subject = f.subject AND c.layer = f.module))
	    OR (module = 'nettle' AND NOT EXISTS (SELECT 1 FROM image_file g
	                         WHERE g.subject = f.subject AND g.module = 'gnutls'))
	UNION ALL
	-- a copy of OpenSSL 3 that finds no provider where it looks, whoever else has one
	SELECT DISTINCT l.subject, l.scope, 'openssl', 'name', l.os_family, l.os_version, m.name,
	       m.version, NULL, NULL, 'OpenSSL ' || coalesce(m.version || ' ', '')
	       || 'in ' || m.path || ' finds no FIPS provider where it looks'
	  FROM looked_image l JOIN image_module m ON m.scope = l.inside AND m.outcome = 'observed'
	 WHERE l.gap IS NULL AND m.module = 'openssl' AND m.basis <> 'texts of the provider'
	   AND coalesce(m.version, '3') NOT LIKE '1.%' AND m.provider_outcome = 'absent'
	   AND EXISTS (SELECT 1 FROM image_file g
	                WHERE g.subject = l.subject AND g.module = 'openssl' AND g.is_provider)
	UNION ALL
	-- OpenSSL 3 computes through its providers, of which one may be validated
	SELECT subject, scope, 'openssl', 'name', os_family, os_version, 'OpenSSL', max(version),
	       NULL, NULL, 'OpenSSL ' || max(version) || ' without a FIPS provider in the image'
	  FROM image_file f
	 WHERE module = 'openssl' AND NOT is_provider AND coalesce(version, '3') NOT LIKE '1.%'
	   AND NOT EXISTS (SELECT 1 FROM image_file g
	                    WHERE g.subject = f.subject AND g.module = 'openssl' AND g.is_provider)
	 GROUP BY subject, scope, os_family, os_version
	UNION ALL
	SELECT DISTINCT subject, scope, 'openssl', 'name', os_family, os_version, NULL, version,
	       NULL, NULL, NULL
	  FROM image_file WHERE module = 'openssl' AND version LIKE '1.%'
	UNION ALL
	SELECT subject, scope, layer, 'package', os_family, os_version, name, version,
	       NULL, NULL, NULL
	  FROM image_certified
	UNION ALL
	SELECT subject, scope, 'go', 'name', NULL, NULL, 'Go''s own packages', go_version, NULL,
	       CASE WHEN mode = 'unknown' THEN 'programs built before Go told how (for instance '
	            || min(path) || ')' END,
	       CASE mode WHEN 'none' THEN 'programs of Go start without FIPS mode (for instance '
	            || min(path) || ')'
	            WHEN 'native' THEN 'programs compute with the module as it stood in '
	            || go_version || ', which is no version that was validated (for instance '
	            || min(path) || ')' END
	  FROM go_program
	 WHERE mode IN ('none', 'unknown') OR (mode = 'native' AND coalesce(fips140, '') NOT LIKE 'v%')
	 GROUP BY subject, scope, mode, go_version),
