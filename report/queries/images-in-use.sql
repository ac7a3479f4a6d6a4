-- title: Images that clusters run, with the platforms of their nodes
-- param: scope [*] clusters that match, as in kube/prod-*
SELECT i.key || ' ' || coalesce(
           (SELECT group_concat('linux/' || a, ',') FROM
             (SELECT DISTINCT n.architecture AS a FROM kube_node n
               WHERE n.scope IN (SELECT scope FROM kube_image WHERE key = i.key)
                 AND n.architecture IN ('amd64', 'arm64', 'ppc64le', 's390x')
               ORDER BY 1)), 'linux/amd64') AS image,
       count(*) AS clusters
  FROM kube_image i
 WHERE i.outcome = 'observed' AND i.key GLOB '*[a-z]*' AND i.key NOT GLOB 'sha256:*'
   AND i.scope GLOB :scope
 GROUP BY i.key ORDER BY i.key;
