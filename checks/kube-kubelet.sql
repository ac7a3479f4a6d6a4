-- id: kube-kubelet
-- order: 471
-- title: Kubelets serve approved TLS and ask who is there
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-13 ac-3; nist-800-171r2 3.13.8 3.1.1; cmmc-l2
--   SC.L2-3.13.8
-- kinds: kube.node kube.kubelet
-- catalogs: tls-suites
-- rationale: A kubelet serves logs and commands of its pods. Stock Amazon Linux 2023 nodes
--   also offer ChaCha20 and RSA key transport, which are not approved or not of SP 800-52.
--   Suites of TLS 1.3 cannot be chosen in Go.
-- remediation: Set tlsCipherSuites to ECDHE with AES-GCM, tlsMinVersion to VersionTLS12 or
--   later, anonymous authentication off and authorization to Webhook.
-- references: https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
-- since: 0.1.0
WITH suite AS MATERIALIZED (
	SELECT k.subject, s.value AS name FROM kube_kubelet k JOIN json_each(k.tls_cipher_suites) s
	  LEFT JOIN catalog_tls_suites c ON c.name = s.value
	 WHERE k.outcome = 'observed'
	   AND (coalesce(c.approved, 'no') = 'no' OR c.sp800_52r2 IS NOT 'listed')),
odd AS (SELECT subject, count(*) AS n, min(name) AS first FROM suite GROUP BY subject)
SELECT n.subject,
       CASE WHEN k.subject IS NULL OR k.outcome <> 'observed' THEN 'unknown'
            WHEN k.anonymous OR k.authorization_mode = 'AlwaysAllow'
                 OR coalesce(k.read_only_port, 0) <> 0
                 OR k.tls_min_version IN ('VersionTLS10', 'VersionTLS11')
                 OR o.first IS NOT NULL THEN 'not-satisfied'
            WHEN k.tls_cipher_suites IS NULL AND k.tls_min_version IS NOT 'VersionTLS13'
            THEN 'not-satisfied'
            WHEN k.anonymous IS NULL OR k.authorization_mode IS NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN k.subject IS NULL THEN 'its kubelet was not asked (--configz)'
            WHEN k.outcome <> 'observed' THEN 'its kubelet ' || k.outcome || ': ' || k.reason
            WHEN k.anonymous THEN 'answers requests without a credential'
            WHEN k.authorization_mode = 'AlwaysAllow' THEN 'allows everything (AlwaysAllow)'
            WHEN coalesce(k.read_only_port, 0) <> 0 THEN 'serves without TLS on port '
                 || k.read_only_port
            WHEN k.tls_min_version IN ('VersionTLS10', 'VersionTLS11')
            THEN 'takes ' || k.tls_min_version
            WHEN o.first IS NOT NULL THEN 'offers ' || o.first
                 || iif(o.n > 1, ' and ' || (o.n - 1) || ' more suites', '')
                 || ' that SP 800-52 does not list as approved'
            WHEN k.tls_cipher_suites IS NULL AND k.tls_min_version IS NOT 'VersionTLS13'
            THEN 'tlsCipherSuites is not set: Go''s own choice has ChaCha20'
            WHEN k.anonymous IS NULL OR k.authorization_mode IS NULL
            THEN 'does not say how it authenticates or authorizes'
            ELSE 'approved suites, no anonymous access' END AS reason
  FROM kube_node n LEFT JOIN kube_kubelet k ON k.scope = n.scope AND k.key = n.key
  LEFT JOIN odd o ON o.subject = k.subject
 WHERE n.outcome = 'observed' AND EXISTS (SELECT 1 FROM kube_kubelet x WHERE x.scope = n.scope);
