-- id: node-module-active
-- order: 50
-- title: A FIPS module is active in user space
-- severity: high
-- layer: active
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: node node.openssl node.provider node.bottlerocket
-- rationale: The kernel's flag says nothing about the library that programs call.
--   OpenSSL is in FIPS mode when its FIPS provider is loaded, has passed its
--   self-tests, serves the algorithms, and refuses MD5 by default; OpenSSL 1.x,
--   which has no providers, is when it refuses MD5. A provider that
--   is only configured, or was changed on disk, vanishes without an error.
-- remediation: Install and activate the distribution's FIPS provider (crypto-policy
--   FIPS on RHEL 9 and AL2023, openssl-fips-module-3 on Ubuntu Pro) and run
--   'openssl list -providers' and 'openssl md5 /dev/null' to see it act.
-- references: https://docs.openssl.org/3.0/man7/fips_module/
-- since: 0.1.0
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN n.os_family = 'bottlerocket' THEN
            -- item 1.0 of the report is the kernel's flag: it can deny, not prove
            CASE WHEN b.report_1_0 IN ('FAIL', 'SKIP') THEN 'not-satisfied'
                 WHEN b.fips_variant = 0 THEN 'not-satisfied'
                 WHEN b.go_fips140 IN ('on', 'only') THEN 'satisfied'
                 ELSE 'unknown' END
       WHEN o.subject IS NULL OR o.outcome <> 'observed' THEN 'unknown'
       WHEN coalesce(o.runtime_outcome, 'absent') <> 'observed' THEN 'unknown'
       WHEN o.library_version LIKE '1.%' THEN
            CASE o.runtime_md5 WHEN 'refused' THEN 'satisfied'
                 WHEN 'available' THEN 'not-satisfied' ELSE 'unknown' END
       WHEN p.subject IS NULL THEN iif(other.name IS NULL, 'not-satisfied', 'unknown')
       WHEN p.outcome <> 'observed' THEN 'unknown'
       WHEN p.active = 0 THEN 'not-satisfied'
       WHEN p.active IS NULL OR o.runtime_md5 IS NULL THEN 'unknown'
       WHEN o.runtime_md5 <> 'refused' THEN 'not-satisfied'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN n.os_family = 'bottlerocket' THEN
            CASE WHEN b.report_1_0 IN ('FAIL', 'SKIP')
                      THEN 'apiclient report fips, item 1.0: ' || b.report_1_0
                 WHEN b.fips_variant = 0 THEN 'not a FIPS variant'
                 WHEN b.go_fips140 IS NOT NULL
                      THEN 'system services run with GODEBUG fips140='
                           || b.go_fips140
                 ELSE coalesce('apiclient report fips, item 1.0: ' || b.report_1_0
                      || ', which speaks of the kernel alone; ', '')
                      || '/run/fips-go.env does not say that programs use a FIPS module' END
       WHEN o.subject IS NULL THEN 'OpenSSL was not looked at'
       WHEN o.outcome <> 'observed' THEN 'OpenSSL ' || o.outcome || ': ' || o.reason
       WHEN coalesce(o.runtime_outcome, 'absent') <> 'observed'
            THEN 'providers could not be loaded to see ('
                 || CASE WHEN n.live THEN coalesce(o.runtime_outcome, 'not asked')
                         ELSE 'not a running host' END
                 || '); the configuration '
                 || CASE o.config_activates_fips WHEN 1 THEN 'activates'
                         WHEN 0 THEN 'does not activate'
                         ELSE 'does not say whether it activates' END
                 || ' the FIPS provider'
       WHEN o.library_version LIKE '1.%'
            THEN 'OpenSSL ' || o.library_version || ' has no providers; MD5 is '
                 || coalesce(o.runtime_md5, 'not tried')
       WHEN p.subject IS NULL AND other.name IS NOT NULL
            THEN 'provider ' || other.name || ' is active; whether it is a FIPS module is not known'
       WHEN p.subject IS NULL
            THEN 'OpenSSL ' || coalesce(o.library_version, '')
                 || ' runs without a FIPS provider'
       WHEN p.outcome <> 'observed' THEN 'provider fips ' || p.outcome
       WHEN p.active = 0 THEN 'provider fips is loaded but not active'
       WHEN p.active IS NULL OR o.runtime_md5 IS NULL
            THEN 'provider fips is loaded, but not seen at work'
       WHEN o.runtime_md5 <> 'refused'
            THEN 'provider fips is active, but MD5 is still served by default'
       ELSE coalesce(p.name, 'provider fips') || ' ' || coalesce(p.version, '')
            || ' is active and MD5 is refused'
       END AS reason
  FROM node n
  LEFT JOIN node_openssl o ON o.scope = n.scope
  LEFT JOIN node_provider p ON p.scope = n.scope AND p.key = 'fips'
  LEFT JOIN (SELECT scope, min(key) AS name FROM node_provider WHERE active = 1
              AND key NOT IN ('fips', 'default', 'base', 'legacy', 'null', '*') GROUP BY scope) other
         ON other.scope = n.scope
  LEFT JOIN node_bottlerocket b ON b.scope = n.scope
        AND b.outcome = 'observed';
