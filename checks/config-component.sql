-- id: config-component
-- order: 551
-- title: Components of Kubernetes authenticate, authorize and encrypt
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6 ia-2 sc-28; nist-800-171r2 3.1.1 3.13.16
-- kinds: config.component
-- rationale: kube-apiserver without --encryption-provider-config writes secrets to etcd in
--   plain text; a kubelet that lets anonymous requests in or allows all of them runs
--   commands for everyone who reaches it; etcd without client certificates hands out
--   everything.
-- remediation: kube-apiserver: --encryption-provider-config=FILE. kubelet:
--   "authentication: {anonymous: {enabled: false}}", "authorization: {mode: Webhook}",
--   "readOnlyPort: 0". etcd: --client-cert-auth=true.
-- since: 0.1.0
WITH what AS (
	SELECT c.*, CASE
	       WHEN c.outcome <> 'observed' THEN 'gone'
	       WHEN coalesce(json_array_length(c.unread), 1) > 0 THEN 'unread'
	       WHEN c.component = 'kube-apiserver' AND c.encryption_config IS NULL THEN 'plain'
	       WHEN c.component = 'kube-apiserver' AND c.authorization_mode LIKE '%AlwaysAllow%' THEN 'allows'
	       WHEN c.component = 'kube-apiserver' THEN 'api-good'
	       WHEN c.component = 'etcd' AND c.client_cert_auth IS NOT 1 THEN 'etcd-open'
	       WHEN c.component = 'etcd' THEN 'etcd-good'
	       WHEN c.component <> 'kubelet' THEN 'other'
	       WHEN c.anonymous_auth = 1 THEN 'anonymous'
	       WHEN c.authorization_mode = 'AlwaysAllow' THEN 'allows'
	       WHEN c.read_only_port <> '0' THEN 'read-only'
	       WHEN c.anonymous_auth IS NULL OR c.authorization_mode IS NULL THEN 'default'
	       ELSE 'kubelet-good' END AS found
	  FROM config_component c),
means(found, verdict, stated, text) AS (VALUES
	('gone', 'unknown', NULL, ''),
	('unread', 'unknown', NULL, ' has settings that are not plain values'),
	('plain', 'not-satisfied', NULL, ' has no --encryption-provider-config, so that secrets are written in plain text; write --encryption-provider-config=FILE'),
	('api-good', 'satisfied', 'encryption_config', ' encrypts as its --encryption-provider-config says'),
	('etcd-open', 'not-satisfied', 'client_cert_auth', ' asks for no client certificates; write --client-cert-auth=true'),
	('etcd-good', 'satisfied', 'client_cert_auth', ' asks for client certificates'),
	('other', 'not-applicable', NULL, ' has nothing that is judged here'),
	('anonymous', 'not-satisfied', 'anonymous_auth', ' lets anonymous requests in; write ''authentication: {anonymous: {enabled: false}}'''),
	('allows', 'not-satisfied', 'authorization_mode', ' allows every request; write Webhook (kubelet) or Node,RBAC (kube-apiserver)'),
	('read-only', 'not-satisfied', 'read_only_port', ' opens the read-only port, which asks nobody who they are; write 0'),
	('default', 'unknown', NULL, ' leaves authentication or authorization to a default; write ''authentication: {anonymous: {enabled: false}}'' and ''authorization: {mode: Webhook}'''),
	('kubelet-good', 'satisfied', 'authorization_mode', ' lets in and allows only who it knows'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> m.stated, line) || ': ' || component || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
