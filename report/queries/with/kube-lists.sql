-- Lists of a cluster that did not come whole: unlisted (subject, scope, kind, reason), one
-- row a cluster and kind of evidence. What would be in them was not looked at, so a check
-- over that kind is unknown of it. subject is the list's, or the cluster's where no
-- list was requested. It stands in a WITH clause.
list_of(kind, key) AS (VALUES
	('kube.binding', 'clusterrolebindings.rbac.authorization.k8s.io'),
	('kube.binding', 'rolebindings.rbac.authorization.k8s.io'),
	('kube.role', 'clusterroles.rbac.authorization.k8s.io'),
	('kube.role', 'roles.rbac.authorization.k8s.io'),
	('kube.service_account', 'serviceaccounts'), ('kube.node', 'nodes'),
	('kube.namespace', 'namespaces'), ('kube.workload', 'deployments.apps'),
	('kube.workload', 'daemonsets.apps'), ('kube.workload', 'statefulsets.apps'),
	('kube.workload', 'replicasets.apps'), ('kube.workload', 'replicationcontrollers'),
	('kube.workload', 'jobs.batch'), ('kube.workload', 'cronjobs.batch'),
	('kube.workload', 'pods'), ('kube.image', 'pods'),
	('kube.storage_class', 'storageclasses.storage.k8s.io'),
	('kube.volume', 'persistentvolumes'), ('kube.claim', 'persistentvolumeclaims'),
	('kube.ingress', 'ingresses.networking.k8s.io'), ('kube.service', 'services'),
	('kube.load_balancer', 'ingressclassparams.elbv2.k8s.aws'),
	('kube.load_balancer', 'loadbalancerconfigurations.gateway.k8s.aws'),
	('kube.webhook', 'mutatingwebhookconfigurations.admissionregistration.k8s.io'),
	('kube.webhook', 'validatingwebhookconfigurations.admissionregistration.k8s.io'),
	('kube.node_class', 'ec2nodeclasses.karpenter.k8s.aws'),
	('kube.node_class', 'nodeclasses.eks.amazonaws.com')),
asked_lists AS MATERIALIZED (SELECT subject, scope, key, outcome, reason FROM kube_list),
unlisted AS MATERIALIZED (
	SELECT coalesce(max(l.subject), c.subject) AS subject, c.scope, n.kind,
	       'not evaluated: ' || group_concat(CASE
	            WHEN l.subject IS NOT NULL THEN n.key || ': ' || l.outcome || ': ' || l.reason
	            WHEN c.outcome <> 'observed' THEN 'cluster ' || c.outcome || ': ' || c.reason
	            ELSE n.key || ': not requested' END, '; ') AS reason
	  FROM kube_cluster c CROSS JOIN list_of n
	  LEFT JOIN asked_lists l ON l.scope = c.scope AND l.key = n.key
	 WHERE l.outcome NOT IN ('observed', 'absent')
	    OR l.subject IS NULL AND (c.outcome <> 'observed'
	       OR EXISTS (SELECT 1 FROM asked_lists o WHERE o.scope = c.scope))
	 GROUP BY c.subject, n.kind)
