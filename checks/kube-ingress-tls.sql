-- id: kube-ingress-tls
-- order: 440
-- title: Ingresses of AWS load balancers name a FIPS policy
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8; cmmc-l2 SC.L2-3.13.8
-- kinds: kube.ingress
-- rationale: Without an annotation the controller uses ELBSecurityPolicy-2016-08,
--   which is no FIPS policy; policies 1-0 and 1-1 allow TLS below 1.2.
-- remediation: Set alb.ingress.kubernetes.io/ssl-policy to a FIPS policy of TLS 1.2 or 1.3.
-- references: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR coalesce(class, '') <> 'alb' THEN 'unknown'
            WHEN ssl_policy IS NULL THEN 'not-satisfied'
            WHEN ssl_policy LIKE '%-FIPS-%' AND ssl_policy NOT LIKE '%-TLS13-1-0-%'
                 AND ssl_policy NOT LIKE '%-TLS13-1-1-%' THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'ingress ' || outcome || ': ' || reason
            WHEN coalesce(class, '') <> 'alb' THEN 'class ' || coalesce(class, 'not named')
                 || ': the ingress does not show its TLS policy'
            WHEN ssl_policy IS NULL
            THEN 'no ssl-policy: ELBSecurityPolicy-2016-08 unless the class says otherwise'
            ELSE 'ssl-policy ' || ssl_policy END AS reason
  FROM kube_ingress;
