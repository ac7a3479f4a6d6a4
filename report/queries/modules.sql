-- title: The module ledger: of each node every module, its certificate and status
-- with: module-ledger
-- param: scope [*] scopes that match, as in host/web-*
SELECT scope, node, module, name, version, match, certificate, standard, level, status,
       status_on, sunset, why
  FROM module WHERE scope GLOB :scope
 ORDER BY scope, module, name;
