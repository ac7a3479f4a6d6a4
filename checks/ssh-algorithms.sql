-- id: ssh-algorithms
-- order: 360
-- title: SSH servers offer approved algorithms only
-- severity: medium
-- controls: nist-800-53r5 ac-17.2 sc-8 sc-13; nist-800-171r2 3.1.13 3.13.8 3.13.11;
--   cmmc-l2 AC.L2-3.1.13 SC.L2-3.13.8 SC.L2-3.13.11
-- kinds: ssh.endpoint ssh.algorithm
-- catalogs: ssh-algorithms
-- rationale: What an SSH server offers in its KEXINIT is what a client may choose.
--   Key exchange, host key, cipher and MAC must be approved; compression is not
--   cryptography. That an algorithm is approved says nothing about the module: OpenSSH
--   computes some of them in code of its own, outside of any validated module.
-- remediation: Set KexAlgorithms, HostKeyAlgorithms, Ciphers and MACs in sshd_config, or
--   put the host's crypto policy to FIPS.
-- references: https://doi.org/10.6028/NIST.SP.800-131Ar2
-- since: 0.1.0
WITH found AS (
	SELECT a.scope, coalesce(a.class || ' ' || a.name, 'what is not named') AS name,
	       iif(a.bits < 2048, 'no', c.approved) AS approved,
	       iif(a.bits < 2048, 'a prime of ' || a.bits || ' bits: below 2048', c.why) AS why
	  FROM ssh_algorithm a
	  LEFT JOIN catalog_ssh_algorithms c ON c.class = a.class AND c.name = a.name
	 WHERE a.outcome = 'observed' AND a.class IS NOT 'compression'),
summed AS (
	SELECT scope, count(*) AS n,
	       sum(approved = 'no') AS bad,
	       min(CASE WHEN approved = 'no' THEN name || ' (' || why || ')' END) AS first_bad,
	       sum(approved IS NULL) AS odd,
	       min(CASE WHEN approved IS NULL THEN name END) AS first_odd,
	       sum(approved = 'conditional') AS maybe,
	       min(CASE WHEN approved = 'conditional'
	            THEN name || ' (' || why || ')' END) AS first_maybe
	  FROM found GROUP BY scope)
SELECT e.subject,
       CASE
       WHEN e.outcome <> 'observed' OR s.n IS NULL THEN 'unknown'
       WHEN s.bad > 0 THEN 'not-satisfied'
       WHEN s.odd > 0 OR s.maybe > 0 THEN 'unknown'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN e.outcome <> 'observed' THEN 'endpoint ' || e.outcome || ': ' || e.reason
       WHEN s.n IS NULL THEN 'it lists no algorithm'
       WHEN s.bad > 0 THEN 'offers ' || s.first_bad
            || CASE WHEN s.bad > 1 THEN ' and ' || (s.bad - 1) || ' more' ELSE '' END
       WHEN s.odd > 0 THEN 'offers ' || s.first_odd || ', which the catalogue does not name'
       WHEN s.maybe > 0 THEN 'offers ' || s.first_maybe
            || CASE WHEN s.maybe > 1 THEN ' and ' || (s.maybe - 1) || ' more' ELSE '' END
            || '; an endpoint does not show its module'
       ELSE 'approved algorithms in all ' || s.n || ' names; whether a validated module '
            || 'computes them is another question'
       END AS reason
  FROM ssh_endpoint e LEFT JOIN summed s ON s.scope = e.scope;
