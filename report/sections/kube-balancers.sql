-- title: Kubernetes: TLS of load balancers
-- order: 225
-- kinds: *
-- about: Ingresses, services and settings of the load balancer controller, and the TLS
--   policy they ask AWS for. What ends TLS in the cluster itself is not among them.
SELECT v.scope AS cluster, CASE v.kind WHEN 'kube.ingress' THEN 'ingress'
       WHEN 'kube.service' THEN 'service' ELSE 'settings' END AS "what", v.verdict,
       v.reason AS policy, count(*) AS "of them", min(v.key) AS "one of them"
  FROM verdict v
 WHERE v.check_id IN ('kube-ingress-tls', 'kube-service-tls', 'kube-load-balancer-tls')
   AND v.verdict <> 'not-applicable'
 GROUP BY 1, 2, 3, 4 ORDER BY 1, v.verdict <> 'not-satisfied', v.verdict <> 'unknown', 2, 4;
