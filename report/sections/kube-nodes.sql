-- title: Kubernetes: nodes by what they run
-- order: 200
-- kinds: kube.node
-- about: As the API server knows them; only evidence from a node itself shows that its
--   kernel runs in FIPS mode.
SELECT scope AS cluster, os_image AS "system", kernel_version AS kernel,
       kubelet_version AS kubelet, node_group_image AS "image id", count(*) AS nodes,
       min(key) AS "one of them"
  FROM kube_node WHERE outcome = 'observed'
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 6 DESC, 2, 3, 4, 5;
