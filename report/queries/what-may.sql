-- title: What one principal may do in a cluster, and by which binding and role
-- with: kube-grants
-- catalogs: kube-builtin
-- param: principal [system:anonymous] user, or service account as system:serviceaccount:NAMESPACE:NAME
-- param: groups [] groups it is in besides, comma separated
-- param: scope [*] scopes that match, as in kube/prod
-- Everyone with a credential is in system:authenticated; a service account is
-- in system:serviceaccounts and system:serviceaccounts:NAMESPACE too. Which
-- groups a person is in is known to whoever signs them in, not to the cluster.
, own(name) AS (
	SELECT iif(:principal = 'system:anonymous', 'system:unauthenticated', 'system:authenticated')
	 UNION ALL SELECT 'system:serviceaccounts' WHERE :principal LIKE 'system:serviceaccount:%'
	 UNION ALL SELECT 'system:serviceaccounts:' || substr(:principal, 23,
	       instr(substr(:principal, 23), ':') - 1)
	  WHERE :principal LIKE 'system:serviceaccount:%'
	 UNION ALL SELECT trim(g.value) FROM json_each('["' || replace(:groups, ',', '","') || '"]') g
	  WHERE trim(g.value) <> '')
SELECT coalesce('namespace ' || g.namespace, 'cluster') AS "where",
       (SELECT group_concat(v.value, ' ') FROM json_each(g.rule, '$.verbs') v) AS verbs,
       coalesce((SELECT group_concat(o.value || iif(a.value = '', '', '.' || a.value), ' ')
          FROM json_each(g.rule, '$.resources') o JOIN json_each(g.rule, '$.apiGroups') a),
          (SELECT group_concat(u.value, ' ') FROM json_each(g.rule, '$.nonResourceURLs') u))
          AS "what",
       g.rule ->> '$.resourceNames' AS "only names",
       iif(g.principal = :principal, NULL, 'group ' || g.principal) AS "as", g.binding, g.role,
       iif(g.builtin, 'yes', NULL) AS "built in", g.scope
  FROM grants g
 WHERE g.scope GLOB :scope
   AND (g.principal_kind = 'Group' AND g.principal IN (SELECT name FROM own)
        OR g.principal_kind <> 'Group' AND g.principal = :principal)
   AND (g.namespace IS NULL OR g.rule ->> '$.nonResourceURLs' IS NULL)
 ORDER BY 9, 1, 6, 3, 2;
