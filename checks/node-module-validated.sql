-- id: node-module-validated
-- order: 80
-- title: The modules in use are validated builds
-- severity: high
-- layer: validated
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2
--   SC.L2-3.13.11; fedramp-20x UCM-CSX-UVM UCM-CSX-CMD
-- kinds: node node.provider
-- rationale: A certificate covers the listed builds on the listed environments. What
--   is running must be that build, or an update stream the programme accepts. No
--   catalogue of certificates was consulted for this report, so it stays unknown;
--   the identities below are what to look up.
-- remediation: Look up the named modules and versions at
--   csrc.nist.gov/projects/cryptographic-module-validation-program and compare with
--   the certificate's security policy.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT n.subject, 'unknown' AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       ELSE 'no certificate catalogue was consulted; kernel module: '
            || coalesce(n.fips_name || ' ' || coalesce(n.fips_version, ''),
                        'names none')
            || '; OpenSSL provider fips: '
            || coalesce(p.name || ' ' || coalesce(p.version, ''), 'none seen')
       END AS reason
  FROM node n
  LEFT JOIN node_provider p ON p.scope = n.scope AND p.key = 'fips'
        AND p.outcome = 'observed';
