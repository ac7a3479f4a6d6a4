-- id: config-eksctl-logging
-- order: 516
-- title: The control plane writes its audit log
-- severity: medium
-- controls: nist-800-53r5 au-2 au-12; nist-800-171r2 3.3.1
-- kinds: config.eksctl_cluster
-- rationale: EKS keeps no log of the control plane unless types are enabled; at least
--   the audit log is needed to show who did what.
-- remediation: Write "cloudWatch: {clusterLogging: {enableTypes: [api, audit,
--   authenticator, controllerManager, scheduler]}}".
-- since: 0.1.0
WITH what AS (
	SELECT k.*, CASE
	       WHEN k.outcome <> 'observed' THEN 'gone'
	       WHEN k.unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(k.unread)
			     WHERE value = 'log_types') THEN 'unread'
	       WHEN k.log_types IS NULL THEN 'none'
	       WHEN EXISTS (SELECT 1 FROM json_each(k.log_types)
			     WHERE value IN ('audit', 'all', '*')) THEN 'good'
	       ELSE 'no-audit' END AS found
	  FROM config_eksctl_cluster k),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': enableTypes is not written as plain values'),
	('none', 'not-satisfied', ' enables no log of the control plane; write ''cloudWatch: {clusterLogging: {enableTypes: [api, audit, authenticator, controllerManager, scheduler]}}'''),
	('no-audit', 'not-satisfied', ' does not enable the audit log; add audit to enableTypes'),
	('good', 'satisfied', ' enables the audit log'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'log_types', line)
       || ': cluster ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
