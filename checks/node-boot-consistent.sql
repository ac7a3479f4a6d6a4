-- id: node-boot-consistent
-- order: 70
-- title: The next boot will be as the running one
-- severity: medium
-- layer: next boot
-- controls: nist-800-53r5 cm-6 sc-13; nist-800-171r2 3.13.11
-- kinds: node node.boot
-- rationale: A node can run in FIPS mode today and come up without it after a
--   kernel update, or be configured for it and still wait for its reboot. Every
--   kernel line of the boot configuration has to agree with the running kernel.
-- remediation: If a reboot is pending, reboot. If a kernel line lacks fips=1, run
--   'fips-mode-setup --enable' (AL2023, RHEL 8 and 9) or 'grubby
--   --update-kernel=ALL --args=fips=1' again; kernel updates are known to need it.
-- since: 0.1.0
WITH files AS (
	SELECT scope, sum(outcome NOT IN ('observed', 'absent')
		OR outcome = 'observed' AND decides IS NULL
		OR decides AND (entries IS NULL OR entries_fips IS NULL)) AS unread,
	       sum(CASE WHEN decides THEN entries ELSE 0 END) AS entries,
	       sum(CASE WHEN decides THEN coalesce(entries_fips, 0) ELSE 0 END)
		AS fips,
	       group_concat(CASE WHEN decides AND entries > entries_fips
		THEN key END, ', ')
		AS lacking,
	       group_concat(CASE WHEN outcome NOT IN ('observed', 'absent')
		OR outcome = 'observed' AND decides IS NULL
		OR decides AND (entries IS NULL OR entries_fips IS NULL) THEN key END, ', ')
		AS unreadable
	  FROM (SELECT * FROM node_boot ORDER BY scope, key) GROUP BY scope)
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN NOT n.live THEN 'not-applicable'
       WHEN n.fips_enabled = 1 AND f.entries > f.fips THEN 'not-satisfied'
       WHEN coalesce(f.unread, 0) > 0 THEN 'unknown'
       WHEN coalesce(f.entries, 0) = 0 THEN 'unknown'
       WHEN n.fips_enabled = 1 THEN 'satisfied'
       WHEN f.fips > 0 THEN 'not-satisfied'
       WHEN n.fips_enabled IS NULL AND n.fips_enabled_outcome IS NOT 'absent'
            THEN 'unknown'
       ELSE 'not-applicable'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN NOT n.live THEN 'an image has no running kernel to compare with'
       WHEN n.fips_enabled = 1 AND f.entries > f.fips
            THEN 'FIPS mode is on, but ' || (f.entries - f.fips) || ' of '
                 || f.entries || ' kernel lines lack fips=1: ' || f.lacking
       WHEN coalesce(f.unread, 0) > 0 THEN 'could not be read: ' || f.unreadable
       WHEN coalesce(f.entries, 0) = 0
            THEN 'no kernel line was found in the boot configuration'
       WHEN n.fips_enabled = 1
            THEN 'all ' || f.entries || ' kernel lines have fips=1'
       WHEN f.fips > 0 THEN 'a reboot is pending: ' || f.fips || ' of '
            || f.entries || ' kernel lines have fips=1, the running kernel has not'
       WHEN n.fips_enabled IS NULL AND n.fips_enabled_outcome IS NOT 'absent'
            THEN 'it is not known whether the kernel is in FIPS mode'
       ELSE 'FIPS mode is neither on nor configured'
       END AS reason
  FROM node n LEFT JOIN files f ON f.scope = n.scope;
