-- id: kube-anonymous
-- order: 410
-- title: Nobody unknown is granted anything of your own
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: kube.binding kube.cluster kube.list
-- catalogs: kube-builtin
-- with: kube-bindings
-- rationale: system:anonymous and system:unauthenticated are everyone who can
--   reach the API server; system:authenticated is everyone with any credential.
-- remediation: Delete the binding, or bind a group of your own.
-- references: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
-- since: 0.1.0
b AS (
	SELECT *, (SELECT min(s.value ->> '$.name') FROM json_each(subjects) s
	            WHERE s.value ->> '$.name' IN ('system:anonymous', 'system:unauthenticated',
	                  'system:authenticated', 'system:serviceaccounts')) AS who
	  FROM binding)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR untold IS NOT NULL THEN 'unknown'
            WHEN builtin THEN 'not-applicable'
            WHEN who IS NOT NULL THEN 'not-satisfied' ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'binding ' || outcome || ': ' || reason
            WHEN untold IS NOT NULL THEN 'the evidence lacks ' || untold
            WHEN builtin THEN 'the API server makes this binding itself'
            WHEN who IS NOT NULL THEN role || ' is bound to ' || who
            ELSE 'it names known subjects' END AS reason
  FROM b
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.binding';
