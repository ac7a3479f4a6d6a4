-- title: Kubernetes: whom of IAM the clusters let in
-- order: 212
-- kinds: *
-- catalogs: kube-builtin
-- with: kube-grants
-- about: IAM principals that aws-auth or an EKS access entry lets in, as whom, and the
--   access policies they have beside RBAC.
SELECT e.scope AS cluster, e.principal AS "IAM principal", e.how AS "let in by",
       e.username AS "user", (SELECT group_concat(g.value, ', ') FROM json_each(e.groups) g)
       AS "groups", (SELECT group_concat(DISTINCT q.role || coalesce(' in ' || q.namespace, ''))
         FROM grants q WHERE q.scope = e.scope AND q.principal_kind = 'IAM'
          AND q.principal = e.principal) AS "access policies"
  FROM entry e ORDER BY 1, 2, 3;
