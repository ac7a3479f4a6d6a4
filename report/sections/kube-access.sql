-- title: Kubernetes: whom of IAM the clusters let in
-- order: 212
-- kinds: *
-- catalogs: kube-builtin
-- with: kube-grants
-- about: IAM principals that aws-auth or an EKS access entry lets in, as whom, and the
--   access policies they have beside RBAC.
, let_in AS MATERIALIZED (
	SELECT scope, principal, username, groups, 'access entry' AS how FROM entry
	 UNION ALL
	SELECT c.scope, m.value ->> '$.arn', m.value ->> '$.username', m.value -> '$.groups',
	       'aws-auth'
	  FROM kube_config_map c JOIN json_each(json_array(json(c.roles), json(c.users))) l
	  JOIN json_each(l.value) m
	 WHERE c.key = 'kube-system/aws-auth' AND c.outcome = 'observed'),
policies AS MATERIALIZED (
	SELECT scope, principal, group_concat(DISTINCT role || coalesce(' in ' || namespace, ''))
	       AS text FROM grants WHERE principal_kind = 'IAM' GROUP BY scope, principal)
SELECT e.scope AS cluster, e.principal AS "IAM principal", e.how AS "let in by",
       e.username AS "user", (SELECT group_concat(g.value, ', ') FROM json_each(e.groups) g)
       AS "groups", q.text AS "access policies"
  FROM let_in e LEFT JOIN policies q ON q.scope = e.scope AND q.principal = e.principal
 ORDER BY 1, 2, 3;
