-- id: node-crypto-policy
-- order: 60
-- title: The system-wide crypto policy is FIPS, and in force
-- severity: medium
-- layer: policy
-- controls: nist-800-53r5 cm-6 sc-13; nist-800-171r2 3.13.11
-- kinds: node node.crypto_policy
-- rationale: On RHEL, Fedora and AL2023 the crypto policy decides which algorithms
--   libraries offer. It has to be FIPS in its configuration and in force, newer
--   than no change, followed by OpenSSL, and not loosened by a subpolicy. (With a
--   subpolicy the back-ends are generated files, which no link can vouch for; that
--   of NSS always is.)
-- remediation: Run 'update-crypto-policies --set FIPS' (part of 'fips-mode-setup
--   --enable'), restore links in /etc/crypto-policies/back-ends, remove weakening
--   subpolicies such as NO-ENFORCE-EMS, and let openssl.cnf include
--   back-ends/opensslcnf.config.
-- references: https://www.mankier.com/7/crypto-policies
-- since: 0.1.0
WITH policy AS (
	SELECT *, CASE WHEN json_array_length(subpolicies) = 0 THEN
	       (SELECT group_concat(value, ', ') FROM json_each(backends_other)
		 WHERE value <> 'nss') END AS loose
	  FROM node_crypto_policy)
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' OR n.os_family IS NULL THEN 'unknown'
       WHEN n.os_family NOT IN ('rhel8', 'rhel9', 'rhel10', 'al2023', 'fedora')
            THEN 'not-applicable'
       WHEN c.subject IS NULL THEN 'not-satisfied'
       WHEN c.outcome = 'absent' THEN 'not-satisfied'
       WHEN c.outcome <> 'observed' THEN 'unknown'
       WHEN c.policy <> 'FIPS' THEN 'not-satisfied'
       WHEN c.policy IS NULL THEN 'unknown'
       WHEN c.configured IS NULL THEN 'unknown'
       WHEN c.configured <> 'FIPS' AND c.configured NOT LIKE 'FIPS:%'
            THEN 'not-satisfied'
       WHEN c.configured <> c.current THEN 'not-satisfied'
       WHEN EXISTS (SELECT 1 FROM json_each(c.subpolicies)
                     WHERE value = 'NO-ENFORCE-EMS') THEN 'not-satisfied'
       WHEN c.loose IS NOT NULL THEN 'not-satisfied'
       WHEN c.state_stale = 1 THEN 'not-satisfied'
       WHEN c.openssl_follows = 0 THEN 'not-satisfied'
       WHEN c.openssl_follows IS NULL OR c.subpolicies IS NULL
            OR c.backends_other IS NULL OR c.state_stale IS NULL THEN 'unknown'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN n.os_family IS NULL THEN 'its operating system is not known'
       WHEN n.os_family NOT IN ('rhel8', 'rhel9', 'rhel10', 'al2023', 'fedora')
            THEN 'no system-wide crypto policy on ' || n.os_family
       WHEN c.subject IS NULL OR c.outcome = 'absent'
            THEN '/etc/crypto-policies is absent'
       WHEN c.outcome <> 'observed' THEN 'crypto policy ' || c.outcome || ': ' || c.reason
       WHEN c.policy <> 'FIPS' THEN 'the policy in force is ' || c.current
       WHEN c.policy IS NULL THEN 'state/current could not be read'
       WHEN c.configured IS NULL THEN 'config could not be read'
       WHEN c.configured <> c.current
            THEN 'configured is ' || c.configured || ', in force is ' || c.current
       WHEN EXISTS (SELECT 1 FROM json_each(c.subpolicies)
                     WHERE value = 'NO-ENFORCE-EMS')
            THEN 'subpolicy NO-ENFORCE-EMS allows TLS 1.2 without extended master secret'
       WHEN c.loose IS NOT NULL
            THEN 'back-ends outside the FIPS policy: ' || c.loose
       WHEN c.state_stale = 1
            THEN 'config is newer than the state: update-crypto-policies has not run'
       WHEN c.openssl_follows = 0 THEN 'openssl.cnf does not include the policy'
       WHEN c.openssl_follows IS NULL THEN 'openssl.cnf could not be read'
       WHEN c.subpolicies IS NULL OR c.backends_other IS NULL OR c.state_stale IS NULL
            THEN 'the evidence lacks subpolicies, back-ends or the age of the state'
       ELSE 'policy ' || c.current || ' is configured and in force'
       END AS reason
  FROM node n
  LEFT JOIN policy c ON c.scope = n.scope;
