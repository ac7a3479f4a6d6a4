-- title: From instances to images: group, image, owner and whether it is a FIPS image
-- param: scope [*] scopes that match, as in aws/123456789012/*
-- catalogs: aws-images
-- with: ami-chain
SELECT i.key AS instance, i.cluster, coalesce(i.node_group, i.node_pool, i.autoscaling_group) AS "group",
       i.image_id AS image, c.found, c.name, c.owner, c.variant, c.fips,
       CASE s.fips WHEN 1 THEN 'on' WHEN 0 THEN 'off' END AS "seen in FIPS mode", c.what, i.scope
  FROM aws_instance i LEFT JOIN chain c ON c.scope = i.scope AND c.image_id = i.image_id
  LEFT JOIN seen s ON s.instance_id = i.key
 WHERE i.outcome = 'observed' AND i.scope GLOB :scope
 ORDER BY i.scope, 2, 3, 1;
