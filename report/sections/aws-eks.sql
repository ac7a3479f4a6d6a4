-- title: AWS: EKS clusters and their settings
-- order: 284
-- kinds: aws.eks_cluster
-- about: One row a cluster, as EKS describes it.
SELECT substr(c.scope, 5) AS "account and region", c.key AS cluster, c.version,
       CASE WHEN c.public_access IS NULL THEN 'not known'
            WHEN NOT c.public_access THEN 'private'
            ELSE 'public: ' || coalesce((SELECT group_concat(value, ', ') FROM json_each(c.public_cidrs)), 'all')
       END AS "API server",
       coalesce(c.secrets_key, iif(CAST(substr(c.version, 3) AS INTEGER) < 28, 'none',
                'AWS''s own')) AS "key of Secrets",
       iif(c.logs IS NULL, 'not known', coalesce((
           SELECT group_concat(value, ', ') FROM json_each(c.logs)), 'none')) AS "logs that are on",
       coalesce(c.auth_mode, 'not known') AS "users by", c.support,
       (SELECT count(*) FROM aws_eks_nodegroup g WHERE g.scope = c.scope AND g.cluster = c.key) AS "node groups",
       (SELECT count(*) FROM aws_eks_access_entry e WHERE e.scope = c.scope AND e.cluster = c.key) AS "access entries",
       (SELECT count(*) FROM aws_eks_pod_identity p WHERE p.scope = c.scope AND p.cluster = c.key) AS "pod identities"
  FROM aws_eks_cluster c WHERE c.outcome = 'observed'
 ORDER BY 1, 2;
