-- title: Kubernetes: who may do what is dangerous
-- order: 210
-- kinds: kube.binding
-- catalogs: kube-permissions kube-builtin
-- with: kube-power
-- about: Bindings of your own that grant more than they say, or to everyone: to whom, how
--   far, and by which role. What the API server binds for itself is left out. EKS access
--   entries grant beside these; 'exhibit query who-can' has both.
SELECT scope AS cluster, who, coalesce(replace(why, ',', ', '), 'what ' || role || ' allows')
       AS "may",
       coalesce('namespace ' || namespace, 'the whole cluster') AS "where",
       key || ' binds ' || role AS "by"
  FROM bound
 WHERE outcome = 'observed' AND who IS NOT NULL
   AND (why IS NOT NULL AND NOT (builtin AND NOT everyone) OR everyone AND NOT builtin)
 ORDER BY 1, why = 'everything' DESC, namespace IS NULL DESC, length(why) DESC, 2, 5;
