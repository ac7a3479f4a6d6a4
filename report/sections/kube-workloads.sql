-- title: Kubernetes: workloads that need a look
-- order: 220
-- kinds: kube.workload
-- about: What is wrong or not known of FIPS settings of workloads, controllers and Harness,
--   with how many it is said of; and workloads that have the node.
SELECT cluster, verdict, "what", count(*) AS workloads, min(key) AS "one of them" FROM (
	SELECT v.scope AS cluster, v.verdict, v.reason AS "what", v.key FROM verdict v
	 WHERE v.kind = 'kube.workload' AND v.verdict IN ('not-satisfied', 'unknown')
	 UNION ALL
	SELECT scope, 'for attention', CASE WHEN privileged THEN 'privileged: it has the node'
	       WHEN host_pid OR host_ipc THEN 'shares processes or memory with the node'
	       WHEN host_network THEN 'shares the node''s network'
	       ELSE 'mounts folders of the node' END, key
	  FROM kube_workload WHERE outcome = 'observed'
	   AND (privileged OR host_pid OR host_ipc OR host_network OR host_paths <> '[]'))
 GROUP BY 1, 2, 3 ORDER BY 1, verdict <> 'not-satisfied', verdict <> 'unknown', 4 DESC, 3;
