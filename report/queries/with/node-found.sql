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
