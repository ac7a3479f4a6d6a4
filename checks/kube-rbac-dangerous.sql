-- id: kube-rbac-dangerous
-- order: 400
-- title: No binding of your own grants what takes a cluster over
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: kube.binding kube.role kube.list
-- catalogs: kube-permissions
-- rationale: Some permissions give more than they say, as in reading secrets,
--   creating pods, escalate, bind, impersonate, nodes/proxy, approving certificates or
--   writing webhooks. What the API server makes for itself is told apart.
-- remediation: Bind a role that names what is needed, or bind it in one namespace;
--   'exhibit query who-can' shows everyone who holds a permission.
-- references: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
-- since: 0.1.0
WITH -- cluster_scoped: resources without a namespace, which a role binding cannot
-- grant; patching a namespace from inside it can be
danger AS MATERIALIZED (
	SELECT verb, iif(api_group = 'core', '', api_group) AS api, resource,
	       cluster_scoped = 'yes' AS wide, why FROM catalog_kube_permissions),
role AS MATERIALIZED (
	SELECT scope, key, rules, builtin FROM kube_role WHERE outcome = 'observed'),
power AS MATERIALIZED ( -- once a role, not once a binding; of named objects only
	-- what is no less for being named
	SELECT DISTINCT r.scope, r.key, d.why, d.wide
	  FROM role r JOIN json_each(r.rules) g JOIN danger d
	 WHERE (g.value ->> '$.resourceNames' IS NULL
	        OR d.verb IN ('escalate', 'bind', 'impersonate', 'approve'))
	   AND EXISTS (SELECT 1 FROM json_each(g.value, '$.verbs') v
	                WHERE v.value IN ('*', d.verb) AND (d.verb <> '*' OR v.value = '*'))
	   AND EXISTS (SELECT 1 FROM json_each(g.value, '$.apiGroups') a
	                WHERE a.value IN ('*', d.api))
	   AND EXISTS (SELECT 1 FROM json_each(g.value, '$.resources') o
	                WHERE o.value IN ('*', d.resource) OR instr(d.resource, '/') > 0
	                  AND o.value = '*' || substr(d.resource, instr(d.resource, '/')))),
told AS MATERIALIZED (
	SELECT scope, key, wide, group_concat(DISTINCT why) AS why FROM (
		SELECT scope, key, 0 AS wide, why FROM power WHERE NOT wide
		 UNION SELECT scope, key, 1, why FROM power ORDER BY why)
	 GROUP BY scope, key, wide),
bound AS (
	SELECT b.subject, b.scope, b.outcome, b.reason, b.builtin, b.role, b.namespace,
	       r.key AS found, (SELECT group_concat(s.value ->> '$.kind' || ' '
	              || (s.value ->> '$.name'), ', ') FROM json_each(b.subjects) s) AS who,
	       (SELECT why FROM told t WHERE t.scope = b.scope AND t.key = b.role
	           AND t.wide = (b.namespace IS NULL)) AS why, r.builtin AS stock
	  FROM kube_binding b LEFT JOIN role r ON r.scope = b.scope AND r.key = b.role)
SELECT b.subject,
       CASE WHEN b.outcome <> 'observed' THEN 'unknown'
            WHEN b.who IS NULL THEN 'not-applicable'
            WHEN b.builtin THEN 'not-applicable'
            WHEN b.found IS NULL AND NOT EXISTS (SELECT 1 FROM kube_list l
                 WHERE l.scope = b.scope AND l.outcome = 'observed' AND l.key =
                       iif(b.role LIKE 'Role/%', 'roles', 'clusterroles')
                       || '.rbac.authorization.k8s.io') THEN 'unknown'
            WHEN b.why IS NOT NULL THEN 'not-satisfied'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN b.outcome <> 'observed' THEN 'binding ' || b.outcome || ': ' || b.reason
            WHEN b.who IS NULL THEN 'it names nobody'
            WHEN b.builtin THEN 'the API server makes this binding itself'
            WHEN b.found IS NULL AND NOT EXISTS (SELECT 1 FROM kube_list l
                 WHERE l.scope = b.scope AND l.outcome = 'observed' AND l.key =
                       iif(b.role LIKE 'Role/%', 'roles', 'clusterroles')
                       || '.rbac.authorization.k8s.io') THEN b.role || ' could not be read'
            WHEN b.found IS NULL THEN b.role || ' does not exist, so nothing is granted'
            WHEN b.why IS NOT NULL THEN substr(b.who, 1, 300) || ' through ' || b.role || ' in '
                 || coalesce('namespace ' || b.namespace, 'the whole cluster') || ' may: '
                 || replace(b.why, ',', ', ')
            ELSE b.role || ' grants nothing of the kind' END AS reason
  FROM bound b;
