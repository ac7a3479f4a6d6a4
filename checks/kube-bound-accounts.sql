-- id: kube-bound-accounts
-- order: 421
-- title: Service accounts and roles that bindings name exist
-- severity: medium
-- controls: nist-800-53r5 ac-2 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: kube.binding kube.service_account kube.role kube.list kube.cluster
-- catalogs: kube-builtin
-- with: kube-bindings
-- rationale: A binding to a service account that does not exist grants to whoever creates
--   one of that name. A binding to a role that does not exist grants whatever a role of
--   that name will allow.
-- remediation: Delete the binding. Then confirm with
--   'exhibit query what-may --param principal=system:serviceaccount:NAMESPACE:NAME'.
-- references: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
-- since: 0.1.0
account AS MATERIALIZED (
	SELECT scope, 'system:serviceaccount:' || replace(key, '/', ':') AS name
	  FROM kube_service_account WHERE outcome <> 'absent'),
listed AS MATERIALIZED (
	SELECT scope, key FROM asked_lists WHERE outcome = 'observed'),
role_known AS MATERIALIZED (SELECT scope, key FROM kube_role WHERE outcome <> 'absent'),
missing AS MATERIALIZED (
	SELECT b.subject, min(s.value ->> '$.name') AS who
	  FROM binding b JOIN json_each(b.subjects) s
	 WHERE s.value ->> '$.name' GLOB 'system:serviceaccount:?*:?*'
	   AND s.value ->> '$.kind' IN ('ServiceAccount', 'User')
	   AND NOT EXISTS (SELECT 1 FROM account a WHERE a.scope = b.scope
	                      AND a.name = s.value ->> '$.name')
	 GROUP BY b.subject),
b AS (
	SELECT b.*, m.who, NOT EXISTS (SELECT 1 FROM role_known r
	            WHERE r.scope = b.scope AND r.key = b.role) AS roleless,
	       EXISTS (SELECT 1 FROM listed l WHERE l.scope = b.scope
	                  AND l.key = 'serviceaccounts') AS accounts_listed,
	       EXISTS (SELECT 1 FROM listed l WHERE l.scope = b.scope AND l.key = iif(b.role
	           GLOB 'Role/*', 'roles', 'clusterroles') || '.rbac.authorization.k8s.io')
	       AS roles_listed,
	       EXISTS (SELECT 1 FROM json_each(b.subjects) s
	                WHERE s.value ->> '$.name' GLOB 'system:serviceaccount:?*:?*') AS has_account
	  FROM binding b LEFT JOIN missing m ON m.subject = b.subject)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR untold IS NOT NULL THEN 'unknown'
            WHEN builtin THEN 'not-applicable'
            WHEN who IS NOT NULL AND accounts_listed OR roleless AND roles_listed
            THEN 'not-satisfied'
            WHEN who IS NOT NULL OR roleless THEN 'unknown'
            WHEN has_account AND NOT accounts_listed OR NOT roles_listed THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'binding ' || outcome || ': ' || reason
            WHEN untold IS NOT NULL THEN 'the evidence lacks ' || untold
            WHEN builtin THEN 'the API server makes this binding itself'
            WHEN who IS NOT NULL AND accounts_listed THEN who || ' does not exist; whoever creates '
                 || 'it has ' || role
            WHEN roleless AND roles_listed THEN role || ' does not exist; whoever creates it '
                 || 'decides what is granted'
            WHEN who IS NOT NULL OR has_account AND NOT accounts_listed
            THEN 'not evaluated: service accounts could not be listed'
            WHEN roleless OR NOT roles_listed
            THEN 'not evaluated: roles could not be listed'
            ELSE 'the service accounts and the role that it names exist' END AS reason
  FROM b
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.binding';
