-- id: config-eksctl-imds
-- order: 518
-- title: Node groups use instance metadata by session token only
-- severity: medium
-- controls: nist-800-53r5 ac-3 ac-6 ia-5
-- kinds: config.eksctl_nodegroup
-- rationale: Version 1 of the instance metadata service hands the node's credentials to
--   whoever can make the node send one request.
-- remediation: Remove "disableIMDSv1: false"; eksctl's default is true.
-- since: 0.1.0
WITH what AS (
	SELECT n.*, CASE
	       WHEN n.outcome <> 'observed' THEN 'gone'
	       WHEN n.unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(n.unread)
			     WHERE value = 'disable_imdsv1') THEN 'unread'
	       WHEN n.disable_imdsv1 = 0 THEN 'open'
	       WHEN n.launch_template IS NOT NULL THEN 'template'
	       ELSE 'good' END AS found
	  FROM config_eksctl_nodegroup n),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': disableIMDSv1 is not true or false'),
	('open', 'not-satisfied', ' allows version 1 of the instance metadata service; remove ''disableIMDSv1: false'''),
	('template', 'unknown', ' takes its metadata options from a launch template, which is not in this file'),
	('good', 'satisfied', ' uses instance metadata by session token only'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'disable_imdsv1', line)
       || ': node group ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
