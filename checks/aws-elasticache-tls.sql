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
-- gone: cache
-- lists: caches by elasticache:DescribeReplicationGroups elasticache:DescribeCacheClusters
-- code: required satisfied TLS is required
-- code: off not-satisfied TLS is off
-- code: mode not-satisfied the mode of TLS is {transit_mode}: plain connections are taken
--   too
-- code: untold unknown the answer does not say whether TLS is on
SELECT subject,
       CASE WHEN transit IS NULL THEN 'untold' WHEN transit = 0 THEN 'off'
            WHEN coalesce(transit_mode, 'required') = 'required' THEN 'required'
            ELSE 'mode' END AS code,
       transit_mode
  FROM aws_elasticache_group;
