-- id: aws-eks-version
-- order: 610
-- title: The cluster's Kubernetes version has a FIPS variant
-- severity: high
-- controls: nist-800-53r5 sc-13 cm-2 si-2
-- kinds: aws.eks_cluster aws.call aws.scope
-- catalogs: bottlerocket-fips
-- rationale: Bottlerocket's FIPS variants exist for some Kubernetes versions only, and
--   those of old versions are dropped. For another version there is no FIPS image of
--   AWS to start, and none that is still corrected.
-- remediation: Upgrade the cluster to a version of the catalogue; where your Bottlerocket
--   is newer than the catalogue, see its list of variants.
-- references: https://bottlerocket.dev/en/os/1.61.x/version-information/fips-modules/
-- since: 0.1.0
SELECT c.subject,
       CASE WHEN c.outcome <> 'observed' OR c.version IS NULL THEN 'unknown'
            WHEN f.kubernetes IS NOT NULL AND f.dropped IS NULL THEN 'satisfied'
            WHEN f.kubernetes IS NOT NULL THEN 'not-satisfied'
            WHEN CAST(substr(c.version, 3) AS INTEGER) > r.newest OR c.version NOT GLOB '1.[0-9]*' THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN c.outcome <> 'observed' THEN 'cluster ' || c.outcome || ': ' || c.reason
            WHEN c.version IS NULL THEN 'it names no version'
            WHEN f.kubernetes IS NOT NULL AND f.dropped IS NULL
            THEN 'Kubernetes ' || c.version || ' has a Bottlerocket FIPS variant'
            WHEN f.kubernetes IS NOT NULL
            THEN 'Kubernetes ' || c.version || ' has no FIPS variant any more since Bottlerocket ' || f.dropped
            WHEN CAST(substr(c.version, 3) AS INTEGER) > r.newest OR c.version NOT GLOB '1.[0-9]*'
            THEN 'Kubernetes ' || c.version || ' is not in the list of FIPS variants this check knows'
            ELSE 'Kubernetes ' || c.version || ' never had a Bottlerocket FIPS variant' END AS reason
  FROM aws_eks_cluster c
 CROSS JOIN (SELECT max(CAST(substr(kubernetes, 3) AS INTEGER)) AS newest FROM catalog_bottlerocket_fips) r
  LEFT JOIN catalog_bottlerocket_fips f ON f.kubernetes = c.version
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
