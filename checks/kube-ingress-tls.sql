-- id: kube-ingress-tls
-- order: 440
-- title: Ingresses of AWS load balancers name a FIPS policy
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8; cmmc-l2 SC.L2-3.13.8
-- kinds: kube.ingress kube.ingress_class kube.load_balancer kube.list kube.cluster
-- catalogs: elb-policies
-- with: kube-unlisted
-- rationale: Without a policy the controller uses ELBSecurityPolicy-2016-08, which is no
--   FIPS policy and allows TLS 1.0. A class may have settings (IngressClassParams)
--   that override the ingress's own annotation.
-- remediation: Set alb.ingress.kubernetes.io/ssl-policy, or sslPolicy of the class's
--   IngressClassParams, to a FIPS policy of TLS 1.2 or 1.3, and give it a certificate.
-- references: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
-- since: 0.1.0
, class AS MATERIALIZED (
	SELECT scope, key, controller, parameters, default_class FROM kube_ingress_class
	 WHERE outcome = 'observed'),
ingress AS (
	SELECT i.*, coalesce(i.class, (SELECT min(d.key) FROM class d
	       WHERE d.scope = i.scope AND d.default_class = 'true')) AS of_class
	  FROM kube_ingress i),
joined AS (
	SELECT i.*, coalesce(c.controller IN ('ingress.k8s.aws/alb', 'eks.amazonaws.com/alb'),
	       i.of_class = 'alb') AS alb, coalesce(p.ssl_policy, i.ssl_policy) AS policy,
	       iif(p.ssl_policy IS NOT NULL, 'sslPolicy of its class', 'ssl-policy') AS said,
	       p.outcome AS params, coalesce(l.outcome, 'not asked') AS listed, c.parameters,
	       coalesce(i.listen_ports LIKE '%HTTPS%', i.certificate_arn IS NOT NULL
	                OR i.tls_hosts <> '[]' OR coalesce(p.certificate_arns, '[]') <> '[]') AS tls
	  FROM ingress i LEFT JOIN class c ON c.scope = i.scope AND c.key = i.of_class
	  LEFT JOIN kube_load_balancer p ON p.scope = i.scope
	   AND p.key = 'IngressClassParams/' || c.parameters
	  LEFT JOIN kube_list l ON l.scope = i.scope
	   AND l.key = 'ingressclassparams.elbv2.k8s.aws'),
judged AS (
	SELECT j.*, e.fips, e.min_tls FROM joined j
	  LEFT JOIN catalog_elb_policies e ON e.policy = j.policy)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR alb IS NOT 1 THEN 'unknown'
            WHEN parameters IS NOT NULL AND params IS NULL
                 AND listed NOT IN ('observed', 'absent') THEN 'unknown'
            WHEN tls IS NULL THEN 'unknown'
            WHEN NOT tls THEN 'not-satisfied'
            WHEN policy IS NULL THEN 'not-satisfied'
            WHEN fips IS NULL THEN 'unknown'
            WHEN fips = 'yes' AND min_tls IN ('1.2', '1.3') THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'ingress ' || outcome || ': ' || reason
            WHEN alb IS NOT 1 THEN 'class ' || coalesce(of_class, 'not named')
                 || ': the ingress does not show its TLS policy'
            WHEN parameters IS NOT NULL AND params IS NULL
                 AND listed NOT IN ('observed', 'absent')
            THEN 'the settings of its class could not be read (' || listed || ')'
            WHEN tls IS NULL THEN 'the evidence lacks the names it has certificates for'
            WHEN NOT tls THEN 'it serves HTTP without TLS'
            WHEN policy IS NULL
            THEN 'no ssl-policy: ELBSecurityPolicy-2016-08 unless the controller was started '
                 || 'with another'
            WHEN fips IS NULL THEN said || ' ' || policy || ': not in the catalogue'
            WHEN fips = 'yes' THEN said || ' ' || policy || ': a FIPS policy, TLS '
                 || min_tls || ' and later'
            ELSE said || ' ' || policy || ': no FIPS policy' END AS reason
  FROM judged
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.ingress';
