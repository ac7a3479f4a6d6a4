-- with: node-system
-- What is on each node and in each service. gap: why it cannot be told; lack: there is none.
, node_found AS MATERIALIZED (
	SELECT n.subject, n.scope, 'kernel' AS layer, 'name' AS via,
	       y.system AS os_family,
	       n.os_version, n.fips_name AS name,
	       coalesce(n.fips_version, n.kernel_release) AS version, NULL AS build,
	       CASE WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
	            WHEN coalesce(n.fips_version, n.kernel_release) IS NULL
	            THEN 'neither its module nor its release could be read' END AS gap,
	       CASE WHEN n.fips_enabled_outcome = 'absent'
	            THEN 'a kernel without FIPS code' END AS lack
	  FROM node n JOIN node_system y USING (subject)
	UNION ALL
	SELECT n.subject, n.scope, 'openssl', 'name', y.system, n.os_version,
	       CASE WHEN p.subject IS NOT NULL THEN p.name
	            WHEN coalesce(o.runtime_outcome, 'absent') <> 'observed'
	            THEN o.fips_module_name END,
	       coalesce(p.version, p.buildinfo, iif(o.library_version LIKE '1.%',
	                o.library_version, NULL),
	                iif(coalesce(o.runtime_outcome, 'absent') <> 'observed',
	                    o.fips_module_version, NULL)),
	       coalesce(p.buildinfo, iif(coalesce(o.runtime_outcome, 'absent') <> 'observed',
	                o.fips_module_build, NULL)),
	       CASE WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
	            WHEN o.subject IS NULL THEN 'OpenSSL was not looked at'
	            WHEN o.outcome <> 'observed' THEN 'OpenSSL ' || o.outcome || ': ' || o.reason
	            WHEN p.outcome <> 'observed' THEN 'provider fips ' || p.outcome
	            WHEN p.subject IS NOT NULL AND coalesce(p.version, p.buildinfo) IS NULL
	            THEN 'provider fips names no version'
	            WHEN p.subject IS NULL AND coalesce(o.library_version, '') NOT LIKE '1.%'
	             AND coalesce(o.runtime_outcome, 'absent') <> 'observed'
	             -- the file tells what it is; whether it acts is another check
	             AND o.fips_module_version IS NULL
	            THEN 'its providers could not be loaded to see'
	            WHEN p.subject IS NULL AND o.library_version IS NULL
	             AND coalesce(o.runtime_outcome, 'absent') = 'observed'
	            THEN 'OpenSSL does not say its version' END,
	       CASE WHEN p.subject IS NULL AND coalesce(o.library_version, '') NOT LIKE '1.%'
	             AND coalesce(o.runtime_outcome, 'absent') = 'observed'
	            THEN 'no FIPS provider is loaded' END
	  FROM node n JOIN node_system y USING (subject)
	  LEFT JOIN node_openssl o ON o.scope = n.scope
	  LEFT JOIN node_provider p ON p.scope = n.scope AND p.key = 'fips'
	 WHERE coalesce(y.system, '') <> 'bottlerocket'
	UNION ALL
	SELECT n.subject, n.scope, 'go', 'name', y.system, n.os_version,
	       'Go Cryptographic Module', NULL, NULL,
	       'system services run with GODEBUG fips140=' || b.go_fips140
	       || ', which does not tell the module''s version', NULL
	  FROM node n JOIN node_system y USING (subject) JOIN node_bottlerocket b ON b.scope = n.scope
	 WHERE b.go_fips140 IN ('on', 'only')
	UNION ALL
	SELECT DISTINCT n.subject, n.scope, l.layer, 'package', y.system, n.os_version,
	       k.name, k.version, NULL, NULL, NULL
	  FROM node n JOIN node_system y USING (subject)
	  JOIN node_package k ON k.scope = n.scope AND k.outcome = 'observed'
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
-- Whose the packages are that hold a node's modules: what a module says of itself is a
-- claim. A signature's key comes before the text of the vendor; dpkg keeps no signatures.
package_vendor AS MATERIALIZED (
	SELECT d.vendor, d.signing_key,
	       (SELECT v.vendor FROM catalog_package_vendors v
	         WHERE v.kind = 'key' AND v.value = d.signing_key) AS by_key,
	       (SELECT v.vendor FROM catalog_package_vendors v
	         WHERE v.kind = 'text' AND d.vendor GLOB v.value LIMIT 1) AS by_text
	  FROM (SELECT DISTINCT vendor, signing_key FROM node_package WHERE name IS NOT NULL) d),
package_layer AS MATERIALIZED (
	SELECT d.name, m.layer, min(m.place) AS place
	  FROM (SELECT DISTINCT name FROM node_package WHERE name IS NOT NULL) d
	  JOIN catalog_module_packages m ON d.name GLOB m.package GROUP BY d.name, m.layer
	UNION ALL
	SELECT DISTINCT i.name, i.layer, 0 FROM catalog_cmvp_identities i WHERE i.via = 'package'),
module_owner AS MATERIALIZED (
	SELECT n.subject, l.layer, l.place, k.name, coalesce(v.by_key, v.by_text, '?') AS vendor,
	       v.by_key IS NOT NULL OR (k.manager = 'dpkg' AND v.by_text IS NOT NULL) AS confirmed,
	       'package ' || k.name || ' of ' || coalesce(k.vendor, 'a vendor that was not recorded')
	       || CASE WHEN k.manager = 'dpkg' THEN '' WHEN k.signing_key IS NULL
	               THEN ', no signature recorded' ELSE ', signed with key ' || k.signing_key
	                    || iif(v.by_key IS NULL, ', which is not in the catalog', '') END AS text,
	       min(l.place) OVER (PARTITION BY n.subject, l.layer) AS first
	  FROM node n JOIN node_package k ON k.scope = n.scope AND k.outcome = 'observed'
	  JOIN package_layer l ON l.name = k.name
	  LEFT JOIN package_vendor v ON v.vendor IS k.vendor AND v.signing_key IS k.signing_key
	 WHERE l.layer <> 'kernel' -- of kernels, the one that runs
	    OR n.kernel_release GLOB k.version || '*'
	    OR k.version GLOB rtrim(rtrim(n.kernel_release, 'abcdefghijklmnopqrstuvwxyz'), '-') || '*'
	    OR k.name IN ('linux-image-' || n.kernel_release, 'linux-image-unsigned-' || n.kernel_release)),
-- vendors '*': a system that is one image, without packages
module_origin AS MATERIALIZED (
	SELECT n.subject, l.layer, NULL AS name,
	       CASE WHEN w.outcome = 'absent' AND y.flavour GLOB 'variant:*' THEN '*'
	            ELSE group_concat(DISTINCT o.vendor) END AS vendors,
	       min(o.confirmed) AS confirmed,
	       coalesce(min(o.text), CASE WHEN w.outcome IS NULL THEN 'packages not collected'
	            WHEN w.outcome <> 'observed' THEN 'packages ' || w.outcome || ': ' || w.reason
	            WHEN l.layer = 'kernel' THEN 'no installed package is the kernel that runs'
	            ELSE 'no installed package is known to hold it' END) AS text
	  FROM node n CROSS JOIN (SELECT DISTINCT layer FROM catalog_module_packages) l
	  JOIN node_system y USING (subject)
	  LEFT JOIN node_package w ON w.scope = n.scope AND w.key = '*'
	  LEFT JOIN module_owner o ON o.subject = n.subject AND o.layer = l.layer
	       AND o.place = o.first
	 GROUP BY n.subject, l.layer
	UNION ALL
	SELECT subject, layer, name, group_concat(DISTINCT vendor), min(confirmed), min(text)
	  FROM module_owner WHERE place = 0 GROUP BY subject, layer, name),
