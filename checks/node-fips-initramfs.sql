-- id: node-fips-initramfs
-- order: 110
-- title: The initramfs has the FIPS module where the distribution needs it
-- severity: medium
-- controls: nist-800-53r5 sc-13 si-7
-- kinds: node node.package
-- rationale: On Amazon Linux 2 the integrity check of the kernel at boot comes from
--   the package dracut-fips. Newer distributions carry it in dracut itself, so it
--   is asked of Amazon Linux 2 alone.
-- remediation: 'yum install dracut-fips', then 'dracut -f' and reboot.
-- references: https://aws.amazon.com/blogs/publicsector/enabling-fips-mode-amazon-linux-2/
-- since: 0.1.0
WITH pkg AS (
	SELECT scope, max(name = 'dracut-fips') AS have,
	       max(outcome NOT IN ('observed', 'absent')) AS unread,
	       max(outcome = 'observed') AS seen
	  FROM node_package GROUP BY scope)
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN n.os_family IS NULL THEN 'unknown'
       WHEN n.os_family <> 'al2' THEN 'not-applicable'
       WHEN coalesce(p.unread, 0) = 1 OR coalesce(p.seen, 0) = 0 THEN 'unknown'
       WHEN p.have = 1 THEN 'satisfied'
       ELSE 'not-satisfied'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN n.os_family IS NULL THEN 'os-release could not be read'
       WHEN n.os_family <> 'al2' THEN 'not asked of ' || n.os_family
       WHEN coalesce(p.unread, 0) = 1 OR coalesce(p.seen, 0) = 0
            THEN 'the package database could not be read'
       WHEN p.have = 1 THEN 'dracut-fips is installed'
       ELSE 'dracut-fips is not installed'
       END AS reason
  FROM node n LEFT JOIN pkg p ON p.scope = n.scope;
