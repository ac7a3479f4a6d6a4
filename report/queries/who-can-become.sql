-- title: Who can become cluster-admin, a node or a service account, by which steps
-- with: kube-grants
-- rests: kube-rests
-- catalogs: kube-builtin kube-steps
-- param: target [cluster-admin] cluster-admin, node, or system:serviceaccount:NAMESPACE:NAME
-- param: scope [*] scopes that match, as in kube/prod
-- The shortest way of each principal, at most six steps. A step is a permission of the
-- catalog: to create pods is to be any service account of their namespace, to be a node
-- is to be those whose pods run there. A namespace that enforces no Pod Security level
-- lets its pods have the node. What other admission rules forbid is not looked at.
, ask AS MATERIALIZED (SELECT CAST(:target AS TEXT) AS target),
step AS MATERIALIZED (
	SELECT verb, iif(api_group = 'core', '', api_group) AS api, resource, gives,
	       cluster_scoped = 'yes' AS wide, how, namespace AS only_in, object
	  FROM catalog_kube_steps),
rule AS MATERIALIZED (SELECT DISTINCT rule FROM grants),
means AS MATERIALIZED ( -- what a rule gives
	SELECT DISTINCT r.rule, s.gives, s.wide, s.how, s.only_in FROM rule r JOIN step s
	 WHERE EXISTS (SELECT 1 FROM json_each(r.rule, '$.verbs') v WHERE v.value IN ('*', s.verb))
	   AND EXISTS (SELECT 1 FROM json_each(r.rule, '$.apiGroups') a
	                WHERE a.value IN ('*', s.api))
	   AND EXISTS (SELECT 1 FROM json_each(r.rule, '$.resources') o
	                WHERE o.value IN ('*', s.resource) OR instr(s.resource, '/') > 0
	                  AND o.value = '*' || substr(s.resource, instr(s.resource, '/')))
	   AND (r.rule -> '$.resourceNames' IS NULL
	        OR EXISTS (SELECT 1 FROM json_each(r.rule, '$.resourceNames') n
	                    WHERE n.value = s.object OR s.object IS NULL
	                      AND s.verb IN ('impersonate', 'escalate', 'update', 'patch')
	                       OR s.object = '' AND s.verb <> 'create'))
	 UNION
	SELECT rule, 'admin', 1, 'may do everything', NULL FROM rule r
	 WHERE r.rule -> '$.resourceNames' IS NULL
	   AND EXISTS (SELECT 1 FROM json_each(r.rule, '$.verbs') WHERE value = '*')
	   AND EXISTS (SELECT 1 FROM json_each(r.rule, '$.apiGroups') WHERE value = '*')
	   AND EXISTS (SELECT 1 FROM json_each(r.rule, '$.resources') WHERE value = '*')),
open_space AS MATERIALIZED ( -- where a pod may have the node
	SELECT scope, key AS namespace FROM kube_namespace
	 WHERE outcome = 'observed' AND coalesce(enforce, '') NOT IN ('baseline', 'restricted')),
held AS MATERIALIZED ( -- one way each; place: what the holder can be
	SELECT g.scope, g.principal_kind AS kind, g.principal, g.builtin,
	       CASE m.gives WHEN 'pods' THEN 'node' WHEN 'admin' THEN 'admin' WHEN 'node' THEN 'node'
	            WHEN 'users' THEN 'users' ELSE m.gives || ':' || coalesce(g.namespace, '*') END
	       AS place, coalesce(nullif(min(iif(m.how = 'may do everything', '', m.how)), ''),
       'may do everything') AS how, min(g.binding) AS binding
	  FROM grants g JOIN means m ON m.rule = g.rule
	 WHERE (g.namespace IS NULL OR NOT m.wide) AND (coalesce(m.only_in, '') = ''
	        OR g.namespace IS NULL OR g.namespace = m.only_in)
	   AND (m.gives <> 'pods' OR EXISTS (SELECT 1 FROM open_space o WHERE o.scope = g.scope
	            AND (g.namespace IS NULL OR o.namespace = g.namespace)))
	 GROUP BY 1, 2, 3, 4, 5),
runs AS MATERIALIZED (
	SELECT DISTINCT scope, namespace, coalesce(service_account, 'default') AS account
	  FROM kube_workload WHERE outcome = 'observed'),
account AS MATERIALIZED ( -- who holds something as a service account, and where that is
	SELECT h.*, substr(h.principal, 23, instr(substr(h.principal, 23), ':') - 1) AS namespace,
	       substr(h.principal, 23 + instr(substr(h.principal, 23), ':')) AS name
	  FROM held h WHERE h.kind <> 'Group' AND h.principal GLOB 'system:serviceaccount:?*:?*'),
hop(scope, here, there, who, how, binding) AS MATERIALIZED ( -- from being somebody to more
	SELECT scope, 'accounts:' || namespace, place, min(principal), min(how), min(binding)
	  FROM account GROUP BY 1, 2, 3
	 UNION ALL
	SELECT a.scope, 'running:' || a.namespace, a.place, min(a.principal), min(a.how),
	       min(a.binding)
	  FROM account a JOIN runs r ON r.scope = a.scope AND r.namespace = a.namespace
	   AND r.account = a.name GROUP BY 1, 2, 3
	 UNION ALL
	SELECT scope, 'accounts:' || iif(principal = 'system:serviceaccounts', '*',
	       substr(principal, 24)), place, min(principal), min(how), min(binding)
	  FROM held WHERE kind = 'Group' AND principal GLOB 'system:serviceaccounts*' GROUP BY 1, 2, 3
	 UNION ALL
	SELECT scope, 'users', place, min(principal), min(how), min(binding)
	  FROM held WHERE kind = 'User' AND principal NOT GLOB 'system:serviceaccount:*'
	 GROUP BY 1, 2, 3
	 UNION ALL
	SELECT k.scope, 'node', 'running:*', 'a node', 'takes the tokens of the pods on it', ''
	  FROM kube_cluster k),
goal(scope, place) AS MATERIALIZED (
	SELECT k.scope, CASE a.target WHEN 'cluster-admin' THEN 'admin' WHEN 'node' THEN 'node'
	       ELSE 'accounts:' || substr(a.target, 23, instr(substr(a.target, 23), ':') - 1) END
	  FROM kube_cluster k CROSS JOIN ask a WHERE k.scope GLOB :scope
	 UNION
	SELECT r.scope, 'running:' || r.namespace FROM runs r CROSS JOIN ask a
	 WHERE r.scope GLOB :scope
	   AND a.target = 'system:serviceaccount:' || r.namespace || ':' || r.account),
place AS MATERIALIZED (
	SELECT scope, place FROM held UNION SELECT scope, here FROM hop
	 UNION SELECT scope, place FROM goal),
covers AS MATERIALIZED ( -- who is the first can be the second
	SELECT p.scope, p.place AS wide, q.place AS narrow FROM place p JOIN place q
	    ON q.scope = p.scope
	 WHERE p.place = q.place OR p.place = 'admin'
	    OR p.place GLOB 'accounts:*' AND (substr(p.place, 10) = '*'
	         AND (q.place GLOB 'accounts:*' OR q.place GLOB 'running:*')
	       OR q.place = 'running:' || substr(p.place, 10))
	    OR p.place = 'running:*' AND q.place GLOB 'running:*'
	    -- one account somewhere is what a group of all of them needs
	    OR q.place = 'accounts:*' AND p.place GLOB 'accounts:*'
	    OR q.place IN ('accounts:*', 'running:*') AND p.place GLOB 'running:*'),
walk(scope, place, steps) AS (
	SELECT scope, place, 0 FROM goal
	 UNION
	SELECT h.scope, h.here, w.steps + 1 FROM walk w
	  JOIN covers c ON c.scope = w.scope AND c.narrow = w.place
	  JOIN hop h ON h.scope = c.scope AND h.there = c.wide
	 WHERE w.steps < 5),
best AS MATERIALIZED (SELECT scope, place, min(steps) AS steps FROM walk GROUP BY 1, 2),
onward AS MATERIALIZED ( -- the next step of each place, one of the shortest
	SELECT b.scope, b.place, b.steps, min(h.who || ' ' || h.how || iif(h.binding = '', '',
	       ' (' || h.binding || ')') || char(10) || n.place) AS text
	  FROM best b JOIN hop h ON h.scope = b.scope AND h.here = b.place
	  JOIN covers c ON c.scope = h.scope AND c.wide = h.there
	  JOIN best n ON n.scope = b.scope AND n.place = c.narrow AND n.steps = b.steps - 1
	 WHERE b.steps > 0 GROUP BY 1, 2, 3),
way(scope, start, place, text) AS (
	SELECT scope, place, place, '' FROM best
	 UNION ALL
	SELECT w.scope, w.start, substr(o.text, instr(o.text, char(10)) + 1),
	       w.text || '; ' || substr(o.text, 1, instr(o.text, char(10)) - 1)
	  FROM way w JOIN onward o ON o.scope = w.scope AND o.place = w.place),
ended AS MATERIALIZED (
	SELECT w.scope, w.start, w.text FROM way w JOIN goal g
	    ON g.scope = w.scope AND g.place = w.place),
found AS (
	SELECT h.scope, h.kind, h.principal, max(coalesce(h.builtin, 0)) AS builtin,
	       min(printf('%d', b.steps + 1) || char(10) || h.how || ' (' || h.binding || ')' || e.text)
	       AS text
	  FROM held h JOIN covers c ON c.scope = h.scope AND c.wide = h.place
	  JOIN best b ON b.scope = c.scope AND b.place = c.narrow
	  JOIN ended e ON e.scope = b.scope AND e.start = b.place
	 GROUP BY 1, 2, 3)
SELECT kind, principal, CAST(substr(text, 1, instr(text, char(10)) - 1) AS INTEGER) AS steps,
       substr(text, instr(text, char(10)) + 1) AS "by", iif(builtin, 'yes', NULL) AS "built in",
       scope
  FROM found
UNION ALL
SELECT 'Group', 'system:masters', 0, 'the authorizer lets it do everything', 'yes', scope
  FROM kube_cluster WHERE scope GLOB :scope
 ORDER BY 6, 5, 3, 1, 2;
