-- id: kube-rbac-dangerous
-- order: 400
-- title: No binding of your own grants what takes a cluster over
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: kube.binding kube.role kube.list kube.cluster
-- catalogs: kube-permissions kube-builtin
-- with: kube-power
-- rationale: Some permissions give more than they say, as in reading secrets,
--   creating pods, escalate, bind, impersonate, nodes/proxy, approving certificates or
--   writing webhooks. What the API server makes for itself is told apart: by its label,
--   which anyone may set, and by naming whom the catalogue says, and not everybody.
-- remediation: Bind a role that names what is needed, or bind it in one namespace;
--   'exhibit query who-can' shows everyone who holds a permission.
-- references: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
-- since: 0.1.0
SELECT b.subject,
       CASE WHEN b.outcome <> 'observed' OR b.untold IS NOT NULL THEN 'unknown'
            WHEN b.who IS NULL THEN 'not-applicable'
            WHEN b.builtin AND NOT (b.everyone AND b.why IS NOT NULL)
            THEN 'not-applicable'
            WHEN b.ruleless OR b.found IS NULL AND b.listed IS NULL THEN 'unknown'
            WHEN b.why IS NOT NULL THEN 'not-satisfied'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN b.outcome <> 'observed' THEN 'binding ' || b.outcome || ': ' || b.reason
            WHEN b.untold IS NOT NULL THEN 'the evidence lacks ' || b.untold
            WHEN b.who IS NULL THEN 'it names nobody'
            WHEN b.builtin AND NOT (b.everyone AND b.why IS NOT NULL)
            THEN 'the API server makes this binding itself'
            WHEN b.ruleless THEN 'the evidence lacks the rules of ' || b.role
            WHEN b.found IS NULL AND b.listed IS NULL THEN b.role || ' could not be read'
            WHEN b.found IS NULL THEN b.role || ' does not exist, so nothing is granted'
            WHEN b.why IS NOT NULL THEN iif(b.labelled AND NOT b.builtin,
                 'labelled as the API server''s own, which it is not: ', '')
                 || substr(b.who, 1, 300) || ' through ' || b.role || ' in '
                 || coalesce('namespace ' || b.namespace, 'the whole cluster') || ' may: '
                 || replace(b.why, ',', ', ')
            ELSE b.role || ' grants nothing of the kind' END AS reason
  FROM bound b
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.binding';
