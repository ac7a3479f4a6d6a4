-- id: node-openssl-config
-- order: 120
-- title: OpenSSL's FIPS configuration is not weakened
-- severity: medium
-- controls: nist-800-53r5 cm-6 sc-13; nist-800-171r2 3.13.11
-- kinds: node node.openssl
-- rationale: fipsmodule.cnf can switch off security checks and conditional
--   self-tests, and a configuration that activates the default provider beside the
--   FIPS one without asking for fips=yes leaves open which of them serves.
-- remediation: Run 'openssl fipsinstall' without -no_security_checks and
--   -no_conditional_errors; set default_properties = fips=yes, or activate only the
--   fips and base providers.
-- references: https://docs.openssl.org/3.0/man1/openssl-fipsinstall/
-- since: 0.1.0
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN n.os_family = 'bottlerocket' THEN 'not-applicable'
       WHEN o.subject IS NULL THEN 'unknown'
       WHEN o.outcome = 'absent' THEN 'not-applicable'
       WHEN o.outcome <> 'observed' THEN 'unknown'
       WHEN o.security_checks = 0 OR o.conditional_errors = 0
            THEN 'not-satisfied'
       WHEN o.module_mac = 'stale' THEN 'not-satisfied'
       WHEN o.config_activates_fips IS NULL THEN 'unknown'
       WHEN o.config_activates_fips = 0 THEN 'not-applicable'
       WHEN o.fipsmodule_outcome IS NULL
            OR o.fipsmodule_outcome NOT IN ('observed', 'absent') THEN 'unknown'
       WHEN o.config_activates_default = 1
            AND ',' || replace(lower(coalesce(o.config_properties, '')), ' ', '') || ',' NOT LIKE '%,fips=yes,%'
            THEN 'not-satisfied'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN n.os_family = 'bottlerocket'
            THEN 'Bottlerocket has no OpenSSL configuration'
       WHEN o.subject IS NULL THEN 'OpenSSL was not looked at'
       WHEN o.outcome <> 'observed' THEN 'OpenSSL ' || o.outcome || ': ' || o.reason
       WHEN o.security_checks = 0
            THEN o.fipsmodule_path || ': security-checks = 0'
       WHEN o.conditional_errors = 0
            THEN o.fipsmodule_path || ': conditional-errors = 0'
       WHEN o.module_mac = 'stale'
            THEN o.fipsmodule_path || ': module-mac is the HMAC of no fips.so on this host, so the '
                 || 'provider does not load; run openssl fipsinstall again'
       WHEN o.config_activates_fips IS NULL
            THEN 'it cannot be told whether '
                 || coalesce(o.config_path, 'openssl.cnf')
                 || ' activates the FIPS provider'
       WHEN o.config_activates_fips = 0
            THEN coalesce(o.config_path, 'the configuration')
                 || ' does not activate the FIPS provider itself'
       WHEN o.fipsmodule_outcome IS NULL
            OR o.fipsmodule_outcome NOT IN ('observed', 'absent')
            THEN 'fipsmodule.cnf, which may switch checks off, '
                 || coalesce(o.fipsmodule_outcome, 'was not looked for')
       WHEN o.config_activates_default = 1
            AND ',' || replace(lower(coalesce(o.config_properties, '')), ' ', '') || ',' NOT LIKE '%,fips=yes,%'
            THEN 'the default provider is active too, and fips=yes is not the default'
       ELSE 'the FIPS provider is activated, nothing in it is switched off'
       END AS reason
  FROM node n
  LEFT JOIN node_openssl o ON o.scope = n.scope;
