-- id: kube-calico-wireguard
-- order: 469
-- title: Calico does not rely on WireGuard
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.custom kube.list kube.cluster
-- rationale: WireGuard computes with ChaCha20-Poly1305, Curve25519 and BLAKE2s, none of which
--   is approved: what it carries counts as plain text.
-- remediation: Protect traffic between pods by TLS of validated modules, and do not count
--   WireGuard as its protection.
-- references: https://docs.tigera.io/calico/latest/network-policy/encrypt-cluster-pod-traffic
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR fields IS NULL THEN 'unknown'
            WHEN fields ->> '$.spec.wireguardEnabled' OR fields ->> '$.spec.wireguardEnabledV6'
            THEN 'not-satisfied' ELSE 'not-applicable' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'FelixConfiguration ' || outcome || ': ' || reason
            WHEN fields IS NULL THEN 'the evidence lacks its fields'
            WHEN fields ->> '$.spec.wireguardEnabled' OR fields ->> '$.spec.wireguardEnabledV6'
            THEN 'WireGuard is enabled; its algorithms are not approved'
            ELSE 'WireGuard is not enabled; Calico does not encrypt traffic between pods' END
            AS reason
  FROM kube_custom
 WHERE key GLOB 'FelixConfiguration/*'
UNION ALL
SELECT subject, 'unknown', 'not evaluated: felixconfigurations: ' || outcome || ': ' || reason
  FROM kube_list
 WHERE key = 'felixconfigurations.crd.projectcalico.org' AND outcome NOT IN ('observed', 'absent');
