-- title: The cryptographic-module ledger: module, certificate and status of each host, service and image
-- param: scope [*] scopes that match, as in host/web-* or image/*
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: whole-ledger
SELECT scope, layer, name, version, certificate,
       standard, level, match, status, environment, used_for, inherited, why
  FROM ledger WHERE scope GLOB :scope
 ORDER BY scope, CASE layer WHEN 'kernel' THEN 1 WHEN 'openssl' THEN 2 WHEN 'go' THEN 3
                 ELSE 4 END, layer, name, version;
