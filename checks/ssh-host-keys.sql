-- id: ssh-host-keys
-- order: 361
-- title: Host keys of SSH servers have approved types and sizes
-- severity: high
-- controls: nist-800-53r5 ac-17.2 ia-3 sc-8 sc-12 sc-13; nist-800-171r2 3.1.13 3.13.8 3.13.10
--   3.13.11; cmmc-l2 AC.L2-3.1.13 SC.L2-3.13.8 SC.L2-3.13.10 SC.L2-3.13.11
-- kinds: ssh.endpoint ssh.algorithm ssh.host_key
-- rationale: The name of a host key algorithm does not show the size of the key: rsa-sha2-256
--   is offered with RSA keys of 1024 bits too. Every host key that the server offers is
--   requested in a key exchange and read. Accepted are RSA keys of 2048 bits or more and
--   ECDSA keys on P-256, P-384 and P-521 (FIPS 186-5, SP 800-131A Rev. 2). EdDSA keys are
--   approved only where a validated module computes them, which an endpoint does not show.
-- remediation: Generate the host key again (ssh-keygen -t rsa -b 3072 or -t ecdsa), remove the
--   HostKey line of the old one from sshd_config, and distribute the new public key.
-- references: https://doi.org/10.6028/NIST.FIPS.186-5 https://doi.org/10.6028/NIST.SP.800-131Ar2
-- since: 0.2.0
WITH read AS (
	SELECT k.scope, k.key,
	       CASE
	       WHEN k.outcome <> 'observed' THEN 'unread'
	       WHEN k.key_type IS NULL OR k.key_bits IS NULL THEN 'odd'
	       WHEN k.key_type GLOB 'ssh-rsa' OR k.key_type GLOB 'ssh-rsa-cert-v0[0-9]@openssh.com'
	            THEN iif(k.key_bits >= 2048, 'good', 'bad')
	       WHEN k.key_type GLOB 'ssh-dss*' THEN 'bad'
	       WHEN k.key_type GLOB 'ecdsa-sha2-*' THEN CASE
	            WHEN k.curve IS NULL THEN 'odd'
	            WHEN k.curve IN ('nistp256', 'nistp384', 'nistp521') THEN 'good' ELSE 'bad' END
	       WHEN k.key_type GLOB 'ssh-ed25519*' OR k.key_type GLOB 'ssh-ed448*' THEN 'eddsa'
	       ELSE 'odd' END AS is_,
	       CASE
	       WHEN k.outcome <> 'observed' THEN k.key || ': ' || coalesce(k.reason, k.outcome)
	       ELSE k.key || ': ' || coalesce(k.key_type, 'type not read') || coalesce(', '
	            || k.key_bits || ' bits', ', size not read') END AS said
	  FROM ssh_host_key k),
summed AS (
	SELECT scope, count(*) AS n, sum(is_ = 'bad') AS bad,
	       min(iif(is_ = 'bad', said, NULL)) AS first_bad,
	       sum(is_ IN ('unread', 'odd')) AS odd,
	       min(iif(is_ IN ('unread', 'odd'), said, NULL)) AS first_odd,
	       sum(is_ = 'eddsa') AS eddsa
	  FROM read GROUP BY scope),
missing AS (
	SELECT a.scope, count(*) AS n, min(a.name) AS first
	  FROM ssh_algorithm a
	 WHERE a.outcome = 'observed' AND (a.class IS NULL OR a.class = 'host-key')
	   AND NOT EXISTS (SELECT 1 FROM ssh_host_key k
	                    WHERE k.scope = a.scope AND k.key = a.name)
	 GROUP BY a.scope)
SELECT e.subject,
       CASE
       WHEN e.outcome <> 'observed' THEN 'unknown'
       WHEN s.bad > 0 THEN 'not-satisfied'
       WHEN s.n IS NULL OR s.odd > 0 OR m.n > 0 OR s.eddsa > 0 THEN 'unknown'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN e.outcome <> 'observed' THEN 'endpoint ' || e.outcome || ': ' || e.reason
       WHEN s.bad > 0 THEN 'not approved: ' || s.first_bad
            || CASE WHEN s.bad > 1 THEN ' and ' || (s.bad - 1) || ' more' ELSE '' END
       WHEN s.n IS NULL THEN 'no host key was read'
       WHEN s.odd > 0 THEN 'not determined: ' || s.first_odd
            || CASE WHEN s.odd > 1 THEN ' and ' || (s.odd - 1) || ' more' ELSE '' END
       WHEN m.n > 0 THEN 'not determined: host key of ' || coalesce(m.first, 'an algorithm without a name')
       WHEN s.eddsa > 0 THEN 'EdDSA host key: approved by FIPS 186-5 if a validated module '
            || 'computes it, which an endpoint does not show'
       ELSE 'approved types and sizes in all ' || s.n || ' host key algorithms'
       END AS reason
  FROM ssh_endpoint e
  LEFT JOIN summed s ON s.scope = e.scope
  LEFT JOIN missing m ON m.scope = e.scope;
