-- id: config-eksctl-bootstrap
-- order: 511
-- title: Node groups do not try to become FIPS nodes while they boot
-- severity: high
-- controls: nist-800-53r5 cm-2 cm-6 sc-13
-- kinds: config.eksctl_nodegroup
-- rationale: overrideBootstrapCommand replaces what joins a node to the cluster: on
--   AmazonLinux2 a script without /etc/eks/bootstrap.sh leaves nodes that never join,
--   on AmazonLinux2023 the field is a nodeadm NodeConfig and no script, and Bottlerocket
--   and Windows take none. fips-mode-setup in preBootstrapCommands needs a reboot in
--   the middle of joining. FIPS mode belongs into the image.
-- remediation: Remove the command and write "amiFamily: BottlerocketFips", or switch
--   FIPS mode on where the image is built.
-- references: https://eksctl.io/usage/launch-template-support/
-- since: 0.1.0
WITH g AS (
	SELECT n.*,
	       lower(coalesce(n.ami_family, 'AmazonLinux2023')) AS family
	  FROM config_eksctl_nodegroup n),
what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(unread)
			     WHERE value IN ('override', 'pre_bootstrap', 'ami_family'))
		    THEN 'unread'
	       WHEN override IS NOT NULL AND (family LIKE 'bottlerocket%' OR family LIKE 'windows%')
		    THEN 'refused'
	       WHEN override IS NOT NULL AND family = 'amazonlinux2023'
		    AND override <> 'nodeconfig' THEN 'not-nodeconfig'
	       WHEN override IS NOT NULL AND family <> 'amazonlinux2023' AND ami IS NULL
		    THEN 'no-ami'
	       WHEN override = 'script' THEN 'never-joins'
	       WHEN override_sets_fips = 1 THEN 'override-fips'
	       WHEN pre_bootstrap = 1 AND family LIKE 'bottlerocket%' THEN 'pre-refused'
	       WHEN pre_sets_fips = 1 THEN 'pre-fips'
	       WHEN pre_reboots = 1 THEN 'pre-reboots'
	       WHEN override IS NOT NULL OR pre_bootstrap = 1 THEN 'harmless'
	       ELSE 'none' END AS found
	  FROM g),
means(found, verdict, stated, text) AS (VALUES
	('gone', 'unknown', NULL, ''),
	('untold', 'unknown', NULL, ': the evidence lacks a part of what it states'),
	('unread', 'unknown', 'override', ' has commands that are not written as plain values'),
	('refused', 'not-satisfied', 'override', ': overrideBootstrapCommand is refused for this amiFamily; remove it'),
	('not-nodeconfig', 'not-satisfied', 'override', ': overrideBootstrapCommand is a script, but AmazonLinux2023 takes a nodeadm NodeConfig here; remove it and write ''amiFamily: BottlerocketFips'''),
	('no-ami', 'not-satisfied', 'override', ': overrideBootstrapCommand needs a custom ami for this amiFamily; remove it'),
	('never-joins', 'not-satisfied', 'override', ': overrideBootstrapCommand replaces the bootstrap and does not call /etc/eks/bootstrap.sh, so that nodes never join; switch FIPS mode on in the image instead'),
	('override-fips', 'not-satisfied', 'override', ': overrideBootstrapCommand switches FIPS mode on, which needs a reboot while the node joins; do it in the image'),
	('pre-refused', 'not-satisfied', 'pre_bootstrap', ': preBootstrapCommands are refused for Bottlerocket; remove them'),
	('pre-fips', 'not-satisfied', 'pre_sets_fips', ': preBootstrapCommands switch FIPS mode on, which needs a reboot while the node joins; do it in the image, or write ''amiFamily: BottlerocketFips'''),
	('pre-reboots', 'not-satisfied', 'pre_bootstrap', ': preBootstrapCommands reboot the node while it joins; remove the reboot'),
	('harmless', 'satisfied', NULL, ': its commands leave FIPS mode and joining alone'),
	('none', 'satisfied', NULL, ' has no bootstrap commands of its own'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> m.stated, line)
       || ': node group ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
