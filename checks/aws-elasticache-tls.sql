-- id: aws-elasticache-tls
-- order: 731
-- title: Caches refuse what does not come by TLS
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.elasticache_group aws.call aws.scope
-- rationale: With transit encryption in mode preferred a cache takes plain connections
--   beside TLS; only required refuses them.
-- remediation: Turn on transit encryption; where its mode is preferred, move clients to
--   TLS and set it to required.
-- references: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR transit IS NULL THEN 'unknown'
            WHEN transit = 1 AND coalesce(transit_mode, 'required') = 'required' THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'cache ' || outcome || ': ' || reason
            WHEN transit IS NULL THEN 'the answer does not say whether TLS is on'
            WHEN transit = 0 THEN 'TLS is off'
            WHEN coalesce(transit_mode, 'required') = 'required' THEN 'TLS is required'
            ELSE 'the mode of TLS is ' || transit_mode || ': plain connections are taken too'
            END AS reason
  FROM aws_elasticache_group
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be caches that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('elasticache:DescribeReplicationGroups', 'elasticache:DescribeCacheClusters')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
