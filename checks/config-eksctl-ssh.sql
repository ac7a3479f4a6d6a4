-- id: config-eksctl-ssh
-- order: 520
-- title: Nodes are not reachable by SSH from everywhere
-- severity: low
-- controls: nist-800-53r5 ac-17 sc-7; nist-800-171r2 3.1.12
-- kinds: config.eksctl_nodegroup
-- rationale: ssh.allow without sourceSecurityGroupIds opens port 22 of the nodes to
--   every network.
-- remediation: Remove "ssh: {allow: true}" and use Session Manager, or name
--   sourceSecurityGroupIds.
-- since: 0.1.0
WITH what AS (
	SELECT n.*, CASE
	       WHEN n.outcome <> 'observed' THEN 'gone'
	       WHEN n.unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(n.unread)
			     WHERE value IN ('ssh_allow', 'ssh_sources')) THEN 'unread'
	       WHEN n.ssh_allow IS NOT 1 THEN 'good'
	       WHEN json_array_length(n.ssh_sources) > 0 THEN 'groups'
	       ELSE 'open' END AS found
	  FROM config_eksctl_nodegroup n),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': its ssh settings are not written as plain values'),
	('open', 'not-satisfied', ' opens SSH to every network; remove ''ssh.allow'' or name sourceSecurityGroupIds'),
	('groups', 'satisfied', ' opens SSH to named security groups only'),
	('good', 'satisfied', ' does not open SSH'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'ssh_allow', line)
       || ': node group ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
