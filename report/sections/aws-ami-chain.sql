-- title: AWS: from node groups and instances to images
-- order: 280
-- kinds: aws.instance
-- catalogs: aws-images
-- with: ami-chain
-- about: Instances of the same group, type and image stand once. An image is looked up in
--   the public parameters in which AWS names its images, then by name and owner; what
--   nodes themselves showed of FIPS mode is beside it.
, counted AS (
	SELECT i.scope, i.cluster,
	       coalesce(i.node_group, i.node_pool, i.autoscaling_group) AS grp, i.image_id,
	       count(*) AS n, sum(s.fips = 1) AS on_, sum(s.fips = 0) AS off_,
	       sum(k.key IS NOT NULL) AS nodes
	  FROM aws_instance i LEFT JOIN seen s ON s.instance_id = i.key
	  LEFT JOIN (SELECT instance_id, min(key) AS key FROM kube_node
	              WHERE outcome = 'observed' AND instance_id IS NOT NULL GROUP BY 1) k
	    ON k.instance_id = i.key
	 WHERE i.outcome = 'observed' GROUP BY 1, 2, 3, 4)
SELECT substr(t.scope, 5) AS "account and region", t.cluster, t.grp AS "group",
       (SELECT g.ami_type FROM aws_eks_nodegroup g WHERE g.scope = t.scope
           AND g.key = t.cluster || '/' || t.grp AND g.outcome = 'observed') AS "image type",
       t.image_id AS image, c.found AS "found as", coalesce(c.variant, c.name) AS "what it is",
       c.fips AS "FIPS image", t.n AS instances, t.nodes AS "seen as nodes",
       coalesce(t.on_, 0) AS "seen in FIPS mode", coalesce(t.off_, 0) AS "seen with it off"
  FROM counted t LEFT JOIN chain c ON c.scope = t.scope AND c.image_id = t.image_id
 ORDER BY CASE c.fips WHEN 'no' THEN 1 WHEN 'cannot tell' THEN 2 ELSE 3 END, 1, 2, 3, 5;
