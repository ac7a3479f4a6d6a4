-- id: kube-pod-security
-- order: 460
-- title: Namespaces enforce a Pod Security level
-- severity: medium
-- controls: nist-800-53r5 cm-6 ac-6; nist-800-171r2 3.4.2; cmmc-l2 CM.L2-3.4.2
-- kinds: kube.namespace kube.cluster kube.list
-- with: kube-unlisted
-- rationale: Without the label a namespace takes any pod, privileged ones too.
-- remediation: Label it pod-security.kubernetes.io/enforce=restricted or baseline.
-- references: https://kubernetes.io/docs/concepts/security/pod-security-admission/
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN enforce IN ('restricted', 'baseline') THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'namespace ' || outcome || ': ' || reason
            WHEN enforce IS NULL THEN 'no level is enforced by a label'
            ELSE 'level ' || enforce || ' is enforced' END AS reason
  FROM kube_namespace
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.namespace';
