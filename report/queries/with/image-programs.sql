WITH
-- with: module-status
-- with: image-found
found AS (SELECT * FROM image_found),
module_origin(subject, layer, name, vendors, confirmed, text) AS (
	SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE 0),
-- with: module-match
, -- What the ledger says of a module: by name and version, else of its whole layer.
-- accepted: 1, 0, or NULL: cannot be told.
told AS MATERIALIZED (
	SELECT subject, layer, name, version,
	       CASE WHEN count(*) FILTER (WHERE accepted = 0) > 0 THEN 0
	            WHEN count(*) FILTER (WHERE accepted IS NULL) > 0 THEN NULL ELSE 1 END AS accepted,
	       min(match || ', ' || why) FILTER (WHERE accepted IS NOT 1) AS why,
	       min(certificate) AS certificate
	  FROM ledger GROUP BY subject, layer, name, version),
told_layer AS MATERIALIZED (
	SELECT subject, layer,
	       CASE WHEN count(*) FILTER (WHERE accepted = 0) > 0 THEN 0
	            WHEN count(*) FILTER (WHERE accepted IS NULL) > 0 THEN NULL ELSE 1 END AS accepted,
	       min(why) AS why, min(certificate) AS certificate
	  FROM told GROUP BY subject, layer),
-- Each copy of a module: does it compute as a validated one? A copy of OpenSSL 3 does
-- if its own configuration makes it use a validated provider where it looks for one.
module_row AS MATERIALIZED (
	SELECT l.subject, l.inside, l.os_family, m.key, m.module, m.name, m.version, m.path,
	       m.config_fips, m.config_path, m.config_outcome, m.provider, m.provider_outcome,
	       m.providers,
	       CASE WHEN m.module IS NULL OR m.basis IS NULL OR m.path IS NULL THEN 'unknown'
	            WHEN m.module = 'openssl' AND m.basis = 'texts of the provider' THEN 'provider'
	            WHEN m.module = 'openssl' AND coalesce(m.version, '3') NOT LIKE '1.%' THEN 'openssl'
	            WHEN m.module = 'java' AND m.path LIKE '%/release' THEN 'java'
	            ELSE 'other' END AS what
	  FROM looked_image l JOIN image_module m ON m.scope = l.inside AND m.outcome = 'observed'
	 WHERE l.gap IS NULL),
copy_fact AS MATERIALIZED (
	SELECT r.*, coalesce(t.layer, y.layer) AS in_ledger,
	       iif(t.layer IS NOT NULL, t.accepted, y.accepted) AS accepted,
	       coalesce(t.why, y.why) AS ledger_why, coalesce(t.certificate, y.certificate) AS certificate,
	       p.name AS provider_name, p.version AS provider_version,
	       tp.accepted AS provider_accepted, tp.why AS provider_why,
	       tp.certificate AS provider_certificate,
	       r.os_family IN ('rhel8', 'rhel9', 'rhel10', 'al2023', 'ubuntu', 'fedora')
	       AND (r.path GLOB 'usr/lib64/libcrypto.so*' OR r.path GLOB 'lib64/libcrypto.so*'
	            OR r.path GLOB '*lib/*-linux-gnu/libcrypto.so*') AS by_kernel
	  FROM module_row r
	  LEFT JOIN told t ON t.subject = r.subject AND t.layer = r.module
	       AND t.name IS r.name AND t.version IS r.version
	  LEFT JOIN told_layer y ON t.layer IS NULL AND y.subject = r.subject AND y.layer = r.module
	  LEFT JOIN module_row p ON p.inside = r.inside AND p.subject = r.subject AND p.key = r.provider
	       AND p.what = 'provider'
	  LEFT JOIN told tp ON tp.subject = r.subject AND tp.layer = 'openssl'
	       AND tp.name IS p.name AND tp.version IS p.version),
copy AS MATERIALIZED (
	SELECT subject, key, module, path,
	       CASE what
	       WHEN 'openssl' THEN CASE
	            WHEN provider IS NULL AND provider_outcome = 'absent' THEN 0
	            WHEN provider IS NULL OR provider_name IS NULL THEN NULL
	            WHEN provider_accepted = 0 THEN 0
	            WHEN config_fips THEN provider_accepted
	            WHEN by_kernel THEN NULL
	            WHEN config_fips = 0 THEN 0 END
	       WHEN 'java' THEN CASE
	            WHEN providers IS NULL OR json_array_length(providers) = 0 THEN NULL
	            WHEN json_extract(providers, '$[0]') LIKE '%fips%'
	              OR json_extract(providers, '$[0]') LIKE '%AmazonCorrettoCrypto%' THEN NULL
	            ELSE 0 END
	       WHEN 'other' THEN accepted
	       WHEN 'provider' THEN accepted END AS state,
	       CASE what
	       WHEN 'openssl' THEN 'OpenSSL ' || coalesce(version || ' ', '') || 'in ' || path || ': ' || CASE
	            WHEN provider IS NULL AND provider_outcome = 'absent'
	            THEN 'no FIPS provider where this copy looks for one'
	            WHEN provider IS NULL OR provider_name IS NULL
	            THEN 'where this copy looks for providers is not known'
	            WHEN provider_accepted = 0 THEN provider_name || ': ' || coalesce(provider_why, 'not accepted')
	            WHEN config_fips AND provider_accepted THEN config_path || ' activates ' || provider_name
	                 || coalesce(' (certificate #' || provider_certificate || ')', '')
	            WHEN config_fips THEN provider_name || ': ' || coalesce(provider_why, 'not in the ledger')
	            WHEN by_kernel THEN 'this system activates its provider when the host''s kernel is in '
	                 || 'FIPS mode, which an image does not show'
	            WHEN config_fips = 0 THEN coalesce(config_path, 'its configuration')
	                 || iif(config_outcome = 'absent', ' does not exist', ' does not make it use the FIPS provider')
	            ELSE 'could not determine whether its configuration activates the FIPS provider' END
	       WHEN 'java' THEN 'Java runtime ' || coalesce(version || ' ', '') || 'in ' || path || ': ' || CASE
	            WHEN providers IS NULL OR json_array_length(providers) = 0
	            THEN 'its list of providers is not known'
	            ELSE 'first provider ' || json_extract(providers, '$[0]') END
	       ELSE coalesce(name, module, 'a module') || coalesce(' ' || version, '') || ' in '
	            || coalesce(path, key) || ': ' || CASE WHEN what = 'unknown' THEN 'what it is was not recorded'
	            WHEN in_ledger IS NULL THEN 'the ledger does not hold it'
	            WHEN accepted = 1 THEN 'certificate #' || coalesce(certificate, '?')
	            ELSE coalesce(ledger_why, 'not validated') END
	       END AS why
	  FROM copy_fact),
program_row AS MATERIALIZED (
	SELECT l.subject, l.reference, p.key, p.path, p.role, p.form, p.reached, p.may_run, p.modules,
	       p.missing, p.unread, p.sockets, p.ciphers, p.calls, p.hashes,
	       coalesce(json_array_length(p.reached), 0) > 0 AS shown,
	       EXISTS (SELECT 1 FROM catalog_image_plain_programs c
	                WHERE replace(p.path, rtrim(p.path, replace(p.path, '/', '')), '') GLOB c.program)
	       AS known_plain,
	       g.mode, g.fips140, p.form = 'go' AS is_go
	  FROM looked_image l JOIN image_program p ON p.scope = l.inside AND p.outcome = 'observed'
	  LEFT JOIN go_program g ON g.subject = l.subject AND g.path = p.path
	 WHERE l.gap IS NULL),
program_part AS MATERIALIZED (
	SELECT p.subject, p.key, c.state, coalesce(c.why, k.value || ': not recorded') AS why
	  FROM program_row p JOIN json_each(p.modules) k
	  LEFT JOIN copy c ON c.subject = p.subject AND c.key = k.value
	 WHERE k.value NOT GLOB 'libkcapi:*'
	   AND NOT (k.value GLOB 'nettle:*' AND EXISTS (SELECT 1 FROM json_each(p.modules) o
	                                                 WHERE o.value GLOB 'gnutls:*'))
	UNION ALL
	-- a program of Go computes with what it was built with; whether that module is
	-- validated is its own row's to say
	SELECT subject, key,
	       CASE WHEN mode = 'none' THEN 0
	            WHEN mode = 'native' AND coalesce(fips140, '') NOT LIKE 'v%' THEN 0
	            WHEN mode IN ('native', 'boringcrypto') THEN 1 END,
	       CASE WHEN mode = 'none' THEN 'program of Go that starts without FIPS mode'
	            WHEN mode = 'native' AND coalesce(fips140, '') NOT LIKE 'v%'
	            THEN 'program of Go in FIPS mode with a module that is no validated version'
	            WHEN mode = 'native' THEN 'program of Go that starts in FIPS mode'
	            WHEN mode = 'boringcrypto' THEN 'program of Go with BoringCrypto'
	            WHEN mode = 'openssl' THEN 'program of Go that loads OpenSSL; which copy is not known'
	            ELSE 'program of Go that does not tell how it was built' END
	  FROM program_row WHERE is_go
	UNION ALL
	SELECT subject, key, NULL, 'libraries it needs were not found: ' || (SELECT group_concat(value, ' ')
	       FROM json_each(missing)) FROM program_row WHERE json_array_length(missing) > 0
	UNION ALL
	SELECT subject, key, NULL, iif(unread IS NULL OR missing IS NULL OR modules IS NULL,
	       'what it is loaded with was not recorded', 'could not be read: '
	       || (SELECT group_concat(value, ' ') FROM json_each(unread)))
	  FROM program_row WHERE unread IS NULL OR missing IS NULL OR modules IS NULL
	                      OR json_array_length(unread) > 0
	UNION ALL
	-- nothing is recognized: that alone is not nothing
	SELECT subject, key, NULL, 'no library of cryptography was recognized, but '
	       || CASE WHEN ciphers IS NOT 0 THEN 'it holds tables of a cipher'
	               WHEN calls IS NOT 0 THEN 'it calls functions of one'
	               WHEN form IS NOT 'dynamic' THEN 'it is linked statically, so what it lacks cannot be shown'
	               ELSE 'it can open connections' END
	  FROM program_row
	 WHERE coalesce(json_array_length(modules), 0) = 0 AND is_go IS NOT 1
	   AND (ciphers IS NOT 0 OR calls IS NOT 0
	        OR form IS NOT 'dynamic' OR (sockets IS NOT 0 AND NOT known_plain))),
-- state: 1 FIPS modules alone, 0 something else, NULL cannot be told, 2 no cryptography
program AS MATERIALIZED (
	SELECT p.subject, p.reference, p.key, p.path, p.role, p.form, p.reached, p.shown, p.may_run,
	       CASE WHEN count(*) FILTER (WHERE t.state = 0) > 0 THEN 0
	            WHEN count(*) FILTER (WHERE t.key IS NOT NULL AND t.state IS NULL) > 0 THEN NULL
	            WHEN count(t.key) = 0 THEN 2 ELSE 1 END AS state,
	       coalesce(group_concat(t.why, '; ') FILTER (WHERE t.state = 0),
	                group_concat(t.why, '; ') FILTER (WHERE t.state IS NULL),
	                group_concat(t.why, '; '), 'no cryptography was recognized') AS why
	  FROM program_row p
	  LEFT JOIN (SELECT * FROM program_part ORDER BY subject, key, why) t
	    ON t.subject = p.subject AND t.key = p.key
	 GROUP BY p.subject, p.key)
