-- What is granted in clusters, rule by rule: grants (scope, principal_kind, principal,
-- binding, role, builtin, namespace, rule). namespace NULL: the whole cluster.
-- Rules of aggregated cluster roles are those the API server served. A role
-- binding grants in its own namespace only, and no URL outside the resources; a
-- binding to a role that does not exist grants nothing. builtin: the API server makes
-- the binding itself (see kube-binding).
--
-- EKS's access policies grant beside RBAC, to principals of IAM. Their rules are those
-- of the cluster role that EKS documents each to be alike. A cluster of AWS's evidence
-- is that of the Kubernetes evidence whose name, or whose ARN, is in the scope.
-- entry (scope, principal, username, groups): who is whom by access entries.
WITH
-- with: kube-binding
cluster AS MATERIALIZED ( -- and what it is called there
	SELECT scope, substr(scope, 6) AS name FROM kube_cluster
	 UNION ALL
	SELECT scope, substr(scope, instr(scope, ':eks:') + 5) FROM kube_cluster
	 WHERE scope GLOB 'kube/arn:aws*:eks:*:cluster/*'),
admitted AS MATERIALIZED (
	SELECT cluster AS name, subject FROM aws_eks_access_entry WHERE outcome = 'observed'
	 UNION ALL
	SELECT substr(scope, 18) || ':' || substr(scope, 5, 12) || ':cluster/' || cluster, subject
	  FROM aws_eks_access_entry WHERE outcome = 'observed'),
entry AS MATERIALIZED (
	SELECT c.scope, e.principal, e.username, e.groups, e.policies
	  FROM cluster c JOIN admitted a ON a.name = c.name
	  JOIN aws_eks_access_entry e ON e.subject = a.subject),
alike(policy, role) AS (VALUES
	('AmazonEKSClusterAdminPolicy', 'cluster-admin'), ('AmazonEKSAdminPolicy', 'admin'),
	('AmazonEKSEditPolicy', 'edit'), ('AmazonEKSViewPolicy', 'view')),
access AS MATERIALIZED (
	SELECT e.scope, e.principal, p.value ->> '$.policy' AS policy,
	       n.value AS namespace, iif(p.value ->> '$.policy' = 'AmazonEKSAdminViewPolicy',
	       '[{"apiGroups":["*"],"resources":["*"],"verbs":["get","list","watch"]}]', r.rules) AS rules
	  FROM entry e JOIN json_each(e.policies) p
	  JOIN json_each(iif(p.value ->> '$.scope' = 'cluster', '[null]', p.value -> '$.namespaces')) n
	  LEFT JOIN alike a ON a.policy = p.value ->> '$.policy'
	  LEFT JOIN kube_role r ON r.scope = e.scope AND r.key = 'ClusterRole/' || a.role
	   AND r.outcome = 'observed'),
grants AS MATERIALIZED (
	SELECT b.scope, s.value ->> '$.kind' AS principal_kind,
	       s.value ->> '$.name' AS principal, b.key AS binding, r.key AS role,
	       b.builtin, b.namespace, g.value AS rule
	  FROM binding b
	  JOIN (SELECT scope, key, rules FROM kube_role WHERE outcome = 'observed') r
	    ON r.scope = b.scope AND r.key = b.role
	  JOIN json_each(b.subjects) s
	  JOIN json_each(r.rules) g
	 WHERE b.outcome = 'observed' AND s.value ->> '$.kind' IN ('User', 'Group', 'ServiceAccount')
	   -- a service account without a namespace is nobody
	   AND NOT (s.value ->> '$.kind' = 'ServiceAccount'
	            AND s.value ->> '$.name' GLOB 'system:serviceaccount::*')
	 UNION ALL
	SELECT a.scope, 'IAM', a.principal, 'access entry', a.policy, 0, a.namespace, g.value
	  FROM access a JOIN json_each(a.rules) g)
