-- Every binding, and whether the API server makes it itself: binding (subject,
-- scope, key, outcome, reason, role, namespace, subjects, labelled, builtin). The
-- label alone says nothing: anyone may set it. Built in is what is labelled, binds
-- what the catalogue says, and names nobody else than it says.
binding AS MATERIALIZED (
	SELECT b.subject, b.scope, b.key, b.outcome, b.reason, b.role, b.namespace, b.subjects,
	       b.builtin AS labelled,
	       b.builtin AND NOT EXISTS (SELECT 1 FROM json_each(b.subjects) s
	            WHERE NOT EXISTS (SELECT 1 FROM catalog_kube_builtin c
	                  WHERE c.binding = b.key AND c.role = b.role
	                    AND c.subject_kind = s.value ->> '$.kind'
	                    AND c.subject = s.value ->> '$.name')) AS builtin
	  FROM kube_binding b),
