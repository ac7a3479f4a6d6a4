-- id: node-os-image
-- order: 10
-- title: The operating system is one with FIPS modules
-- severity: high
-- layer: os image
-- controls: nist-800-53r5 sc-13 cm-6 cm-8; nist-800-171r2 3.13.11; fedramp-20x
--   UCM-CSX-CMD
-- kinds: node node.pro_service node.bottlerocket
-- rationale: Only some operating systems have validated modules, and some only in
--   one flavour: Bottlerocket's -fips variants, Ubuntu Pro with a FIPS service.
--   Whether the very build has a certificate is a layer of its own.
-- remediation: Move the node to a Bottlerocket -fips variant, AL2023, RHEL, SLES, or
--   Ubuntu Pro with fips-updates enabled. Debian has no validated modules.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
--   https://documentation.ubuntu.com/pro-client/en/latest/howtoguides/enable_fips/
-- since: 0.1.0
WITH pro AS (
	SELECT scope,
	       max(status = 'enabled' AND key IN ('fips', 'fips-updates')) AS on_,
	       max(outcome NOT IN ('observed', 'absent')) AS unread,
	       max(outcome = 'observed') AS seen
	  FROM node_pro_service GROUP BY scope)
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN n.os_family IS NULL THEN 'unknown'
       WHEN n.os_family = 'bottlerocket' THEN
            CASE b.fips_variant WHEN 1 THEN 'satisfied'
                 WHEN 0 THEN 'not-satisfied' ELSE 'unknown' END
       WHEN n.os_family = 'ubuntu' THEN
            CASE WHEN coalesce(p.unread, 0) = 1 THEN 'unknown'
                 WHEN p.on_ = 1 THEN 'satisfied'
                 ELSE 'not-satisfied' END
       WHEN n.os_family IN ('al2', 'al2023', 'rhel8', 'rhel9', 'rhel10', 'suse')
            THEN 'satisfied'
       WHEN n.os_family IN ('debian', 'fedora') THEN 'not-satisfied'
       ELSE 'unknown'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN n.os_family IS NULL THEN 'os-release could not be read'
       WHEN n.os_family = 'bottlerocket' THEN
            CASE b.fips_variant
                 WHEN 1 THEN 'FIPS variant ' || n.os_variant
                 WHEN 0 THEN 'variant ' || coalesce(n.os_variant, 'unnamed')
                      || ' is not a FIPS variant'
                 ELSE 'the variant is not known' END
       WHEN n.os_family = 'ubuntu' THEN
            CASE WHEN coalesce(p.unread, 0) = 1
                      THEN 'the status of Ubuntu Pro could not be read'
                 WHEN p.on_ = 1 THEN 'Ubuntu Pro with a FIPS service enabled'
                 WHEN p.seen = 1 THEN 'no FIPS service of Ubuntu Pro is enabled'
                 ELSE 'Ubuntu without Ubuntu Pro' END
       WHEN n.os_family = 'al2'
            THEN 'Amazon Linux 2: its modules were validated to FIPS 140-2 only'
       WHEN n.os_family IN ('al2023', 'rhel8', 'rhel9', 'rhel10', 'suse')
            THEN coalesce(n.os_pretty, n.os_family) || ': the vendor has FIPS modules'
       WHEN n.os_family IN ('debian', 'fedora')
            THEN coalesce(n.os_pretty, n.os_family) || ' has no validated modules'
       ELSE coalesce(n.os_pretty, n.os_id, 'this system')
            || ' is not among the systems known to this check'
       END AS reason
  FROM node n
  LEFT JOIN pro p ON p.scope = n.scope
  LEFT JOIN node_bottlerocket b ON b.scope = n.scope
        AND b.outcome = 'observed';
