-- title: What answers about who may do what in a cluster rest on, and what they leave out
-- param: scope [*] scopes that match, as in kube/prod
-- whole: no, where a list that the answer needs did not come whole. What other
-- authorizers than RBAC grant is in no object of the cluster.
WITH need(key) AS (VALUES
	('clusterrolebindings.rbac.authorization.k8s.io'), ('clusterroles.rbac.authorization.k8s.io'),
	('rolebindings.rbac.authorization.k8s.io'), ('roles.rbac.authorization.k8s.io')),
place AS MATERIALIZED (
	SELECT scope FROM kube_cluster WHERE scope GLOB :scope
	 UNION SELECT scope FROM kube_list WHERE scope GLOB :scope),
lacking AS (
	SELECT p.scope, n.key || ' (' || coalesce(l.outcome, 'not requested') || ')' AS text
	  FROM place p CROSS JOIN need n LEFT JOIN kube_list l ON l.scope = p.scope AND l.key = n.key
	 WHERE l.outcome IS NOT 'observed' ORDER BY 1, 2),
cloud AS MATERIALIZED ( -- whose authorizer may stand beside
	SELECT p.scope, max(k.git_version GLOB '*-eks-*') OR EXISTS (SELECT 1 FROM kube_node n
	            WHERE n.scope = p.scope AND n.compute_type IS NOT NULL) AS eks,
	       max(k.git_version GLOB '*-gke.*') OR EXISTS (SELECT 1 FROM kube_node n
	            WHERE n.scope = p.scope AND n.provider_id GLOB 'gce://*') AS gke,
	       EXISTS (SELECT 1 FROM kube_node n
	            WHERE n.scope = p.scope AND n.provider_id GLOB 'azure://*') AS aks,
	       EXISTS (SELECT 1 FROM aws_eks_access_entry e WHERE e.outcome = 'observed'
	              AND (e.cluster = substr(p.scope, 6)
	                OR p.scope GLOB 'kube/arn:aws*:cluster/' || e.cluster)) AS entries
	  FROM place p LEFT JOIN kube_cluster k ON k.scope = p.scope GROUP BY p.scope)
SELECT scope, 'rests on lists that were refused: ' || group_concat(text, ', ') AS "what",
       'no' AS whole FROM lacking GROUP BY scope
UNION ALL
SELECT p.scope, 'does not rest on the cluster''s own list of resources ('
       || coalesce(l.key || ': ' || l.outcome || ': ' || l.reason, 'not requested')
       || '): which have a namespace is taken from the catalog', 'yes'
  FROM place p LEFT JOIN kube_list l ON l.scope = p.scope AND l.key IN ('api', 'apis')
   AND l.outcome <> 'observed'
 WHERE l.key IS NOT NULL OR NOT EXISTS (SELECT 1 FROM kube_list k WHERE k.scope = p.scope
       AND k.key = 'apis')
 GROUP BY p.scope
UNION ALL
SELECT scope, 'shows RBAC alone. The Node authorizer, authorization webhooks, ABAC and '
       || 'AlwaysAllow grant beside it and are in no object of the cluster', 'yes' FROM place
UNION ALL
SELECT scope, 'leaves out EKS access entries, which were not collected: run ''exhibit collect '
       || 'aws''', 'yes' FROM cloud WHERE eks AND NOT entries
UNION ALL
SELECT scope, 'leaves out what Google Cloud IAM grants on GKE, which is not collected', 'yes'
  FROM cloud WHERE gke
UNION ALL
SELECT scope, 'leaves out what Azure RBAC grants on AKS, which is not collected', 'yes'
  FROM cloud WHERE aks
 ORDER BY 1, 3, 2;
