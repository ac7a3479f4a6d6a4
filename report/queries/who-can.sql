-- title: Who may do what in a cluster, and by which binding and role
-- with: kube-asked
-- rests: kube-rests
-- catalogs: kube-builtin kube-cluster-scoped
-- param: verb [get] verb, as in get, create, escalate
-- param: resource [secrets] resource or resource/subresource, or a URL as /metrics
-- param: group [*] API group, empty for the core group; *: any
-- param: namespace [*] namespace; *: any; empty: all at once, as kubectl -A
-- param: name [*] the object's name; *: any; empty: a request without a name
-- param: scope [*] scopes that match, as in kube/prod
-- IAM: principals that are the user or in the group, by aws-auth or by an access entry
-- of EKS; the policies of an access entry itself are rows of kind IAM. Rules match as
-- the RBAC authorizer matches them: * in verbs, groups and resources, "*/sub" for a
-- subresource of anything, a resource without its subresources, * at the end of a URL.
-- Names that limit a rule: create, list, watch and deletecollection have no name unless
-- one is asked about (a list has one by its field selector), so such a rule does not
-- grant them. A role binding grants nothing that has no namespace, but for its own
-- namespace, and bind on cluster roles.
, mapped AS MATERIALIZED ( -- IAM principals and whom RBAC knows them as
	SELECT c.scope, m.value ->> '$.arn' AS arn, m.value ->> '$.username' AS username,
	       m.value -> '$.groups' AS groups
	  FROM kube_config_map c JOIN json_each(json_array(json(c.roles), json(c.users))) l
	  JOIN json_each(l.value) m
	 WHERE c.key = 'kube-system/aws-auth' AND c.outcome = 'observed'
	 UNION ALL
	SELECT scope, principal, username, groups FROM entry),
asks AS MATERIALIZED ( -- digits come as numbers
	SELECT CAST(:verb AS TEXT) AS verb, CAST(:resource AS TEXT) AS resource,
	       CAST(:group AS TEXT) AS api, CAST(:namespace AS TEXT) AS namespace,
	       CAST(:name AS TEXT) AS name),
request AS MATERIALIZED ( -- name NULL: any
	SELECT verb, resource, api, namespace, substr(resource, 1, 1) = '/' AS url,
	       substr(resource, 1, instr(resource || '/', '/') - 1) AS base,
	       iif(instr(resource, '/') > 0, '*' || substr(resource, instr(resource, '/')), NULL)
	       AS any_sub,
	       CASE WHEN name <> '*' THEN name WHEN instr(resource, '/') = 0 AND verb IN
	            ('create', 'list', 'watch', 'deletecollection') THEN '' END AS name FROM asks),
wide AS MATERIALIZED ( -- API groups in which it has no namespace, and in which it has
	SELECT s.scope, s.api, s.namespaced FROM scoped s JOIN request q ON s.resource = q.base
	 WHERE q.api IN ('*', s.api))
SELECT g.principal_kind AS kind, g.principal,
       coalesce('namespace ' || g.namespace, 'cluster') AS "where",
       g.rule ->> '$.resourceNames' AS "only names", g.binding, g.role,
       iif(g.builtin, 'yes', NULL) AS "built in",
       (SELECT group_concat(arn, ', ') FROM mapped m WHERE m.scope = g.scope
           AND (g.principal_kind = 'User' AND m.username = g.principal
                OR g.principal_kind = 'Group' AND EXISTS (
                   SELECT 1 FROM json_each(m.groups) w WHERE w.value = g.principal))) AS "IAM",
       g.scope
  FROM grants g CROSS JOIN request q
 WHERE g.scope GLOB :scope
   AND (g.namespace IS NULL OR q.namespace = '*' OR g.namespace = q.namespace)
   AND EXISTS (SELECT 1 FROM json_each(g.rule, '$.verbs') v
                WHERE v.value IN ('*', q.verb))
   AND CASE WHEN q.url
       THEN g.namespace IS NULL AND EXISTS (
            SELECT 1 FROM json_each(g.rule, '$.nonResourceURLs') u
             WHERE u.value = q.resource OR substr(u.value, -1) = '*' AND substr(
                   q.resource, 1, length(rtrim(u.value, '*'))) = rtrim(u.value, '*'))
       ELSE EXISTS (SELECT 1 FROM json_each(g.rule, '$.apiGroups') a
             WHERE (q.api = '*' OR a.value IN ('*', q.api))
               AND (g.namespace IS NULL OR q.verb = 'bind' AND q.base = 'clusterroles'
                 -- of namespaces its own, by name
                 OR q.base = 'namespaces' AND (q.name IS NULL OR q.name = g.namespace)
                 OR EXISTS (SELECT 1 FROM wide w WHERE w.scope = g.scope AND w.namespaced
                            AND a.value IN ('*', w.api))
                 OR NOT EXISTS (SELECT 1 FROM wide w WHERE w.scope = g.scope
                            AND a.value IN ('*', w.api))))
        AND EXISTS (SELECT 1 FROM json_each(g.rule, '$.resources') o
                     WHERE o.value IN ('*', q.resource, q.any_sub))
        AND (q.name IS NULL OR g.rule -> '$.resourceNames' IS NULL OR EXISTS (
             SELECT 1 FROM json_each(g.rule, '$.resourceNames') n WHERE n.value = q.name))
       END
UNION ALL
SELECT 'Group', 'system:masters', 'cluster', NULL,
       'the authorizer lets it do everything', '', 'yes',
       (SELECT group_concat(arn, ', ') FROM mapped m WHERE m.scope = k.scope AND EXISTS (
               SELECT 1 FROM json_each(m.groups) w WHERE w.value = 'system:masters')), k.scope
  FROM kube_cluster k
 WHERE k.scope GLOB :scope
 ORDER BY 9, 7, 1, 2, 5;
