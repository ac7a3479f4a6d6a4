-- id: aws-eks-region
-- order: 611
-- title: The cluster's region has FIPS endpoints of the services it needs
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: aws.eks_cluster aws.eks_pod_identity aws.call aws.scope
-- catalogs: aws-endpoints
-- rationale: Nodes and controllers of a cluster call EKS, EC2, STS, ECR, KMS, S3, load
--   balancing, Auto Scaling, logs and Systems Manager. Which of them have a FIPS
--   endpoint differs from region to region: outside the United States few have, and
--   names that SDKs make up may not exist. Pod Identity has none anywhere. In GovCloud
--   the regular hosts of EC2 and Auto Scaling are the ones the rules of the SDKs give
--   for FIPS.
-- remediation: Run clusters that must use FIPS endpoints in a US or GovCloud region, or
--   write down which calls go to endpoints that are not FIPS ones.
-- references: https://aws.amazon.com/compliance/fips/
-- since: 0.1.0
WITH needed(service, listed_as) AS (VALUES
	('Auto Scaling', 'autoscaling'), ('EC2', 'ec2'), ('ECR', 'api.ecr'), ('EKS', 'eks'),
	('KMS', 'kms'), ('S3', 's3'), ('STS', 'sts'), ('Systems Manager', 'ssm'),
	('load balancing', 'elasticloadbalancing'), ('logs', 'logs')),
region AS (
	SELECT scope, replace(scope, rtrim(scope, replace(scope, '/', '')), '') AS name
	  FROM (SELECT DISTINCT scope FROM aws_eks_cluster)),
lack AS (
	SELECT r.scope, r.name, group_concat(n.service, ', ') AS services
	  FROM region r LEFT JOIN needed n ON NOT EXISTS (
	       SELECT 1 FROM catalog_aws_endpoints h
	        WHERE h.service = n.listed_as AND h.region = r.name
	          AND h.grade IN ('listed', 'listed-regular', 'rules-regular'))
	 GROUP BY r.scope),
-- Pods with an association take their keys from eks-auth.
pods AS (
	SELECT c.subject, iif(EXISTS (SELECT 1 FROM catalog_aws_endpoints h
	         WHERE h.service = 'eks-auth' AND h.region = l.name
	           AND h.grade IN ('listed', 'listed-regular', 'rules-regular')), 'listed',
	       iif(EXISTS (SELECT 1 FROM aws_eks_pod_identity p WHERE p.scope = c.scope
	                      AND p.outcome = 'observed' AND p.cluster = c.key), 'used',
	       iif(EXISTS (SELECT 1 FROM aws_call k WHERE k.scope = c.scope
	              AND k.key = 'eks:ListPodIdentityAssociations' AND k.outcome = 'observed'
	              AND k.result = 'answered') AND NOT EXISTS (
	           SELECT 1 FROM aws_eks_pod_identity p WHERE p.scope = c.scope
	              AND p.outcome <> 'observed'), 'unused', 'unknown'))) AS auth
	  FROM aws_eks_cluster c JOIN lack l ON l.scope = c.scope)
SELECT c.subject,
       CASE WHEN c.outcome <> 'observed' THEN 'unknown'
            WHEN l.services IS NOT NULL OR p.auth = 'used' THEN 'not-satisfied'
            WHEN p.auth = 'unknown' THEN 'unknown' ELSE 'satisfied' END AS verdict,
       CASE WHEN c.outcome <> 'observed' THEN 'cluster ' || c.outcome || ': ' || c.reason
            WHEN l.services IS NOT NULL OR p.auth = 'used'
            THEN l.name || ' has no listed FIPS endpoint of ' || coalesce(l.services, '')
                 || iif(p.auth = 'used', iif(l.services IS NULL, '', ', ')
                 || 'eks-auth, which Pod Identity associations use', '')
            WHEN p.auth = 'unknown' THEN 'could not determine whether pods use Pod Identity '
                 || '(eks-auth), which has no listed FIPS endpoint in ' || l.name
            ELSE l.name || ' has FIPS endpoints of all services that a cluster needs' END AS reason
  FROM aws_eks_cluster c JOIN lack l ON l.scope = c.scope JOIN pods p ON p.subject = c.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
