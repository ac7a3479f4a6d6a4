-- id: aws-eks-region
-- order: 611
-- title: The cluster's region has FIPS endpoints of the services it needs
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: aws.eks_cluster aws.call aws.scope
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
	 GROUP BY r.scope)
SELECT c.subject,
       CASE WHEN c.outcome <> 'observed' THEN 'unknown'
            WHEN l.services IS NULL THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN c.outcome <> 'observed' THEN 'cluster ' || c.outcome || ': ' || c.reason
            WHEN l.services IS NULL THEN l.name || ' has FIPS endpoints of all services that a cluster needs'
            ELSE l.name || ' has no listed FIPS endpoint of ' || l.services END AS reason
  FROM aws_eks_cluster c JOIN lack l ON l.scope = c.scope
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
