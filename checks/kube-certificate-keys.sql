-- id: kube-certificate-keys
-- order: 464
-- title: Certificates of cert-manager have approved keys
-- severity: medium
-- controls: nist-800-53r5 sc-12 sc-13 sc-17; nist-800-171r2 3.13.10; cmmc-l2 SC.L2-3.13.10
-- kinds: kube.custom kube.list kube.cluster
-- rationale: SP 800-131A asks RSA keys of 2048 bits or more and ECDSA on P-256, P-384 or
--   P-521. Which module generates the key is not shown by the object.
-- remediation: Set spec.privateKey.algorithm to ECDSA or RSA and an approved size.
-- references: https://cert-manager.io/docs/usage/certificate/
-- since: 0.1.0
WITH certificate AS MATERIALIZED (
	SELECT *, coalesce(fields ->> '$.spec.privateKey.algorithm', 'RSA') AS algorithm,
	       fields ->> '$.spec.privateKey.size' AS size
	  FROM kube_custom
	 WHERE key GLOB 'Certificate/*')
SELECT subject,
       CASE WHEN outcome <> 'observed' OR fields IS NULL THEN 'unknown'
            WHEN algorithm = 'RSA' THEN iif(size IS NULL OR size >= 2048, 'satisfied', 'not-satisfied')
            WHEN algorithm = 'ECDSA'
            THEN iif(size IS NULL OR size IN (256, 384, 521), 'satisfied', 'not-satisfied')
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'Certificate ' || outcome || ': ' || reason
            WHEN fields IS NULL THEN 'the evidence lacks its fields'
            WHEN algorithm IN ('RSA', 'ECDSA') THEN algorithm || ', ' || coalesce(size || ' bits',
                 'the default size, ' || iif(algorithm = 'RSA', '2048', '256') || ' bits')
            ELSE 'could not determine whether the module that signs with ' || algorithm
                 || ' is validated for it' END AS reason
  FROM certificate
UNION ALL
SELECT subject, 'unknown', 'not evaluated: certificates: ' || outcome || ': ' || reason
  FROM kube_list
 WHERE key = 'certificates.cert-manager.io' AND outcome NOT IN ('observed', 'absent');
