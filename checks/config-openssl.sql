-- id: config-openssl
-- order: 544
-- title: An OpenSSL configuration activates the FIPS provider and does not weaken it
-- severity: high
-- controls: nist-800-53r5 cm-6 sc-13; nist-800-171r2 3.13.11
-- kinds: config.openssl
-- rationale: fipsmodule.cnf can switch security checks and conditional self-tests off;
--   a default provider beside the FIPS one serves whoever does not ask for fips=yes. On
--   RHEL, AL2023 and Ubuntu Pro the kernel's flag activates the provider without any of
--   this, which a file does not show.
-- remediation: Activate fips and base, not default, or write "default_properties =
--   fips=yes"; make fipsmodule.cnf with 'openssl fipsinstall' without
--   -no_security_checks and -no_conditional_errors.
-- references: https://docs.openssl.org/3.0/man7/fips_module/
-- since: 0.1.0
WITH what AS (
	SELECT o.*, CASE
	       WHEN o.outcome <> 'observed' THEN 'gone'
	       WHEN o.security_checks = 0 THEN 'checks'
	       WHEN o.conditional_errors = 0 THEN 'errors'
	       WHEN coalesce(json_array_length(o.unread), 1) > 0 THEN 'unread'
	       WHEN o.activates_fips IS NULL THEN 'blind'
	       WHEN o.activates_fips = 0 AND o.security_checks = 1 THEN 'module'
	       WHEN o.activates_fips = 0 THEN 'off'
	       WHEN o.activates_default IS NOT 0
		    AND ',' || replace(lower(coalesce(o.properties, '')), ' ', '') || ',' NOT LIKE '%,fips=yes,%' THEN 'default'
	       ELSE 'good' END AS found
	  FROM config_openssl o),
means(found, verdict, stated, text) AS (VALUES
	('gone', 'unknown', NULL, ''),
	('checks', 'not-satisfied', 'security_checks', ': security-checks = 0 switches checks of key sizes off; write 1'),
	('errors', 'not-satisfied', 'conditional_errors', ': conditional-errors = 0 ignores self-tests that fail; write 1'),
	('unread', 'unknown', NULL, ' has values that are not understood'),
	('blind', 'unknown', NULL, ' includes files or variables, so that it cannot be told what it activates'),
	('module', 'satisfied', 'security_checks', ' switches nothing of the FIPS module off'),
	('off', 'unknown', NULL, ' does not activate the FIPS provider; unless the system does, write ''fips = fips_sect'' into the section of providers'),
	('default', 'not-satisfied', 'activates_default', ' activates the default provider too and does not ask for fips=yes; write ''default_properties = fips=yes'''),
	('good', 'satisfied', 'activates_default', ' activates the FIPS provider for all that is fetched'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> m.stated, line) || ': OpenSSL configuration' || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
