-- id: kube-default-service-account
-- order: 420
-- title: Nothing is granted to a default service account
-- severity: medium
-- controls: nist-800-53r5 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: kube.binding kube.cluster kube.list
-- catalogs: kube-builtin
-- with: kube-bindings
-- rationale: Every pod that names no service account runs as its namespace's
--   default one, so what is granted to it is granted to all of them.
-- remediation: Give the workload a service account of its own and bind that.
-- references: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
-- since: 0.1.0
b AS (
	-- as itself, as the user it is, or through a group that all accounts are in
	SELECT *, (SELECT min(s.value ->> '$.name') FROM json_each(subjects) s
	            WHERE s.value ->> '$.kind' IN ('ServiceAccount', 'User')
	              AND s.value ->> '$.name' GLOB 'system:serviceaccount:?*:default'
	               OR s.value ->> '$.kind' = 'Group'
	              AND (s.value ->> '$.name' GLOB 'system:serviceaccounts:?*'
	                OR s.value ->> '$.name' IN ('system:serviceaccounts', 'system:authenticated'))
	       ) AS who
	  FROM binding)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR untold IS NOT NULL THEN 'unknown'
            WHEN builtin THEN 'not-applicable'
            WHEN who IS NOT NULL THEN 'not-satisfied' ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'binding ' || outcome || ': ' || reason
            WHEN untold IS NOT NULL THEN 'the evidence lacks ' || untold
            WHEN builtin THEN 'the API server makes this binding itself'
            WHEN who IS NOT NULL THEN role || ' is bound to ' || who
            ELSE 'no default service account' END AS reason
  FROM b
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.binding';
