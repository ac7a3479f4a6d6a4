-- title: Kubernetes: workloads that need a look
-- order: 220
-- kinds: kube.workload
-- about: Workloads whose variables switch FIPS endpoints off or cannot be read, and
--   those that are privileged.
SELECT w.scope AS cluster, w.key AS workload, v.verdict, v.reason,
       iif(w.privileged, 'yes', NULL) AS privileged,
       iif(w.host_network, 'yes', NULL) AS "host network"
  FROM kube_workload w LEFT JOIN verdict v
    ON v.subject = w.subject AND v.check_id = 'kube-workload-fips-env'
 WHERE v.verdict IN ('not-satisfied', 'unknown') OR w.privileged
 ORDER BY 1, 3, 2;
