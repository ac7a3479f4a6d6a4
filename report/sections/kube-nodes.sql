-- title: Kubernetes: nodes by what they run
-- order: 200
-- kinds: kube.node
-- about: As the API server knows them, and how many of each were looked into and found to
--   run their kernel in FIPS mode. What was not looked into is not known.
WITH host AS MATERIALIZED (
	SELECT scope, verdict FROM verdict WHERE check_id = 'node-fips-on'),
seen AS MATERIALIZED (
	SELECT subject, verdict FROM verdict WHERE check_id = 'kube-node-evidence'),
boot AS MATERIALIZED (
	SELECT n.boot_id, max(v.verdict = 'satisfied') AS fips FROM node n
	  JOIN host v ON v.scope = n.scope
	 WHERE n.outcome = 'observed' AND n.live GROUP BY n.boot_id)
SELECT k.scope AS cluster, k.os_image AS "system", k.kernel_version AS kernel,
       k.kubelet_version AS kubelet, k.node_group_image AS "image id", count(*) AS nodes,
       sum(coalesce(s.verdict = 'satisfied', 0)) AS "looked into",
       sum(coalesce(s.verdict = 'satisfied' AND b.fips, 0)) AS "kernel in FIPS mode",
       min(k.key) AS "one of them"
  FROM kube_node k LEFT JOIN seen s ON s.subject = k.subject
  LEFT JOIN boot b ON b.boot_id = k.boot_id
 WHERE k.outcome = 'observed'
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 6 DESC, 2, 3, 4, 5;
