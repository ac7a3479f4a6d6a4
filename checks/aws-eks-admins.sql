-- id: aws-eks-admins
-- order: 618
-- title: No access entry gives a whole cluster away
-- severity: high
-- controls: nist-800-53r5 ac-2 ac-3 ac-6; nist-800-171r2 3.1.1 3.1.5; cmmc-l2 AC.L2-3.1.5
-- kinds: aws.eks_access_entry aws.call aws.scope
-- rationale: The access policies AmazonEKSClusterAdminPolicy and AmazonEKSAdminPolicy
--   grant beside RBAC and show in no binding. So does the group system:masters, which the
--   authorizer lets do everything. Some administrator there must be: an exception says
--   who that is and who approved it.
-- remediation: Associate AmazonEKSViewPolicy or AmazonEKSEditPolicy, or limit the scope to
--   namespaces; keep one role for emergencies, under an exception.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
-- since: 0.1.0
WITH granted AS (
	SELECT e.subject, group_concat(p.value ->> '$.policy', ' and ') AS policies
	  FROM aws_eks_access_entry e JOIN json_each(e.policies) p
	 WHERE p.value ->> '$.scope' = 'cluster'
	   AND p.value ->> '$.policy' IN ('AmazonEKSClusterAdminPolicy', 'AmazonEKSAdminPolicy')
	 GROUP BY e.subject),
what AS (
	SELECT e.*, g.policies AS admin, EXISTS (
	       SELECT 1 FROM json_each(e.groups) WHERE value = 'system:masters') AS masters,
	       e.unread ->> '$.policies' AS gap
	  FROM aws_eks_access_entry e LEFT JOIN granted g ON g.subject = e.subject)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN admin IS NOT NULL OR masters OR principal GLOB '*:root' THEN 'not-satisfied'
            WHEN gap IS NOT NULL OR policies IS NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'access entry ' || outcome || ': ' || reason
            WHEN principal GLOB '*:root' THEN 'it is for the whole account ' || principal
            WHEN masters THEN principal || ' is in system:masters, which may do everything'
            WHEN admin IS NOT NULL THEN principal || ' has ' || admin || ' on the whole cluster'
            WHEN gap IS NOT NULL THEN 'its access policies could not be read: ' || gap
            WHEN policies IS NULL THEN 'its access policies are not known'
            WHEN type <> 'STANDARD' THEN 'an entry for nodes (' || type || ')'
            ELSE 'it administers no whole cluster' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be access entries that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListAccessEntries', 'eks:DescribeAccessEntry')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
