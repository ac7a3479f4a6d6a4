-- title: Who may do what in a cluster, and by which binding and role
-- with: kube-grants
-- catalogs: kube-builtin kube-permissions
-- param: verb [get] verb, as in get, create, escalate
-- param: resource [secrets] resource or resource/subresource, or a URL as /metrics
-- param: group [*] API group, empty for the core group; *: any
-- param: namespace [*] namespace; *: any
-- param: scope [*] scopes that match, as in kube/prod
-- IAM: principals that are the user or in the group, by aws-auth or by an access entry
-- of EKS; the policies of an access entry itself are rows of kind IAM. Rules match as
-- the RBAC authorizer matches them: * in verbs, groups and resources, "*/sub" for a
-- subresource of anything, a resource without its subresources, * at the end of a URL.
-- Names that limit a rule are shown: they limit no create, list, watch or
-- deletecollection of a resource itself. What is known to have no namespace (nodes,
-- webhooks, ...) a role binding does not grant.
, mapped AS MATERIALIZED ( -- IAM principals and whom RBAC knows them as
	SELECT c.scope, m.value ->> '$.arn' AS arn, m.value ->> '$.username' AS username,
	       m.value -> '$.groups' AS groups
	  FROM kube_config_map c JOIN json_each(json_array(json(c.roles), json(c.users))) l
	  JOIN json_each(l.value) m
	 WHERE c.key = 'kube-system/aws-auth' AND c.outcome = 'observed'
	 UNION ALL
	SELECT scope, principal, username, groups FROM entry)
SELECT g.principal_kind AS kind, g.principal,
       coalesce('namespace ' || g.namespace, 'cluster') AS "where",
       g.rule ->> '$.resourceNames' AS "only names", g.binding, g.role,
       iif(g.builtin, 'yes', NULL) AS "built in",
       (SELECT group_concat(arn, ', ') FROM mapped m WHERE m.scope = g.scope
           AND (g.principal_kind = 'User' AND m.username = g.principal
                OR g.principal_kind = 'Group' AND EXISTS (
                   SELECT 1 FROM json_each(m.groups) w WHERE w.value = g.principal))) AS "IAM",
       g.scope
  FROM grants g
 WHERE g.scope GLOB :scope
   AND (:namespace = '*' OR g.namespace IS NULL OR g.namespace = :namespace)
   AND (g.namespace IS NULL OR NOT EXISTS (
        SELECT 1 FROM catalog_kube_permissions p WHERE p.cluster_scoped = 'yes'
           AND p.resource <> '*' AND (:resource = p.resource OR :resource LIKE p.resource || '/%')))
   AND EXISTS (SELECT 1 FROM json_each(g.rule, '$.verbs') v
                WHERE v.value IN ('*', :verb))
   AND CASE WHEN substr(:resource, 1, 1) = '/'
       THEN g.namespace IS NULL AND EXISTS (
            SELECT 1 FROM json_each(g.rule, '$.nonResourceURLs') u
             WHERE u.value = :resource OR substr(u.value, -1) = '*' AND substr(
                   :resource, 1, length(u.value) - 1) = substr(u.value, 1, length(u.value) - 1))
       ELSE (:group = '*' OR EXISTS (
             SELECT 1 FROM json_each(g.rule, '$.apiGroups') a
              WHERE a.value IN ('*', :group)))
        AND EXISTS (SELECT 1 FROM json_each(g.rule, '$.resources') o
                     WHERE o.value IN ('*', :resource)
                        OR instr(:resource, '/') > 0
                           AND o.value = '*' || substr(:resource, instr(:resource, '/')))
       END
UNION ALL
SELECT 'Group', 'system:masters', 'cluster', NULL,
       'the authorizer lets it do everything', '', 'yes',
       (SELECT group_concat(arn, ', ') FROM mapped m WHERE m.scope = k.scope AND EXISTS (
               SELECT 1 FROM json_each(m.groups) w WHERE w.value = 'system:masters')), k.scope
  FROM kube_cluster k
 WHERE k.scope GLOB :scope
 ORDER BY 9, 7, 1, 2, 5;
