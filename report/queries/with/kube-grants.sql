-- What RBAC grants, rule by rule: grants (scope, principal_kind, principal,
-- binding, role, builtin, namespace, rule). namespace NULL: the whole cluster.
-- Rules of aggregated cluster roles are those the API server served. A role
-- binding grants in its own namespace only, and no URL outside the resources; a
-- binding to a role that does not exist grants nothing.
WITH grants AS MATERIALIZED (
	SELECT b.scope, s.value ->> '$.kind' AS principal_kind,
	       s.value ->> '$.name' AS principal, b.key AS binding, r.key AS role,
	       b.builtin AND r.builtin AS builtin, b.namespace, g.value AS rule
	  FROM (SELECT scope, key, builtin, namespace, role, subjects
	          FROM kube_binding WHERE outcome = 'observed') b
	  JOIN (SELECT scope, key, builtin, rules
	          FROM kube_role WHERE outcome = 'observed') r
	    ON r.scope = b.scope AND r.key = b.role
	  JOIN json_each(b.subjects) s
	  JOIN json_each(r.rules) g)
