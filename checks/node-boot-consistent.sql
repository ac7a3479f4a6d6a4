-- id: node-boot-consistent
-- order: 70
-- title: The next boot will be as the running one
-- severity: medium
-- layer: next boot
-- controls: nist-800-53r5 cm-6 sc-13; nist-800-171r2 3.13.11
-- kinds: node node.boot node.next_boot
-- rationale: A node can run in FIPS mode today and come up without it after a
--   kernel update, or be configured for it and still wait for its reboot. The entry
--   that boots by default decides, whatever loader reads it (GRUB, BLS, unified kernel
--   images, systemd-boot, zipl, an OEM file); entries beside it without fips=1 are named,
--   for somebody may pick one. What new entries are made of has to agree too. With /boot on
--   a file system of its own, dracut stops a boot with fips=1 that has no boot=.
-- remediation: If a reboot is pending, reboot. If a kernel line lacks fips=1, run
--   'fips-mode-setup --enable' (AL2023, RHEL 8 and 9) or 'grubby
--   --update-kernel=ALL --args=fips=1' again; kernel updates are known to need it. Add
--   boot=UUID=... of /boot's file system beside fips=1 where /boot is separate.
-- references: https://uapi-group.org/specifications/specs/boot_loader_specification/
-- since: 0.1.0
WITH files AS (
	SELECT scope, sum(outcome NOT IN ('observed', 'absent')
		OR outcome = 'observed' AND decides IS NULL
		OR decides AND (entries IS NULL OR entries_fips IS NULL)) AS unread,
	       sum(CASE WHEN decides THEN entries ELSE 0 END) AS entries,
	       sum(CASE WHEN decides THEN coalesce(entries_fips, 0) ELSE 0 END) AS fips,
	       group_concat(CASE WHEN outcome NOT IN ('observed', 'absent')
		OR outcome = 'observed' AND decides IS NULL
		OR decides AND (entries IS NULL OR entries_fips IS NULL) THEN key END, ', ')
		AS unreadable,
	       -- what the next entries are made of
	       group_concat(CASE WHEN decides AND entries > entries_fips AND source IN
		('grub-default', 'kernel-cmdline', 'bootc-kargs', 'bootconfig') THEN key END, ', ') AS templates_lack,
	       group_concat(CASE WHEN decides AND entries_fips > 0 AND source IN
		('grub-default', 'kernel-cmdline', 'bootc-kargs') THEN key END, ', ') AS templates_fips,
	       group_concat(CASE WHEN decides AND entries > entries_fips THEN key END, ', ') AS lacking
	  FROM (SELECT * FROM node_boot ORDER BY scope, key) GROUP BY scope),
-- next: 1 the default entry has it, 0 it has not, NULL: not known
seen AS (
	SELECT n.subject, n.outcome, n.reason, n.live, n.fips_enabled, n.fips_enabled_outcome, n.cmdline_boot,
	       f.unread, f.unreadable, f.entries, f.fips, f.templates_lack, f.templates_fips, f.lacking,
	       b.subject IS NOT NULL AND b.outcome = 'observed' AS listed, b.entry, b.loaders,
	       CASE WHEN b.outcome = 'observed' THEN b.fips
	            WHEN f.entries > 0 AND coalesce(f.unread, 0) = 0 THEN f.fips = f.entries
	            WHEN f.entries > f.fips THEN 0 END AS next,
	       b.separate_boot, b.boot_lacks,
	       (SELECT group_concat(value, ', ') FROM json_each(b.lacking)) AS others
	  FROM node n LEFT JOIN files f ON f.scope = n.scope
	  LEFT JOIN node_next_boot b ON b.scope = n.scope),
judged AS (
	SELECT *,
	       coalesce(entry, 'the default entry') AS default_entry,
	       next = 1 AND separate_boot = 1 AND boot_lacks = 1
	       AND (fips_enabled IS NOT 1 OR cmdline_boot IS NOT NULL) AS stops
	  FROM seen)
SELECT subject,
       CASE
       WHEN outcome <> 'observed' THEN 'unknown'
       WHEN NOT live THEN 'not-applicable'
       WHEN stops THEN 'not-satisfied'
       WHEN fips_enabled = 1 AND next = 0 THEN 'not-satisfied'
       WHEN fips_enabled = 1 AND templates_lack IS NOT NULL THEN 'not-satisfied'
       WHEN coalesce(unread, 0) > 0 THEN 'unknown'
       WHEN coalesce(entries, 0) = 0 THEN 'unknown'
       WHEN next IS NULL THEN 'unknown'
       WHEN fips_enabled = 1 THEN 'satisfied'
       WHEN next = 1 OR templates_fips IS NOT NULL THEN 'not-satisfied'
       WHEN fips_enabled IS NULL AND fips_enabled_outcome IS NOT 'absent'
            THEN 'unknown'
       ELSE 'not-applicable'
       END AS verdict,
       CASE
       WHEN outcome <> 'observed' THEN 'not evaluated: node ' || outcome || ': ' || reason
       WHEN NOT live THEN 'an image has no running kernel to compare with'
       WHEN stops THEN default_entry || ' has fips=1 and no boot=, and /boot is a file system of its own: '
            || 'its boot will stop in dracut'
       WHEN fips_enabled = 1 AND next = 0
            THEN 'FIPS mode is on, but ' || iif(listed, default_entry || ' lacks fips=1',
                 (entries - fips) || ' of ' || entries || ' kernel lines lack fips=1: ' || lacking)
       WHEN fips_enabled = 1 AND templates_lack IS NOT NULL
            THEN 'FIPS mode is on, but new entries are made without fips=1: ' || templates_lack
       WHEN coalesce(unread, 0) > 0 THEN 'could not determine: ' || unreadable
       WHEN coalesce(entries, 0) = 0
            THEN 'no kernel line was found in the boot configuration'
       WHEN next IS NULL THEN 'could not determine which entry boots by default'
            || coalesce('; without fips=1: ' || others, '')
       WHEN fips_enabled = 1
            THEN CASE WHEN others IS NULL THEN 'fips=1 in all ' || entries || ' kernel lines'
                      ELSE default_entry || ' has fips=1; entries without it: ' || others END
       WHEN next = 1 THEN 'reboot pending: fips=1 in ' || fips || ' of '
            || entries || ' kernel lines, not in the running kernel'
       WHEN templates_fips IS NOT NULL THEN templates_fips
            || ' has fips=1, and the boot entries were not made anew from it'
       WHEN fips_enabled IS NULL AND fips_enabled_outcome IS NOT 'absent'
            THEN 'could not determine whether the kernel is in FIPS mode'
       ELSE 'FIPS mode is neither on nor configured'
       END AS reason
  FROM judged;
