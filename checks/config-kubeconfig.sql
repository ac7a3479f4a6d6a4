-- id: config-kubeconfig
-- order: 552
-- title: Clusters are reached through verified TLS
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-23 ia-3; nist-800-171r2 3.13.8 3.13.15
-- kinds: config.kubeconfig
-- rationale: insecure-skip-tls-verify hands the user's credentials to whoever answers.
-- remediation: Remove "insecure-skip-tls-verify: true", name the cluster's authority in
--   certificate-authority-data, and write the server as https.
-- since: 0.1.0
WITH what AS (
	SELECT k.*, CASE
	       WHEN k.outcome <> 'observed' THEN 'gone'
	       WHEN coalesce(json_array_length(k.unread), 1) > 0 OR k.https IS NULL THEN 'unread'
	       WHEN k.https = 0 THEN 'plain'
	       WHEN k.skip_verify = 1 THEN 'skips'
	       ELSE 'good' END AS found
	  FROM config_kubeconfig k),
means(found, verdict, stated, text) AS (VALUES
	('gone', 'unknown', NULL, ''),
	('unread', 'unknown', NULL, ' has no server, or one that is not a plain value'),
	('plain', 'not-satisfied', 'https', ' is reached without TLS; write https://'),
	('skips', 'not-satisfied', 'skip_verify', ' is reached without verifying its certificate; remove insecure-skip-tls-verify'),
	('good', 'satisfied', 'https', ' is reached through verified TLS'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> m.stated, line) || ': cluster ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
