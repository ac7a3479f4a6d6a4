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
--   system's own files say. Values that are known to change nothing are listed; others
--   either weaken or lead to files that were not collected, so the answer is unknown.
--   Read are /etc/environment, profile, PAM's and systemd's files, units in
--   /etc/systemd/system and the drop-ins of common services; what a program sets for
--   itself, or a container, is not seen here.
-- remediation: Remove the variable, or let it name the system's own file; then restart the
--   service. 'systemctl show -p Environment SERVICE' shows what a service gets.
-- references: https://docs.openssl.org/master/man7/openssl-env/
-- since: 0.1.0
WITH set_ AS (
	SELECT e.scope, e.key, e.outcome,
	       e.path || coalesce(' (' || e.service || ')', '') || ': ' || e.name || '=' || e.value AS text,
	       (SELECT max(k.effect) FROM catalog_library_environment k
	         WHERE k.name = e.name AND e.value GLOB k.value) AS effect,
	       (SELECT max(k.what) FROM catalog_library_environment k
	         WHERE k.name = e.name AND e.value GLOB k.value) AS what
	  FROM node_environment e),
sums AS (
	SELECT scope, max(key = '*' AND outcome = 'observed') AS whole,
	       group_concat(CASE WHEN key <> '*' AND outcome NOT IN ('observed', 'absent')
	                         THEN key || ' ' || outcome END, ', ') AS unread,
	       group_concat(CASE WHEN effect = 'weakens' THEN text || ' (' || what || ')' END, '; ') AS weakens,
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
            ELSE coalesce('set to the system''s own: ' || s.harmless,
                 'no such variable is set in the files read') END AS reason
  FROM node n LEFT JOIN sums s ON s.scope = n.scope;
