-- id: kube-service-tls
-- order: 442
-- title: Services that end TLS at a load balancer name a FIPS policy
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8; cmmc-l2 SC.L2-3.13.8
-- kinds: kube.service kube.cluster kube.list
-- catalogs: elb-policies
-- with: kube-unlisted
-- rationale: A service of type LoadBalancer with a certificate has AWS end TLS, by default
--   under ELBSecurityPolicy-2016-08. Without a certificate the load balancer passes
--   connections on, and what serves them decides.
-- remediation: Set service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy to a
--   FIPS policy of TLS 1.2 or 1.3.
-- references: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
-- since: 0.1.0
SELECT s.subject,
       CASE WHEN s.outcome <> 'observed' THEN 'unknown'
            WHEN s.ssl_cert IS NULL THEN 'not-applicable'
            WHEN s.ssl_policy IS NULL THEN 'not-satisfied'
            WHEN e.fips IS NULL THEN 'unknown'
            WHEN e.fips = 'yes' AND e.min_tls IN ('1.2', '1.3') THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN s.outcome <> 'observed' THEN 'service ' || s.outcome || ': ' || s.reason
            WHEN s.ssl_cert IS NULL
            THEN 'no certificate: the load balancer passes connections on as they are'
            WHEN s.ssl_policy IS NULL
            THEN 'no ssl-negotiation-policy: ELBSecurityPolicy-2016-08'
            WHEN e.fips IS NULL THEN s.ssl_policy || ' is not in the catalogue'
            WHEN e.fips = 'yes' THEN s.ssl_policy || ': a FIPS policy, TLS ' || e.min_tls
                 || ' and later'
            ELSE s.ssl_policy || ': no FIPS policy' END AS reason
  FROM kube_service s LEFT JOIN catalog_elb_policies e ON e.policy = s.ssl_policy
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.service';
