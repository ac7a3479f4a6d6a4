-- id: config-eksctl-auth
-- order: 517
-- title: Access to the cluster is by access entries
-- severity: low
-- controls: nist-800-53r5 ac-2 ac-6; nist-800-171r2 3.1.1
-- kinds: config.eksctl_cluster
-- rationale: With CONFIG_MAP alone, who is an administrator stands in a ConfigMap that
--   anyone who may edit it in kube-system can change, outside IAM and its log.
-- remediation: Write "accessConfig: {authenticationMode: API}".
-- since: 0.1.0
WITH what AS (
	SELECT k.*, CASE
	       WHEN k.outcome <> 'observed' THEN 'gone'
	       WHEN k.unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(k.unread)
			     WHERE value = 'auth_mode') THEN 'unread'
	       WHEN k.auth_mode = 'CONFIG_MAP' THEN 'map'
	       WHEN k.auth_mode IS NULL THEN 'default'
	       WHEN k.auth_mode IN ('API', 'API_AND_CONFIG_MAP') THEN 'good'
	       ELSE 'odd' END AS found
	  FROM config_eksctl_cluster k),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': authenticationMode is not written as a plain value'),
	('map', 'not-satisfied', ' knows its users from a ConfigMap alone; write ''authenticationMode: API'''),
	('default', 'unknown', ' names no authenticationMode, so that eksctl''s default decides; write ''accessConfig: {authenticationMode: API}'''),
	('good', 'satisfied', ' knows its users by access entries'),
	('odd', 'unknown', ' has an authenticationMode that is not known'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'auth_mode', line)
       || ': cluster ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
