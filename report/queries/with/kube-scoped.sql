-- Which resources have a namespace: scoped (scope, api, resource, namespaced), as the server
-- of each cluster says (discovery), and what the catalogue says where it does not.
-- It stands in a WITH clause, behind another table.
discovered AS MATERIALIZED (
	SELECT g.scope, iif(g.key = 'core', '', g.key) AS api, n.value AS resource, 1 AS namespaced
	  FROM kube_api_group g JOIN json_each(g.namespaced) n WHERE g.outcome = 'observed'
	 UNION ALL
	SELECT g.scope, iif(g.key = 'core', '', g.key), n.value, 0
	  FROM kube_api_group g JOIN json_each(g.cluster) n WHERE g.outcome = 'observed'),
scoped AS MATERIALIZED (
	SELECT scope, api, resource, max(namespaced) AS namespaced FROM discovered GROUP BY 1, 2, 3
	 UNION ALL
	SELECT k.scope, iif(c.api_group = 'core', '', c.api_group), c.resource, 0
	  FROM (SELECT DISTINCT scope FROM kube_role) k CROSS JOIN catalog_kube_cluster_scoped c
	 WHERE NOT EXISTS (SELECT 1 FROM discovered d WHERE d.scope = k.scope
	          AND d.resource = c.resource
	          AND d.api = iif(c.api_group = 'core', '', c.api_group)))
