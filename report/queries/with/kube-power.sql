-- What bindings grant that gives more than it says: bound (the columns of binding,
-- see kube-binding; found, the role, NULL: there is none; ruleless, the evidence lacks
-- its rules; listed; everyone; who;
-- why, the kinds of power, NULL: none).
WITH
-- with: kube-binding
danger AS MATERIALIZED (
	-- wide: resources without a namespace, which a role binding cannot grant;
	-- patching a namespace from inside it can be
	SELECT verb, iif(api_group = 'core', '', api_group) AS api, resource,
	       cluster_scoped = 'yes' AS wide, namespace AS only_in, object, why
	  FROM catalog_kube_permissions),
role AS MATERIALIZED (
	SELECT scope, key, rules FROM kube_role WHERE outcome = 'observed'),
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
	   AND (s.names = '' OR d.verb IN ('escalate', 'bind', 'impersonate', 'approve', 'sign')
	        OR EXISTS (SELECT 1 FROM json_each(s.names) n WHERE n.value = d.object))),
power AS MATERIALIZED (
	SELECT DISTINCT p.scope, p.key, m.why, m.wide, m.only_in FROM part p JOIN meant m
	    ON m.verb = p.verb AND m.api = p.api AND m.resource = p.resource
	   AND m.names = p.names),
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
