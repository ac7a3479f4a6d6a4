-- id: kube-network-default-deny
-- order: 466
-- title: Namespaces deny network traffic by default
-- severity: medium
-- controls: nist-800-53r5 sc-7 ac-4; nist-800-171r2 3.13.1 3.13.6; cmmc-l2 SC.L2-3.13.6
-- kinds: kube.namespace kube.custom kube.list kube.cluster
-- with: kube-unlisted
-- rationale: Without a NetworkPolicy that selects every pod and allows nothing, whatever is
--   not named is allowed. Whether the cluster's network enforces policies is not shown by
--   the objects.
-- remediation: Create a NetworkPolicy with an empty podSelector, policyTypes Ingress and
--   Egress, and no rules; allow what is needed by others.
-- references: https://kubernetes.io/docs/concepts/services-networking/network-policies/
-- since: 0.1.0
, policy AS MATERIALIZED (
	SELECT scope, substr(key, 15, instr(substr(key, 15), '/') - 1) AS namespace,
	       outcome <> 'observed' OR fields IS NULL AS untold, fields -> '$.spec' AS spec,
	       fields -> '$.spec.podSelector' IS NOT NULL
	       AND coalesce(fields ->> '$.spec.podSelector.matchLabels', '{}') = '{}'
	       AND coalesce(fields ->> '$.spec.podSelector.matchExpressions', '[]') = '[]' AS all_pods
	  FROM kube_custom WHERE key GLOB 'NetworkPolicy/*'),
untold AS MATERIALIZED (SELECT DISTINCT scope, namespace FROM policy WHERE untold),
way(name, rules, peers) AS (VALUES ('Ingress', '$.ingress', '$.from'), ('Egress', '$.egress', '$.to')),
said AS MATERIALIZED (
	SELECT p.scope, p.namespace, w.name, p.all_pods,
	       coalesce(p.spec ->> w.rules, '[]') = '[]' AS shut,
	       EXISTS (SELECT 1 FROM json_each(p.spec, w.rules) r
	                WHERE coalesce(r.value ->> '$.ports', '[]') = '[]'
	                  AND (coalesce(r.value ->> w.peers, '[]') = '[]'
	                    OR EXISTS (SELECT 1 FROM json_each(r.value, w.peers) q
	                        WHERE q.value ->> '$.ipBlock.cidr' IN ('0.0.0.0/0', '::/0'))))
	       AS everything
	  FROM policy p JOIN way w
	    ON EXISTS (SELECT 1 FROM json_each(p.spec, '$.policyTypes') t WHERE t.value = w.name)),
state AS MATERIALIZED (
	SELECT scope, namespace, max(name = 'Ingress' AND all_pods AND shut) AS ingress,
	       max(name = 'Egress' AND all_pods AND shut) AS egress,
	       max(all_pods AND everything) AS opened
	  FROM said GROUP BY 1, 2),
listed AS MATERIALIZED (SELECT scope, outcome, reason FROM asked_lists
	  WHERE key = 'networkpolicies.networking.k8s.io')
SELECT n.subject,
       CASE WHEN n.outcome <> 'observed' OR l.outcome IS NOT 'observed' THEN 'unknown'
            WHEN s.opened THEN 'not-satisfied'
            WHEN u.scope IS NOT NULL THEN 'unknown'
            WHEN s.ingress AND s.egress THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN n.outcome <> 'observed' THEN 'namespace ' || n.outcome || ': ' || n.reason
            WHEN l.outcome IS NOT 'observed' THEN 'not evaluated: networkpolicies: '
                 || coalesce(l.outcome || ': ' || l.reason, 'not requested')
            WHEN s.opened THEN 'a NetworkPolicy of all pods allows everything'
            WHEN u.scope IS NOT NULL THEN 'not evaluated: a NetworkPolicy of it could not be read'
            WHEN s.ingress AND s.egress THEN 'a NetworkPolicy of all pods denies ingress and egress '
                 || 'that no other allows'
            WHEN s.ingress THEN 'no NetworkPolicy denies egress of all pods by default'
            WHEN s.egress THEN 'no NetworkPolicy denies ingress of all pods by default'
            ELSE 'no NetworkPolicy of all pods denies anything by default' END AS reason
  FROM kube_namespace n LEFT JOIN state s ON s.scope = n.scope AND s.namespace = n.key
  LEFT JOIN untold u ON u.scope = n.scope AND u.namespace = n.key
  LEFT JOIN listed l ON l.scope = n.scope
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.namespace';
