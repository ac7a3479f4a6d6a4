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
part AS MATERIALIZED ( -- one verb on one resource of one group; what many rules say once
	SELECT DISTINCT r.scope, r.key, v.value AS verb, a.value AS api, o.value AS resource,
	       g.value ->> '$.resourceNames' IS NOT NULL AS named
	  FROM role r JOIN json_each(r.rules) g JOIN json_each(g.value, '$.verbs') v
	  JOIN json_each(g.value, '$.apiGroups') a JOIN json_each(g.value, '$.resources') o),
said AS MATERIALIZED (SELECT DISTINCT verb, api, resource, named FROM part),
meant AS MATERIALIZED ( -- of named objects only what is no less for being named
	SELECT s.*, d.why, d.wide FROM said s JOIN danger d
	 WHERE s.verb IN ('*', d.verb) AND s.api IN ('*', d.api)
	   AND (s.resource IN ('*', d.resource) OR instr(d.resource, '/') > 0
	        AND s.resource = '*' || substr(d.resource, instr(d.resource, '/')))
	   AND (NOT s.named OR d.verb IN ('escalate', 'bind', 'impersonate', 'approve'))),
power AS MATERIALIZED (
	SELECT DISTINCT p.scope, p.key, m.why, m.wide FROM part p JOIN meant m
	    ON m.verb = p.verb AND m.api = p.api AND m.resource = p.resource
	   AND m.named = p.named),
told AS MATERIALIZED (
	SELECT scope, key, wide, group_concat(DISTINCT why) AS why FROM (
		SELECT scope, key, 0 AS wide, why FROM power WHERE NOT wide
		 UNION SELECT scope, key, 1, why FROM power ORDER BY why)
	 GROUP BY scope, key, wide),
binding AS MATERIALIZED (
	SELECT subject, scope, outcome, reason, builtin, role, namespace, subjects
	  FROM kube_binding),
bound AS (
	SELECT b.subject, b.scope, b.outcome, b.reason, b.builtin, b.role, b.namespace,
	       r.key AS found, (SELECT group_concat(s.value ->> '$.kind' || ' '
	              || (s.value ->> '$.name'), ', ') FROM json_each(b.subjects) s) AS who,
	       t.why
	  FROM binding b LEFT JOIN role r ON r.scope = b.scope AND r.key = b.role
	  LEFT JOIN told t ON t.scope = b.scope AND t.key = b.role
	        AND t.wide = (b.namespace IS NULL))
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
