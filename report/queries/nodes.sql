-- title: Hosts: identity, and each FIPS layer as it was seen
-- param: scope [*] scopes that match, as in host/web-*
SELECT n.key AS node, n.outcome, n.os_pretty AS os, n.kernel_release AS kernel,
       n.arch, n.live, n.cmdline_fips AS requested, n.fips_enabled AS "on",
       json_array_length(n.selftest_failed) AS selftests_failed,
       p.name AS module, p.version AS module_version, p.active,
       o.runtime_md5 AS md5, e.ended AS seen, n.scope, n.reason
  FROM node n
  JOIN ended e ON e.run = n.seen_run
  LEFT JOIN node_openssl o ON o.scope = n.scope AND o.outcome = 'observed'
  LEFT JOIN node_provider p ON p.scope = n.scope AND p.key = 'fips'
        AND p.outcome = 'observed'
 WHERE n.scope GLOB :scope
 ORDER BY n.scope, n.key;
