-- title: AWS: encryption at rest, by service
-- order: 300
-- kinds: *
-- about: What the services say of what they keep; what is not encrypted or not known
--   comes first. Keys of the service are those AWS keeps for it; a key of KMS has a
--   policy of its own. Which module of AWS computes, these answers do not show.
-- with: aws-at-rest
SELECT service, CASE WHEN outcome <> 'observed' THEN outcome
       ELSE coalesce(how, 'not known') END AS encrypted,
       CASE WHEN how = 'key of KMS' THEN CASE manager WHEN 'AWS' THEN 'managed by AWS'
            WHEN 'CUSTOMER' THEN 'managed by the customer' ELSE 'not collected' END END AS "the key is",
       count(*) AS resources, count(DISTINCT scope) AS scopes,
       CASE count(*) WHEN 1 THEN min(key) WHEN 2 THEN min(key) || ', ' || max(key)
            ELSE min(key) || ' ... ' || max(key) END AS "which"
  FROM resource
 GROUP BY 1, 2, 3
 ORDER BY encrypted IN ('key of KMS', 'keys of the service', 'keys of S3'), 1, 4 DESC, 2, 3;
