-- id: kube-storage-encrypted
-- order: 430
-- title: Storage classes encrypt their volumes
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-13; nist-800-171r2 3.13.16; cmmc-l2 SC.L2-3.13.16
-- kinds: kube.storage_class kube.cluster kube.list
-- with: kube-unlisted
-- rationale: The EBS driver encrypts only when the class says so or the account
--   encrypts by default; the class is what a cluster can show.
-- remediation: Set the parameter encrypted to "true", with kmsKeyId for a key of your own.
-- references: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN provisioner NOT IN ('ebs.csi.aws.com', 'kubernetes.io/aws-ebs',
                 'ebs.csi.eks.amazonaws.com') OR provisioner IS NULL THEN 'unknown'
            WHEN lower(encrypted) = 'true' THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'storage class ' || outcome || ': ' || reason
            WHEN provisioner NOT IN ('ebs.csi.aws.com', 'kubernetes.io/aws-ebs',
                 'ebs.csi.eks.amazonaws.com') OR provisioner IS NULL
            THEN 'driver ' || coalesce(provisioner, 'not named')
                 || ': its class does not say whether it encrypts'
            WHEN lower(encrypted) = 'true' THEN 'encrypted with '
                 || coalesce(kms_key, 'the account''s EBS key')
            WHEN encrypted IS NULL THEN 'encrypted is not set; only the account''s default '
                 || 'could encrypt'
            ELSE 'encrypted is ' || encrypted END AS reason
  FROM kube_storage_class
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.storage_class';
