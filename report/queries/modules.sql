-- title: Cryptographic modules of each host: the kernel's, and OpenSSL's providers
-- param: scope [*] scopes that match, as in host/web-*
SELECT n.scope, 'kernel' AS layer, n.fips_name AS name,
       n.fips_version AS version, n.fips_enabled AS active, NULL AS buildinfo,
       NULL AS sha256, n.fips_enabled_outcome AS outcome
  FROM node n WHERE n.scope GLOB :scope
UNION ALL
SELECT p.scope, 'openssl ' || p.key, p.name, p.version, p.active, p.buildinfo,
       CASE WHEN p.key = 'fips' THEN o.fips_module_sha256 END, p.outcome
  FROM node_provider p
  LEFT JOIN node_openssl o ON o.scope = p.scope AND o.outcome = 'observed'
 WHERE p.scope GLOB :scope
 ORDER BY 1, 2;
