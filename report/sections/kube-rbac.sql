-- title: Kubernetes: who may do what is dangerous
-- order: 210
-- kinds: kube.binding
-- about: Bindings that are not the API server's own and that were found to grant more
--   than they say, to everyone or to default service accounts.
SELECT v.scope AS cluster, v.key AS binding, v.verdict,
       group_concat(v.reason, '; ') AS "what it grants"
  FROM verdict v
 WHERE v.kind = 'kube.binding' AND v.verdict IN ('not-satisfied', 'unknown')
 GROUP BY v.scope, v.key, v.verdict ORDER BY v.scope, v.verdict, v.key;
