-- Every binding, and whether the API server makes it itself: binding (subject,
-- scope, key, outcome, reason, role, namespace, subjects, labelled, builtin, untold).
-- The label alone says nothing: anyone may set it. Built in is what is labelled, binds
-- what the catalogue says, and names nobody else than it says. untold: what of it the
-- evidence lacks, without which nothing can be said of it.
binding AS MATERIALIZED (
	SELECT b.subject, b.scope, b.key, b.outcome, b.reason, b.role, b.namespace, b.subjects,
	       b.builtin AS labelled,
	       b.builtin AND NOT EXISTS (SELECT 1 FROM json_each(b.subjects) s
	            WHERE NOT EXISTS (SELECT 1 FROM catalog_kube_builtin c
	                  WHERE c.binding = b.key AND c.role = b.role
	                    AND c.subject_kind = s.value ->> '$.kind'
	                    AND c.subject = s.value ->> '$.name')) AS builtin,
	       CASE WHEN b.outcome <> 'observed' THEN NULL
	            WHEN b.subjects IS NULL THEN 'whom it binds'
	            WHEN b.role IS NULL THEN 'the role it binds'
	            WHEN b.builtin IS NULL THEN 'whether it is labelled as built in' END AS untold
	  FROM kube_binding b),
