-- id: node-fips-requested
-- order: 20
-- title: FIPS mode is requested at boot
-- severity: high
-- layer: requested
-- controls: nist-800-53r5 sc-13 cm-6; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: node node.boot node.next_boot
-- rationale: The kernel enters FIPS mode only when fips=1 is among its
--   arguments. This is the first layer and the weakest: it says what was asked
--   for, not what happened.
-- remediation: Use an image built for FIPS mode (a Bottlerocket variant ending in
--   -fips, an AL2023 image made with enable_fips=true, Ubuntu Pro with
--   fips-updates) or install with fips=1; on AL2023 and RHEL 8 and 9
--   'fips-mode-setup --enable' and a reboot; on Amazon Linux 2 dracut-fips and
--   'grubby --update-kernel=ALL --args=fips=1'.
-- references: https://docs.kernel.org/admin-guide/sysctl/crypto.html
--   https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
WITH files AS (
	SELECT scope, sum(outcome NOT IN ('observed', 'absent')
		OR outcome = 'observed' AND decides IS NULL
		OR decides AND (entries IS NULL OR entries_fips IS NULL)) AS unread,
	       sum(CASE WHEN decides THEN entries ELSE 0 END) AS entries,
	       sum(CASE WHEN decides THEN coalesce(entries_fips, 0) ELSE 0 END)
		AS fips
	  FROM node_boot GROUP BY scope),
seen AS (
	SELECT n.*, f.unread, f.entries, f.fips, b.outcome IS 'observed' AS listed, b.fips AS next, b.entry,
	       -- as the kernel reads the number; older evidence holds its text alone
	       coalesce(n.cmdline_fips_on, CAST(n.cmdline_fips AS INTEGER) <> 0, 0) AS asked
	  FROM node n LEFT JOIN files f ON f.scope = n.scope
	  LEFT JOIN node_next_boot b ON b.scope = n.scope)
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN n.cmdline_outcome = 'observed' THEN iif(n.asked, 'satisfied', 'not-satisfied')
       WHEN n.live IS NOT 0 THEN 'unknown'
       WHEN coalesce(n.unread, 0) > 0 THEN 'unknown'
       WHEN coalesce(n.entries, 0) = 0 THEN 'unknown'
       WHEN n.listed AND n.next IS NULL THEN 'unknown'
       WHEN iif(n.listed, n.next, n.fips = n.entries) THEN 'satisfied'
       ELSE 'not-satisfied'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'not evaluated: node ' || n.outcome || ': ' || n.reason
       WHEN n.cmdline_outcome = 'observed' AND n.cmdline_fips IS NOT NULL
            THEN 'kernel booted with fips=' || n.cmdline_fips
       WHEN n.cmdline_outcome = 'observed'
            THEN 'kernel booted without fips=1'
       WHEN n.live IS NOT 0 THEN '/proc/cmdline: ' || coalesce(n.cmdline_outcome, 'not collected')
       WHEN coalesce(n.unread, 0) > 0
            THEN 'boot configuration could not be read in full'
       WHEN coalesce(n.entries, 0) = 0
            THEN 'no kernel command line was found in the image'
       WHEN n.listed AND n.next IS NULL
            THEN 'could not determine which entry boots by default'
       WHEN n.listed THEN coalesce(n.entry, 'the default entry')
            || iif(n.next, ' has fips=1', ' lacks fips=1')
       ELSE 'fips=1 in ' || n.fips || ' of ' || n.entries
            || ' kernel lines of the boot configuration'
       END AS reason
  FROM seen n;
