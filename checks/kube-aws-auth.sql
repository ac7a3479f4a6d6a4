-- id: kube-aws-auth
-- order: 405
-- title: aws-auth makes nobody system:masters
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: kube.config_map kube.cluster kube.list
-- rationale: The authorizer lets the group system:masters do everything, past every role,
--   binding and admission of RBAC. A whole AWS account in mapAccounts lets in whoever
--   that account makes.
-- remediation: Map the principal to a group of your own and bind that, or use an EKS
--   access entry with a policy.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
-- since: 0.1.0
WITH entry AS (
	SELECT c.scope, m.value ->> '$.arn' AS arn, coalesce(m.value ->> '$.username', '') AS user,
	       EXISTS (SELECT 1 FROM json_each(m.value, '$.groups') g
	                WHERE g.value = 'system:masters') AS master
	  FROM kube_config_map c
	  JOIN json_each(json_array(json(c.roles), json(c.users))) l JOIN json_each(l.value) m
	 WHERE c.key = 'kube-system/aws-auth' AND c.outcome = 'observed'),
bad AS (
	SELECT scope, group_concat(arn, ', ') AS arns FROM (
		SELECT scope, arn FROM entry WHERE master ORDER BY arn) GROUP BY scope)
SELECT k.subject,
       CASE WHEN c.subject IS NOT NULL AND c.outcome = 'observed' THEN
            CASE WHEN b.arns IS NOT NULL OR c.accounts <> '[]' THEN 'not-satisfied'
                 WHEN c.readable IS NOT 1 OR c.roles IS NULL OR c.users IS NULL
                      OR c.accounts IS NULL THEN 'unknown' ELSE 'satisfied' END
            WHEN l.outcome = 'absent' THEN 'not-applicable'
            ELSE 'unknown' END AS verdict,
       CASE WHEN c.subject IS NOT NULL AND c.outcome = 'observed' THEN
            CASE WHEN b.arns IS NOT NULL
                 THEN 'system:masters is given to ' || substr(b.arns, 1, 400)
                 WHEN c.accounts <> '[]' THEN 'every principal of these AWS accounts is let in: '
                      || (SELECT group_concat(a.value, ', ') FROM json_each(c.accounts) a)
                 WHEN c.readable IS NULL OR c.roles IS NULL OR c.users IS NULL
                      OR c.accounts IS NULL THEN 'the evidence lacks a part of aws-auth'
                 WHEN NOT c.readable THEN 'aws-auth is not all YAML, so part of it is not known'
                 ELSE 'nobody is mapped to system:masters' END
            WHEN l.outcome = 'absent' THEN 'the cluster has no aws-auth'
            ELSE 'aws-auth ' || coalesce(l.outcome || ': ' || l.reason, 'was not asked for')
            END AS reason
  FROM kube_cluster k
  LEFT JOIN kube_config_map c ON c.scope = k.scope AND c.key = 'kube-system/aws-auth'
  LEFT JOIN kube_list l ON l.scope = k.scope AND l.key = 'configmaps'
  LEFT JOIN bad b ON b.scope = k.scope
 WHERE k.outcome = 'observed';
