-- id: image-openssl-active
-- order: 725
-- title: The FIPS provider in an image is activated by its configuration
-- severity: medium
-- layer: active
-- controls: nist-800-53r5 sc-13 cm-6
-- kinds: image.reference image image.module kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
-- rationale: A provider that no configuration activates computes nothing. Images of the
--   RHEL family, Amazon Linux and Ubuntu load it by the flag of the host's kernel, which
--   an image cannot show. A program may load it itself, too.
-- remediation: Include fipsmodule.cnf in openssl.cnf, activate fips and base, and set
--   default_properties = fips=yes, as fips_module(7) has it.
-- references: https://docs.openssl.org/3.0/man7/fips_module/
-- since: 0.1.0
SELECT a.subject,
       CASE WHEN a.gap IS NOT NULL THEN 'unknown'
            WHEN NOT EXISTS (SELECT 1 FROM image_file f
                              WHERE f.subject = a.subject AND f.is_provider IS NOT 0)
            THEN 'not-applicable'
            WHEN EXISTS (SELECT 1 FROM image_file f
                          WHERE f.subject = a.subject AND f.is_provider IS NULL) THEN 'unknown'
            WHEN a.config_activates_fips AND NOT coalesce(a.config_activates_default, 1)
            THEN 'satisfied'
            WHEN a.config_activates_fips AND ',' || replace(lower(a.config_properties), ' ', '') || ',' LIKE '%,fips=yes,%'
            THEN 'satisfied'
            WHEN a.os_family IN ('rhel8', 'rhel9', 'rhel10', 'al2023', 'ubuntu', 'fedora', 'centos8', 'centos9',
                 'centos10', 'almalinux8', 'almalinux9', 'almalinux10', 'rocky8', 'rocky9', 'rocky10', 'ol8', 'ol9', 'ol10')
            THEN 'unknown'
            WHEN a.config_activates_fips IS NULL THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN a.gap IS NOT NULL THEN a.gap
            WHEN NOT EXISTS (SELECT 1 FROM image_file f
                              WHERE f.subject = a.subject AND f.is_provider IS NOT 0)
            THEN 'no FIPS provider is in it'
            WHEN EXISTS (SELECT 1 FROM image_file f
                          WHERE f.subject = a.subject AND f.is_provider IS NULL)
            THEN 'whether a file in it is a FIPS provider was not told'
            WHEN a.config_activates_fips AND (',' || replace(lower(a.config_properties), ' ', '') || ',' LIKE '%,fips=yes,%'
                 OR NOT coalesce(a.config_activates_default, 1))
            THEN a.config_path || ' activates it'
            WHEN a.os_family IN ('rhel8', 'rhel9', 'rhel10', 'al2023', 'ubuntu', 'fedora', 'centos8', 'centos9',
                 'centos10', 'almalinux8', 'almalinux9', 'almalinux10', 'rocky8', 'rocky9', 'rocky10', 'ol8', 'ol9', 'ol10')
            THEN 'this system loads it when the host''s kernel is in FIPS mode, which the '
                 || 'image does not show; see the nodes it runs on'
            WHEN a.config_activates_fips
            THEN a.config_path || ' activates it and another provider, and does not ask for '
                 || 'fips=yes: which of them computes is not defined'
            WHEN a.config_activates_fips IS NULL
            THEN coalesce(a.config_path, 'openssl.cnf') || ' does not tell'
                 || iif(a.config_outcome <> 'observed', ' (' || a.config_outcome || ')', '')
            ELSE a.config_path || ' does not activate it' END AS reason
  FROM looked_image a;
