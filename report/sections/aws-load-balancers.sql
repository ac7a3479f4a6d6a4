-- title: AWS: what load balancers accept
-- order: 310
-- kinds: aws.listener
-- catalogs: elb-policies
-- about: Listeners by protocol and security policy. A FIPS policy says that AWS-LC in its
--   FIPS build computes; which TLS and which suites it allows is another matter. Where TLS
--   is passed through, it ends at the targets.
SELECT CASE WHEN l.outcome <> 'observed' THEN l.outcome ELSE coalesce(l.protocol, 'not known') END
       AS protocol, l.ssl_policy AS "security policy", l.type AS "load balancer",
       CASE c.fips WHEN 'yes' THEN 'FIPS' WHEN 'no' THEN 'not FIPS' END AS "policy is",
       CASE WHEN c.policy IS NOT NULL THEN iif(c.min_tls = c.max_tls, c.min_tls,
            c.min_tls || ' to ' || c.max_tls) END AS "TLS",
       iif(c.rsa_transport = 'yes', 'yes', NULL) AS "RSA key transport",
       v.verdict, count(*) AS listeners,
       CASE count(*) WHEN 1 THEN min(l.key) WHEN 2 THEN min(l.key) || ', ' || max(l.key)
            ELSE min(l.key) || ' ... ' || max(l.key) END AS "which"
  FROM aws_listener l LEFT JOIN catalog_elb_policies c ON c.policy = l.ssl_policy
  LEFT JOIN verdict v ON v.subject = l.subject AND v.check_id = 'aws-listener-tls'
 GROUP BY 1, 2, 3, 4, 5, 6, 7
 ORDER BY CASE v.verdict WHEN 'not-satisfied' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END, 8 DESC, 1, 2, 3;
