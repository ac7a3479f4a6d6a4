-- id: kube-istio-mtls
-- order: 467
-- title: Istio accepts mutual TLS only
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13 sc-23; nist-800-171r2 3.13.8; cmmc-l2 SC.L2-3.13.8
-- kinds: kube.custom kube.list kube.cluster
-- rationale: In mode PERMISSIVE, which is the default, a sidecar accepts plain text too. Mode
--   STRICT shows that TLS is required. It does not show whether the proxy's cryptographic
--   module is validated.
-- remediation: Create a PeerAuthentication without a selector in Istio's root namespace with
--   mode STRICT, and remove exceptions by port.
-- references: https://istio.io/latest/docs/reference/config/security/peer_authentication/
-- since: 0.1.0
WITH peer AS MATERIALIZED (
	SELECT *, fields ->> '$.spec.mtls.mode' AS mode,
	       coalesce(fields ->> '$.spec.selector.matchLabels', '{}') = '{}' AS whole,
	       (SELECT min(p.key) FROM json_each(fields, '$.spec.portLevelMtls') p
	         WHERE p.value ->> '$.mode' IS NOT 'STRICT') AS port
	  FROM kube_custom
	 WHERE key GLOB 'PeerAuthentication/*'),
mesh AS (
	SELECT l.subject, l.outcome, l.reason, EXISTS (SELECT 1 FROM peer p WHERE p.scope = l.scope
	       AND p.outcome = 'observed' AND p.key GLOB 'PeerAuthentication/istio-system/*' AND p.whole
	       AND p.mode = 'STRICT') AS strict
	  FROM kube_list l WHERE l.key = 'peerauthentications.security.istio.io')
SELECT subject,
       CASE WHEN outcome <> 'observed' OR fields IS NULL THEN 'unknown'
            WHEN mode IN ('PERMISSIVE', 'DISABLE') OR port IS NOT NULL THEN 'not-satisfied'
            WHEN mode = 'STRICT' THEN 'satisfied' ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'PeerAuthentication ' || outcome || ': ' || reason
            WHEN fields IS NULL THEN 'the evidence lacks its fields'
            WHEN mode IN ('PERMISSIVE', 'DISABLE') THEN 'mode ' || mode || '; STRICT is required'
            WHEN port IS NOT NULL THEN 'port ' || port || ' does not require mutual TLS'
            WHEN mode = 'STRICT' THEN 'mode STRICT'
            ELSE 'could not determine the mode: it is inherited, and PERMISSIVE by default'
       END AS reason
  FROM peer
UNION ALL
SELECT subject, CASE WHEN outcome = 'absent' THEN 'not-applicable' WHEN outcome <> 'observed'
       THEN 'unknown' WHEN strict THEN 'satisfied' ELSE 'unknown' END,
       CASE WHEN outcome = 'absent' THEN 'Istio is not installed: ' || reason
            WHEN outcome <> 'observed' THEN 'not evaluated: peerauthentications: ' || outcome || ': '
                 || reason
            WHEN strict THEN 'the mesh requires mutual TLS (PeerAuthentication in istio-system)'
            ELSE 'could not determine what the mesh requires: no PeerAuthentication without a '
                 || 'selector in istio-system has mode STRICT, and PERMISSIVE is the default' END
  FROM mesh;
