-- id: aws-eks-addons
-- order: 616
-- title: Add-ons of the cluster are in order
-- severity: low
-- controls: nist-800-53r5 si-2 cm-8
-- kinds: aws.eks_addon aws.call aws.scope
-- rationale: An add-on that EKS calls degraded, or whose installation failed, is not the
--   version that is named.
-- remediation: See what is wrong (aws eks describe-addon) and install it anew.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR status IS NULL THEN 'unknown'
            WHEN status = 'ACTIVE' AND json_array_length(coalesce(health, '[]')) = 0 THEN 'satisfied'
            WHEN status IN ('CREATING', 'UPDATING', 'DELETING') THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'add-on ' || outcome || ': ' || reason
            WHEN status IS NULL THEN 'the answer does not say how it is'
            ELSE name || ' ' || coalesce(version, 'without a version') || ' is ' || status
                 || CASE WHEN json_array_length(coalesce(health, '[]')) > 0 THEN ': '
                         || (SELECT group_concat(value, ', ') FROM json_each(health)) ELSE '' END
       END AS reason
  FROM aws_eks_addon
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be add-ons that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:ListAddons', 'eks:DescribeAddon')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
