-- id: node-process-libraries
-- order: 76
-- title: Running programs use the cryptographic libraries that are on disk
-- severity: medium
-- layer: active
-- controls: nist-800-53r5 sc-13 si-2 cm-6; nist-800-171r2 3.13.11
-- kinds: node node.process_library
-- rationale: An update replaces a library on disk; a program that was started before keeps
--   computing with the old one, which no other check has seen. A library outside of the
--   system's folders was not looked at either. Read are the maps of running programs
--   (libcrypto, libssl, GnuTLS, libgcrypt, NSS, fips.so), which only root may read in full;
--   programs in containers are not among them.
-- remediation: Restart the named programs, or reboot ('needs-restarting -s' and 'needrestart'
--   list services). For a library elsewhere, see what installed it.
-- references: https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html
-- since: 0.1.0
WITH told AS (
	SELECT scope, max(iif(key = '*', outcome, NULL)) AS whole, max(iif(key = '*', reason, NULL)) AS why,
	       group_concat(iif(state = 'replaced', program || ' holds ' || library, NULL), '; ') AS replaced,
	       group_concat(iif(state = 'elsewhere', program || ' uses ' || library, NULL), '; ') AS elsewhere
	  FROM (SELECT * FROM node_process_library ORDER BY scope, key) GROUP BY scope)
SELECT n.subject,
       CASE WHEN n.outcome <> 'observed' THEN 'unknown'
            WHEN n.live = 0 THEN 'not-applicable'
            WHEN t.replaced IS NOT NULL THEN 'not-satisfied'
            WHEN coalesce(t.whole, '') <> 'observed' OR t.elsewhere IS NOT NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN n.outcome <> 'observed' THEN 'not evaluated: node ' || n.outcome || ': ' || n.reason
            WHEN n.live = 0 THEN 'an image runs no program'
            WHEN t.replaced IS NOT NULL THEN 'started before an update: ' || t.replaced
            WHEN t.whole IS NULL THEN 'maps of running programs not collected'
            WHEN t.whole <> 'observed' THEN 'maps of running programs ' || t.whole || ': ' || t.why
            WHEN t.elsewhere IS NOT NULL THEN 'not evaluated: ' || t.elsewhere
            ELSE 'no program holds a library that was replaced' END AS reason
  FROM node n LEFT JOIN told t ON t.scope = n.scope;
