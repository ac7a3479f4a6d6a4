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
	 WHERE c.key = 'kube-system/aws-auth' AND c.outcome = 'observed')
SELECT e.scope AS cluster, e.principal AS "IAM principal", e.how AS "let in by",
       e.username AS "user", (SELECT group_concat(g.value, ', ') FROM json_each(e.groups) g)
       AS "groups", (SELECT group_concat(DISTINCT q.role || coalesce(' in ' || q.namespace, ''))
         FROM grants q WHERE q.scope = e.scope AND q.principal_kind = 'IAM'
          AND q.principal = e.principal) AS "access policies"
  FROM let_in e ORDER BY 1, 2, 3;
