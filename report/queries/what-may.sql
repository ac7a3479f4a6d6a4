-- title: What one principal may do in a cluster, and by which binding and role
-- with: kube-asked
-- rests: kube-rests
-- catalogs: kube-builtin kube-cluster-scoped
-- param: principal [system:anonymous] user, or service account as system:serviceaccount:NAMESPACE:NAME
-- param: groups [] groups it is in besides: comma separated, or a JSON array
-- param: scope [*] scopes that match, as in kube/prod
-- Everyone with a credential is in system:authenticated; a service account is
-- in system:serviceaccounts and system:serviceaccounts:NAMESPACE too. Which
-- groups a person is in is known to whoever signs them in, not to the cluster.
-- What has no namespace a role binding does not grant, and is left out there.
, ask AS MATERIALIZED (SELECT CAST(:principal AS TEXT) AS who, CAST(:groups AS TEXT) AS groups),
named AS MATERIALIZED ( -- names with commas and quotes take a JSON array
	SELECT who, who GLOB 'system:serviceaccount:?*:?*' AS account,
	       iif(json_valid(groups) AND substr(ltrim(groups), 1, 1) = '[', groups, '['
	       || replace(json_quote(groups), ',', '","') || ']') AS groups FROM ask),
own(name) AS MATERIALIZED (
	SELECT iif(who = 'system:anonymous', 'system:unauthenticated', 'system:authenticated')
	  FROM named
	 UNION SELECT 'system:serviceaccounts' FROM named WHERE account
	 UNION SELECT 'system:serviceaccounts:' || substr(who, 23, instr(substr(who, 23), ':') - 1)
	  FROM named WHERE account
	 UNION SELECT iif(substr(ltrim(n.groups), 1, 1) = '[' AND json_valid(a.groups)
	       AND substr(ltrim(a.groups), 1, 1) = '[', g.value, trim(g.value))
	  FROM named n JOIN ask a JOIN json_each(n.groups) g WHERE trim(g.value) <> ''),
granted AS MATERIALIZED (
	SELECT g.*, (SELECT group_concat(o.value || iif(a.value = '', '', '.' || a.value), ' ')
	          FROM json_each(g.rule, '$.resources') o JOIN json_each(g.rule, '$.apiGroups') a
	         WHERE g.namespace IS NULL OR o.value = 'namespaces'
	            OR o.value = 'clusterroles' AND EXISTS (SELECT 1 FROM json_each(g.rule, '$.verbs')
	                  v WHERE v.value IN ('*', 'bind'))
	            OR NOT EXISTS (SELECT 1 FROM scoped s WHERE s.scope = g.scope
	                  AND s.resource = substr(o.value, 1, instr(o.value || '/', '/') - 1)
	                  AND a.value IN ('*', s.api) AND NOT s.namespaced)
	            OR a.value = '*' AND EXISTS (SELECT 1 FROM scoped s WHERE s.scope = g.scope
	                  AND s.resource = substr(o.value, 1, instr(o.value || '/', '/') - 1)
	                  AND s.namespaced)) AS resources
	  FROM grants g
	 WHERE g.scope GLOB :scope
	   AND (g.principal_kind = 'Group' AND g.principal IN (SELECT name FROM own)
	        OR g.principal_kind <> 'Group' AND g.principal = (SELECT who FROM named)))
SELECT coalesce('namespace ' || g.namespace, 'cluster') AS "where",
       (SELECT group_concat(v.value, ' ') FROM json_each(g.rule, '$.verbs') v) AS verbs,
       coalesce(g.resources, (SELECT group_concat(u.value, ' ')
          FROM json_each(g.rule, '$.nonResourceURLs') u)) AS "what",
       g.rule ->> '$.resourceNames' AS "only names",
       iif(g.principal_kind = 'Group', 'group ' || g.principal, NULL) AS "as", g.binding, g.role,
       iif(g.builtin, 'yes', NULL) AS "built in", g.scope
  FROM granted g
 WHERE g.resources IS NOT NULL
    OR g.namespace IS NULL AND g.rule -> '$.nonResourceURLs' IS NOT NULL
UNION ALL
SELECT 'cluster', '*', 'everything', NULL, 'group system:masters',
       'the authorizer lets it do everything', '', 'yes', k.scope
  FROM kube_cluster k WHERE k.scope GLOB :scope
   AND EXISTS (SELECT 1 FROM own WHERE name = 'system:masters')
 ORDER BY 9, 1, 6, 3, 2;
