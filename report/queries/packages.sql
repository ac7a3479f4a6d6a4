-- title: Installed packages that matter to FIPS mode
-- param: scope [*] scopes that match, as in host/web-*
-- param: name [*] package names that match, as in openssl*
SELECT p.scope, coalesce(p.name, p.key) AS name, p.version, p.arch, p.manager,
       p.outcome, p.reason
  FROM node_package p
 WHERE p.scope GLOB :scope AND coalesce(p.name, p.key) GLOB :name
 ORDER BY p.scope, name, p.version;
