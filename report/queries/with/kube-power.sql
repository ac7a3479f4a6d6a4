-- What bindings grant that gives more than it says: bound (the columns of binding,
-- see kube-binding; found, the role, NULL: there is none; ruleless, the evidence lacks
-- its rules; listed; everyone; who;
-- why, the kinds of power, NULL: none).
WITH
-- with: kube-lists
,
-- with: kube-binding
danger AS MATERIALIZED (
	-- wide: resources without a namespace, which a role binding cannot grant;
	-- patching a namespace from inside it can be
	SELECT verb, iif(api_group = 'core', '', api_group) AS api, resource,
	       cluster_scoped = 'yes' AS wide, namespace AS only_in, object, why
	  FROM catalog_kube_permissions),
role AS MATERIALIZED (
	SELECT scope, key, rules, substr(key, 1, instr(key, '/') - 1) AS kind,
	       replace(key, rtrim(key, replace(key, '/', '')), '') AS name
	  FROM kube_role WHERE outcome = 'observed'),
part AS MATERIALIZED ( -- one verb on one resource of one group; what many rules say once
	SELECT DISTINCT r.scope, r.key, v.value AS verb, a.value AS api, o.value AS resource,
	       coalesce(g.value ->> '$.resourceNames', '') AS names
	  FROM role r JOIN json_each(r.rules) g JOIN json_each(g.value, '$.verbs') v
	  JOIN json_each(g.value, '$.apiGroups') a JOIN json_each(g.value, '$.resources') o),
said AS MATERIALIZED (SELECT DISTINCT verb, api, resource, names FROM part),
meant AS MATERIALIZED ( -- of named objects only what is no less for being named
	SELECT s.*, d.why, d.wide, d.only_in FROM said s JOIN danger d
	 WHERE s.verb IN ('*', d.verb) AND s.api IN ('*', d.api)
	   AND (s.resource IN ('*', d.resource) OR instr(d.resource, '/') > 0
	        AND s.resource = '*' || substr(d.resource, instr(d.resource, '/'))
	        OR d.verb = 'impersonate' AND s.resource LIKE d.resource || '/%')
	   AND (s.names = '' OR d.verb IN ('escalate', 'impersonate', 'approve', 'sign')
	        OR d.object = '*' AND d.verb NOT IN ('create', 'deletecollection')
	        -- a request that names nothing has the empty name
	        OR EXISTS (SELECT 1 FROM json_each(s.names) n WHERE n.value = d.object
	                OR n.value = '' AND d.verb IN ('create', 'list', 'watch', 'deletecollection')
	                   AND instr(d.resource, '/') = 0))),
direct AS MATERIALIZED (
	SELECT DISTINCT p.scope, p.key, m.why, m.wide, m.only_in FROM part p JOIN meant m
	    ON m.verb = p.verb AND m.api = p.api AND m.resource = p.resource
	   AND m.names = p.names),
may_bind AS MATERIALIZED ( -- roles by name: a role that may be bound so
	SELECT DISTINCT p.scope, p.key, k.kind, n.value AS name
	  FROM part p JOIN json_each(p.names) n
	  JOIN (SELECT 'roles' AS resource, 'Role' AS kind
	         UNION ALL SELECT 'clusterroles', 'ClusterRole') k
	 WHERE p.names <> '' AND p.verb IN ('*', 'bind') AND p.resource IN ('*', k.resource)
	   AND p.api IN ('*', 'rbac.authorization.k8s.io')),
power AS MATERIALIZED ( -- bind is worth what the roles are that it names
	SELECT scope, key, why, wide, only_in FROM direct
	 UNION
	SELECT m.scope, m.key, 'give itself more', 0, NULL FROM may_bind m
	 WHERE NOT EXISTS (SELECT 1 FROM role r WHERE r.scope = m.scope AND r.rules IS NOT NULL
	                      AND r.kind = m.kind AND r.name = m.name)
	    OR EXISTS (SELECT 1 FROM role r JOIN direct d ON d.scope = r.scope AND d.key = r.key
	                WHERE r.scope = m.scope AND r.kind = m.kind AND r.name = m.name)),
reach(reach) AS (VALUES ('cluster'), ('namespace'), ('kube-system')),
told AS MATERIALIZED ( -- by how far a binding of the role reaches
	SELECT scope, key, reach, iif(max(why = 'everything'), 'everything',
	       group_concat(DISTINCT why)) AS why FROM (
		SELECT p.scope, p.key, r.reach, p.why FROM power p JOIN reach r
		 WHERE r.reach = 'cluster'
		    OR NOT p.wide AND coalesce(p.only_in, '') IN ('', r.reach)
		 ORDER BY p.why)
	 GROUP BY scope, key, reach),
listed AS MATERIALIZED (
	SELECT scope, key FROM kube_list WHERE outcome = 'observed'),
bound AS MATERIALIZED (
	SELECT b.*, r.key AS found, r.key IS NOT NULL AND r.rules IS NULL AS ruleless,
	        l.key AS listed, EXISTS (SELECT 1 FROM json_each(b.subjects) s
	        WHERE s.value ->> '$.name' IN ('system:authenticated', 'system:unauthenticated',
	              'system:anonymous', 'system:serviceaccounts')) AS everyone,
	       (SELECT group_concat(s.value ->> '$.kind' || ' '
	              || (s.value ->> '$.name'), ', ') FROM json_each(b.subjects) s) AS who,
	       t.why
	  FROM binding b LEFT JOIN role r ON r.scope = b.scope AND r.key = b.role
	  LEFT JOIN told t ON t.scope = b.scope AND t.key = b.role 
	       AND t.reach = CASE WHEN b.namespace IS NULL THEN 'cluster' WHEN b.namespace
	           = 'kube-system' THEN b.namespace ELSE 'namespace' END
	  LEFT JOIN listed l ON l.scope = b.scope AND l.key =
	       iif(b.role LIKE 'Role/%', 'roles', 'clusterroles') || '.rbac.authorization.k8s.io')
