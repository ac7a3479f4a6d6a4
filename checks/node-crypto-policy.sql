-- id: node-crypto-policy
-- order: 60
-- title: The system-wide crypto policy is FIPS, and in effect
-- severity: medium
-- layer: policy
-- controls: nist-800-53r5 cm-6 sc-13; nist-800-171r2 3.13.11
-- kinds: node node.crypto_policy
-- catalogs: crypto-policy-fips crypto-subpolicies systems
-- with: node-systems
-- rationale: Where a system has crypto-policies, they decide which algorithms libraries
--   offer. The policy has to be FIPS in its configuration and in effect, newer than no
--   change, followed by OpenSSL, and no wider than the FIPS policy: what CURRENT.pol
--   permits is compared with what shipped FIPS policies permit, and each algorithm beyond
--   that is named. A subpolicy is judged by its effect: one that widens, or that nobody
--   knows and no CURRENT.pol shows, is not accepted; one that only restricts is accepted
--   where CURRENT.pol shows what it permits. Every back-end of the package must be there. In
--   FIPS mode newer systems mount the FIPS policy over another that is configured; then
--   the mounted back-ends count. (The back-end of NSS is always a generated file.)
-- remediation: Run 'update-crypto-policies --set FIPS' (part of 'fips-mode-setup
--   --enable'), restore links in /etc/crypto-policies/back-ends, remove subpolicies that
--   widen the policy and files in /etc/crypto-policies/local.d, and let openssl.cnf include
--   back-ends/opensslcnf.config. A need for AD-SUPPORT is a risk exception ('exhibit except').
-- references: https://www.mankier.com/7/crypto-policies
-- since: 0.1.0
, allowed AS (
	SELECT c.subject, group_concat(DISTINCT p.key || ' ' || v.value) AS added
	  FROM node_crypto_policy c JOIN json_each(c.permits) p JOIN json_each(p.value) v
	 WHERE NOT EXISTS (
	       SELECT 1 FROM catalog_crypto_policy_fips a
	        WHERE a.option = substr(p.key, 1, instr(p.key || '@', '@') - 1)
	          AND (a.value = v.value OR a.note = 'at least'
	               AND CAST(v.value AS INTEGER) >= CAST(a.value AS INTEGER))
	          AND (a.scope IS NULL OR lower(p.key) GLOB '*@' || a.scope)
	          AND (a.unless IS NULL OR lower(p.key) NOT GLOB '*@' || a.unless))
	 GROUP BY c.subject),
subs AS (
	SELECT c.subject,
	       group_concat(s.value || coalesce(' (' || k.what || ')', '') || ' ', '; ')
	         FILTER (WHERE k.effect = 'loosens') AS loosening,
	       group_concat(s.value, ', ') FILTER (WHERE k.effect IS NULL) AS unnamed
	  FROM node_crypto_policy c JOIN json_each(c.subpolicies) s
	  LEFT JOIN catalog_crypto_subpolicies k ON k.name = s.value
	 GROUP BY c.subject),
policy AS (
	SELECT c.*, a.added, trim(s.loosening) AS loosening,
	       CASE WHEN c.permits IS NULL OR c.backends_added IS NULL THEN s.unnamed END AS unnamed,
	       (SELECT group_concat(value, ', ') FROM json_each(c.backends_other)
	         WHERE value <> 'nss') AS loose,
	       (SELECT group_concat(value, ', ') FROM json_each(c.backends_added)) AS widened,
	       (SELECT group_concat(value, ', ') FROM json_each(c.local)) AS locals,
	       (SELECT group_concat(value, ', ') FROM json_each(c.backends_missing)) AS missing,
	       coalesce(json_array_length(c.backends_fips) + json_array_length(c.backends_other), 0) = 0
	       AS bare,
	       json_array_length(c.subpolicies) AS nsubs,
	       -- the FIPS policy mounted over what is configured
	       c.configured = 'FIPS' AND c.policy <> 'FIPS' AND json_array_length(c.backends_fips) > 0
	       AND NOT EXISTS (SELECT 1 FROM json_each(c.backends_other) WHERE value <> 'nss') AS overlaid
	  FROM node_crypto_policy c
	  LEFT JOIN allowed a USING (subject) LEFT JOIN subs s USING (subject)),
said(subject, verdict, reason) AS (
	SELECT n.subject,
	       CASE WHEN n.outcome <> 'observed' OR NOT y.known THEN 'unknown'
	            WHEN c.subject IS NULL THEN iif(y.policies = 'always', 'unknown', iif(y.system IS NULL, 'unknown', 'not-applicable'))
	            WHEN c.outcome = 'absent' THEN iif(y.policies = 'always', 'not-satisfied', 'not-applicable')
	            WHEN c.outcome <> 'observed' THEN 'unknown' END,
	       CASE WHEN n.outcome <> 'observed' THEN 'not evaluated: node ' || n.outcome || ': ' || n.reason
	            WHEN NOT y.known THEN '/etc/os-release not collected'
	            WHEN c.subject IS NULL THEN iif(y.policies = 'always' OR y.system IS NULL,
	                 'crypto policy not collected', 'no system-wide crypto policy on ' || y.name)
	            WHEN c.outcome = 'absent' THEN iif(y.policies = 'always', '/etc/crypto-policies is absent',
	                 'no system-wide crypto policy on ' || y.pretty)
	            WHEN c.outcome <> 'observed' THEN 'crypto policy ' || c.outcome || ': ' || c.reason END
	  FROM node n JOIN node_system y USING (subject)
	  LEFT JOIN node_crypto_policy c ON c.scope = n.scope),
-- each reason not to be satisfied, the first counts
faults(subject, place, verdict, reason) AS (
	SELECT s.subject, 0, s.verdict, s.reason FROM said s WHERE s.verdict IS NOT NULL
	UNION ALL
	SELECT n.subject, f.place, f.verdict, f.reason
	  FROM node n JOIN policy c ON c.scope = n.scope AND c.outcome = 'observed'
	  JOIN (SELECT p.subject, 1 AS place, 'not-satisfied' AS verdict, 'active crypto policy is ' || p.current
	               || '; FIPS is required' AS reason
	          FROM policy p WHERE p.policy <> 'FIPS' AND NOT coalesce(p.overlaid, 0)
	        UNION ALL SELECT p.subject, 2, 'unknown', 'state/current not collected' FROM policy p WHERE p.policy IS NULL
	        UNION ALL SELECT p.subject, 3, 'unknown', 'config not collected' FROM policy p WHERE p.configured IS NULL
	        UNION ALL SELECT p.subject, 4, 'not-satisfied',
	               'configured is ' || p.configured || ', active is ' || p.current
	          FROM policy p WHERE p.configured <> p.current AND NOT coalesce(p.overlaid, 0)
	        UNION ALL SELECT p.subject, 5, 'not-satisfied', 'subpolicies widen the FIPS policy: ' || p.loosening
	          FROM policy p WHERE p.loosening IS NOT NULL AND NOT coalesce(p.overlaid, 0)
	        UNION ALL SELECT p.subject, 6, 'not-satisfied', 'CURRENT.pol permits more than the FIPS policy: '
	               || p.added FROM policy p WHERE p.added IS NOT NULL AND NOT coalesce(p.overlaid, 0)
	        UNION ALL SELECT p.subject, 7, 'not-satisfied', 'subpolicy not known to restrict only, and CURRENT.pol '
	               || 'does not show what it permits: ' || p.unnamed
	          FROM policy p WHERE p.unnamed IS NOT NULL AND NOT coalesce(p.overlaid, 0)
	        UNION ALL SELECT p.subject, 8, 'not-satisfied', 'back-ends outside the FIPS policy: ' || p.loose
	          FROM policy p WHERE p.loose IS NOT NULL AND p.nsubs = 0
	        UNION ALL SELECT p.subject, 9, 'not-satisfied', 'back-ends permit more than the FIPS policy: ' || p.widened
	          FROM policy p WHERE p.widened IS NOT NULL AND p.nsubs > 0
	        UNION ALL SELECT p.subject, 9, 'not-satisfied', 'back-ends of the FIPS policy that are absent: '
	               || p.missing FROM policy p WHERE p.missing IS NOT NULL
	        UNION ALL SELECT p.subject, 9, 'unknown', 'no back-end in /etc/crypto-policies/back-ends'
	          FROM policy p WHERE p.bare AND p.backends_other IS NOT NULL
	        UNION ALL SELECT p.subject, 10, 'not-satisfied', 'files added to the back-ends: local.d/' || p.locals
	          FROM policy p WHERE p.locals IS NOT NULL AND p.nsubs > 0
	        UNION ALL SELECT p.subject, 11, 'not-satisfied',
	               'config is newer than the state: update-crypto-policies has not run'
	          FROM policy p WHERE p.state_stale = 1 AND NOT coalesce(p.overlaid, 0)
	        UNION ALL SELECT p.subject, 12, 'not-satisfied', 'openssl.cnf does not include the policy'
	          FROM policy p WHERE p.openssl_follows = 0
	        UNION ALL SELECT p.subject, 13, 'unknown', 'openssl.cnf not collected'
	          FROM policy p WHERE p.openssl_follows IS NULL
	        UNION ALL SELECT p.subject, 14, 'unknown',
	               'subpolicies, back-ends or the age of the state not collected'
	          FROM policy p WHERE p.subpolicies IS NULL OR p.backends_other IS NULL OR p.state_stale IS NULL
	        UNION ALL SELECT p.subject, 15, 'unknown', 'CURRENT.pol ' || p.permits_outcome
	          FROM policy p WHERE p.permits_outcome NOT IN ('observed', 'absent')
	        UNION ALL SELECT p.subject, 15, 'unknown', 'back-ends could not be compared with the FIPS policy''s'
	          FROM policy p WHERE p.backends_added IS NULL AND p.nsubs > 0
	        -- a name is a claim: what a subpolicy leaves allowed stands in CURRENT.pol
	        UNION ALL SELECT p.subject, 15, 'unknown', 'CURRENT.pol is absent: what policy ' || p.current
	               || ' permits is not shown' FROM policy p WHERE p.permits IS NULL AND p.nsubs > 0
	        UNION ALL SELECT p.subject, 16, 'satisfied', CASE WHEN p.overlaid
	               THEN 'policy FIPS is in effect by an overlay (state/current is ' || p.current || ')'
	               ELSE 'policy ' || p.current || ' is configured and in effect' END FROM policy p) f
	    ON f.subject = c.subject)
SELECT subject, verdict, reason FROM (
	SELECT f.*, row_number() OVER (PARTITION BY subject ORDER BY place) AS first FROM faults f)
 WHERE first = 1;
