-- id: kube-rbac-dangerous
-- order: 400
-- title: No binding of your own grants what takes a cluster over
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: kube.binding kube.role kube.list
-- catalogs: kube-permissions kube-builtin
-- with: kube-bindings
-- rationale: Some permissions give more than they say, as in reading secrets,
--   creating pods, escalate, bind, impersonate, nodes/proxy, approving certificates or
--   writing webhooks. What the API server makes for itself is told apart: by its label,
--   which anyone may set, and by naming whom the catalogue says, and not everybody.
-- remediation: Bind a role that names what is needed, or bind it in one namespace;
--   'exhibit query who-can' shows everyone who holds a permission.
-- references: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
-- since: 0.1.0
, danger AS MATERIALIZED (
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
bound AS (
	SELECT b.*, r.key AS found, l.key AS listed, EXISTS (SELECT 1 FROM json_each(b.subjects) s
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
SELECT b.subject,
       CASE WHEN b.outcome <> 'observed' THEN 'unknown'
            WHEN b.who IS NULL THEN 'not-applicable'
            WHEN b.builtin AND NOT (b.everyone AND b.why IS NOT NULL)
            THEN 'not-applicable'
            WHEN b.found IS NULL AND b.listed IS NULL THEN 'unknown'
            WHEN b.why IS NOT NULL THEN 'not-satisfied'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN b.outcome <> 'observed' THEN 'binding ' || b.outcome || ': ' || b.reason
            WHEN b.who IS NULL THEN 'it names nobody'
            WHEN b.builtin AND NOT (b.everyone AND b.why IS NOT NULL)
            THEN 'the API server makes this binding itself'
            WHEN b.found IS NULL AND b.listed IS NULL THEN b.role || ' could not be read'
            WHEN b.found IS NULL THEN b.role || ' does not exist, so nothing is granted'
            WHEN b.why IS NOT NULL THEN iif(b.labelled AND NOT b.builtin,
                 'labelled as the API server''s own, which it is not: ', '')
                 || substr(b.who, 1, 300) || ' through ' || b.role || ' in '
                 || coalesce('namespace ' || b.namespace, 'the whole cluster') || ' may: '
                 || replace(b.why, ',', ', ')
            ELSE b.role || ' grants nothing of the kind' END AS reason
  FROM bound b;
