-- id: aws-pod-identity
-- order: 638
-- title: Pod Identity associations are bound to their pods
-- severity: medium
-- controls: nist-800-53r5 ac-6 ia-9 au-3; nist-800-171r2 3.1.1 3.1.5
-- kinds: aws.eks_pod_identity aws.iam_role aws.call aws.scope
-- rationale: A role for Pod Identity trusts pods.eks.amazonaws.com with sts:AssumeRole and
--   sts:TagSession; the session tags say which cluster, namespace and service account
--   it is. Without them neither policies nor the audit trail can tell pods apart. The
--   service eks-auth has no FIPS endpoint anywhere.
-- remediation: Leave session tags on, let the role trust pods.eks.amazonaws.com with both
--   actions, and limit it by aws:SourceAccount and aws:SourceArn.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
-- since: 0.1.0
WITH trust AS MATERIALIZED (
	SELECT r.arn, r.trust IS NOT NULL AS known,
	       max(lower(a.value) IN ('sts:assumerole', 'sts:*', '*')) AS assume,
	       max(lower(a.value) IN ('sts:tagsession', 'sts:*', '*')) AS tag,
	       max(s.value ->> '$.condition' IS NOT NULL) AS limited
	  FROM aws_iam_role r
	  LEFT JOIN json_each(r.trust) s ON s.value ->> '$.effect' = 'Allow' AND EXISTS (
	       SELECT 1 FROM json_each(s.value, '$.principal.Service') p WHERE p.value = 'pods.eks.amazonaws.com')
	  LEFT JOIN json_each(s.value, '$.action') a
	 WHERE r.outcome = 'observed' GROUP BY r.subject)
SELECT i.subject,
       CASE WHEN i.outcome <> 'observed' THEN 'unknown'
            WHEN i.session_tags_off THEN 'not-satisfied'
            WHEN t.arn IS NULL OR NOT t.known THEN 'unknown'
            WHEN t.assume AND t.tag THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN i.outcome <> 'observed' THEN 'association ' || i.outcome || ': ' || i.reason
            WHEN i.session_tags_off THEN 'session tags are off: nothing tells its pods from others of the role'
            WHEN t.arn IS NULL THEN 'its role ' || coalesce(i.role, '?') || ' was not read'
            WHEN NOT t.known THEN 'the trust policy of its role could not be read'
            WHEN t.assume AND t.tag THEN 'its role trusts Pod Identity, with session tags'
                 || iif(t.limited, ' and a condition', '; no condition limits it to a cluster')
            WHEN t.assume THEN 'its role does not allow sts:TagSession, so that pods get no credentials'
            ELSE 'its role does not trust pods.eks.amazonaws.com' END AS reason
  FROM aws_eks_pod_identity i LEFT JOIN trust t ON t.arn = i.role
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be associations that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListPodIdentityAssociations', 'eks:DescribePodIdentityAssociation')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
