-- id: kube-load-balancer-tls
-- order: 441
-- title: Settings of load balancers name FIPS policies
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8; cmmc-l2 SC.L2-3.13.8
-- kinds: kube.load_balancer kube.cluster kube.list
-- catalogs: elb-policies
-- with: kube-unlisted
-- rationale: IngressClassParams and LoadBalancerConfiguration set the TLS policy of every
--   load balancer made from them. What they do not set, the controller's default does:
--   ELBSecurityPolicy-2016-08.
-- remediation: Set sslPolicy, of each listener that has TLS, to a FIPS policy.
-- references: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
-- since: 0.1.0
, named AS MATERIALIZED (
	SELECT subject, ssl_policy AS policy, NULL AS port FROM kube_load_balancer
	 WHERE outcome = 'observed' AND ssl_policy IS NOT NULL
	 UNION ALL
	SELECT b.subject, l.value ->> '$.ssl_policy', l.value ->> '$.port'
	  FROM kube_load_balancer b JOIN json_each(b.listeners) l
	 WHERE b.outcome = 'observed' AND (l.value ->> '$.port' LIKE 'HTTPS%'
	       OR l.value ->> '$.port' LIKE 'TLS%' OR l.value ->> '$.ssl_policy' IS NOT NULL
	       OR l.value ->> '$.certificate' IS NOT NULL)),
judged AS MATERIALIZED (
	SELECT n.subject, coalesce('listener ' || n.port || ': ', '') || CASE
	       WHEN n.policy IS NULL THEN 'no policy, so ELBSecurityPolicy-2016-08'
	       WHEN e.fips IS NULL THEN n.policy || ' is not in the catalogue'
	       WHEN e.fips <> 'yes' THEN n.policy || ' is no FIPS policy'
	       ELSE n.policy || ' is a FIPS policy, TLS ' || e.min_tls || ' and later' END AS says,
	       CASE WHEN n.policy IS NULL THEN 3 WHEN e.fips IS NULL THEN 2
	            WHEN e.fips = 'yes' AND e.min_tls IN ('1.2', '1.3') THEN 1 ELSE 3 END AS worst
	  FROM named n LEFT JOIN catalog_elb_policies e ON e.policy = n.policy),
told AS (
	SELECT subject, max(worst) AS worst FROM judged GROUP BY subject)
SELECT b.subject,
       CASE WHEN b.outcome <> 'observed' THEN 'unknown'
            WHEN b.listeners IS NULL AND coalesce(t.worst, 1) = 1 THEN 'unknown'
            WHEN t.worst IS NULL THEN 'not-applicable'
            WHEN t.worst = 1 THEN 'satisfied' WHEN t.worst = 2 THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN b.outcome <> 'observed' THEN 'settings ' || b.outcome || ': ' || b.reason
            WHEN b.listeners IS NULL AND coalesce(t.worst, 1) = 1
            THEN 'the evidence lacks its listeners'
            WHEN t.worst IS NULL THEN 'it sets no TLS policy'
            ELSE (SELECT min(j.says) FROM judged j
                   WHERE j.subject = b.subject AND j.worst = t.worst) END AS reason
  FROM kube_load_balancer b LEFT JOIN told t ON t.subject = b.subject
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.load_balancer';
