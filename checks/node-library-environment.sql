-- id: node-library-environment
-- order: 125
-- title: No environment variable leads cryptographic libraries out of FIPS mode
-- severity: high
-- layer: active
-- controls: nist-800-53r5 cm-6 sc-13; nist-800-171r2 3.13.11
-- kinds: node node.environment
-- catalogs: library-environment
-- rationale: OPENSSL_CONF, OPENSSL_MODULES and their like, set for all programs or for one
--   service, decide which configuration and which module a program uses, whatever the
--   system's own files say. Values that are known to change nothing are listed. A file that
--   OPENSSL_CONF names is read with what it includes, and fips.so below OPENSSL_MODULES is
--   compared with the system's; what else a value leads to is unknown.
--   Read are /etc/environment, profile, PAM's files, units of systemd with their drop-ins,
--   what EnvironmentFile= names (unless the name depends on the instance), and files of
--   common services in /etc/sysconfig and /etc/default. What a program sets for itself, or a
--   container, is not seen here.
-- remediation: Remove the variable, or let it name the system's own file; then restart the
--   service. 'systemctl show -p Environment SERVICE' shows what a service gets.
-- references: https://docs.openssl.org/master/man7/openssl-env/
-- since: 0.1.0
WITH listed AS (
	SELECT e.*, e.path || coalesce(' (' || e.service || ')', '') || ': ' || e.name || '=' || e.value AS said,
	       (SELECT max(k.effect) FROM catalog_library_environment k
	         WHERE k.name = e.name AND e.value GLOB k.value) AS effect,
	       (SELECT max(k.what) FROM catalog_library_environment k
	         WHERE k.name = e.name AND e.value GLOB k.value) AS what
	  FROM node_environment e),
-- of a file that was named and read: what it does
led AS (
	SELECT l.*, CASE
	       WHEN effect IS NOT NULL THEN 'listed'
	       WHEN name = 'OPENSSL_CONF' AND value = '' THEN 'no file'
	       WHEN name NOT IN ('OPENSSL_CONF', 'OPENSSL_MODULES') OR leads_outcome IS NULL THEN 'open'
	       WHEN leads_outcome = 'absent' THEN iif(name = 'OPENSSL_CONF', 'no file', 'no module')
	       WHEN leads_outcome <> 'observed' THEN 'not read'
	       WHEN name = 'OPENSSL_MODULES' THEN iif(leads_same = 1, 'same', 'other module')
	       WHEN leads_weakened IS NOT NULL THEN 'weakened'
	       WHEN leads_same = 1 THEN 'same'
	       WHEN leads_fips = 0 AND leads_same = 0 THEN 'no provider'
	       WHEN leads_fips IS NULL OR leads_default IS NULL OR leads_fips = 0 THEN 'untold'
	       WHEN leads_default = 1
	            AND ',' || replace(lower(coalesce(leads_properties, '')), ' ', '') || ',' NOT LIKE '%,fips=yes,%'
	            THEN 'default too'
	       ELSE 'provider' END AS found
	  FROM listed l),
means(found, effect, what) AS (VALUES
	('no file', 'weakens', 'there is no such file, so no configuration is read: neither its providers nor the crypto policy'),
	('no module', 'weakens', 'no fips.so is there, so the FIPS provider does not load'),
	('not read', NULL, 'not read'),
	('other module', NULL, 'its fips.so is not the system''s'),
	('open', NULL, NULL),
	('untold', NULL, 'whether it activates the FIPS provider alone could not be determined'),
	('weakened', 'weakens', 'it switches off a check of the module'),
	('no provider', 'weakens', 'not the system''s configuration, and it activates no FIPS provider'),
	('default too', 'weakens', 'it activates the default provider beside the FIPS one, without fips=yes'),
	('same', 'none', 'does what the system''s own does'),
	('provider', 'none', 'activates the FIPS provider')),
set_ AS (
	SELECT l.scope, l.key, l.outcome, coalesce(l.effect, m.effect) AS effect,
	       l.said || coalesce(' (' || coalesce(l.what, m.what) || coalesce(': ' || l.leads_weakened || ' = 0', '') || ')', '') AS text
	  FROM led l LEFT JOIN means m ON m.found = l.found),
sums AS (
	SELECT scope, max(key = '*' AND outcome = 'observed') AS whole,
	       group_concat(CASE WHEN key <> '*' AND outcome NOT IN ('observed', 'absent')
	                         THEN key || ' ' || outcome END, ', ') AS unread,
	       group_concat(CASE WHEN effect = 'weakens' THEN text END, '; ') AS weakens,
	       group_concat(CASE WHEN key <> '*' AND outcome = 'observed' AND effect IS NULL THEN text END, '; ')
	       AS open_,
	       group_concat(CASE WHEN effect = 'none' THEN text END, '; ') AS harmless
	  FROM (SELECT * FROM set_ ORDER BY scope, key) GROUP BY scope)
SELECT n.subject,
       CASE WHEN n.outcome <> 'observed' THEN 'unknown'
            WHEN s.weakens IS NOT NULL THEN 'not-satisfied'
            WHEN s.open_ IS NOT NULL OR s.unread IS NOT NULL OR coalesce(s.whole, 0) = 0 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN n.outcome <> 'observed' THEN 'not evaluated: node ' || n.outcome || ': ' || n.reason
            WHEN s.weakens IS NOT NULL THEN s.weakens
            WHEN s.open_ IS NOT NULL THEN 'could not determine what this leads to: ' || s.open_
            WHEN s.unread IS NOT NULL THEN 'not collected: ' || s.unread
            WHEN coalesce(s.whole, 0) = 0 THEN 'environment of services not collected'
            ELSE coalesce('set, and FIPS mode stays: ' || s.harmless,
                 'no such variable is set in the files read') END AS reason
  FROM node n LEFT JOIN sums s ON s.scope = n.scope;
