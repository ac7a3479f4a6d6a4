-- id: aws-service-fips
-- order: 774
-- title: Services that hold something have FIPS endpoints in their region
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: aws.call aws.kms_key aws.s3_bucket aws.eks_cluster aws.instance aws.scope
-- catalogs: aws-endpoints
-- rationale: Not every service has a FIPS endpoint in every region: EKS and ECR have
--   them in the United States and GovCloud only. Whoever uses a service elsewhere
--   cannot reach it through a FIPS endpoint, however a client is configured. SDKs make
--   up a name then, which may not exist.
-- remediation: Move what needs FIPS endpoints to a region that has them for every
--   service in use, or write down the risk.
-- references: https://aws.amazon.com/compliance/fips/
-- since: 0.1.0
WITH held AS MATERIALIZED ( -- what holds something, and where: aws/ACCOUNT/REGION
	SELECT scope, 'kms' AS service, substr(scope, 18) AS region FROM aws_kms_key
	 WHERE outcome = 'observed' AND manager = 'CUSTOMER'
	 UNION SELECT scope, 's3', region FROM aws_s3_bucket
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'rds', substr(scope, 18) FROM aws_rds_instance WHERE outcome = 'observed'
	 UNION SELECT scope, 'elasticfilesystem', substr(scope, 18) FROM aws_efs_file_system
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'elasticache', substr(scope, 18) FROM aws_elasticache_group
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'dynamodb', substr(scope, 18) FROM aws_dynamodb_table
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'sqs', substr(scope, 18) FROM aws_sqs_queue WHERE outcome = 'observed'
	 UNION SELECT scope, 'sns', substr(scope, 18) FROM aws_sns_topic WHERE outcome = 'observed'
	 UNION SELECT scope, 'api.ecr', substr(scope, 18) FROM aws_ecr_repository
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'logs', substr(scope, 18) FROM aws_log_group WHERE outcome = 'observed'
	 UNION SELECT scope, 'secretsmanager', substr(scope, 18) FROM aws_secret
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'lambda', substr(scope, 18) FROM aws_lambda_function
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'acm', substr(scope, 18) FROM aws_acm_certificate
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'elasticloadbalancing', substr(scope, 18) FROM aws_load_balancer
	        WHERE outcome = 'observed'
	 UNION SELECT scope, 'eks', substr(scope, 18) FROM aws_eks_cluster WHERE outcome = 'observed'
	 UNION SELECT scope, 'ec2', substr(scope, 18) FROM aws_instance WHERE outcome = 'observed'),
lists AS ( -- the call that says what there is, one for each service and place
	SELECT c.*, CASE c.key WHEN 'kms:ListKeys' THEN 'kms' WHEN 's3:ListBuckets' THEN 's3'
	       WHEN 'rds:DescribeDBInstances' THEN 'rds'
	       WHEN 'elasticfilesystem:DescribeFileSystems' THEN 'elasticfilesystem'
	       WHEN 'elasticache:DescribeReplicationGroups' THEN 'elasticache'
	       WHEN 'dynamodb:ListTables' THEN 'dynamodb' WHEN 'sqs:ListQueues' THEN 'sqs'
	       WHEN 'sns:ListTopics' THEN 'sns' WHEN 'api.ecr:DescribeRepositories' THEN 'api.ecr'
	       WHEN 'logs:DescribeLogGroups' THEN 'logs'
	       WHEN 'secretsmanager:ListSecrets' THEN 'secretsmanager'
	       WHEN 'lambda:ListFunctions' THEN 'lambda' WHEN 'acm:ListCertificates' THEN 'acm'
	       WHEN 'elasticloadbalancing:DescribeLoadBalancers' THEN 'elasticloadbalancing'
	       WHEN 'eks:ListClusters' THEN 'eks' WHEN 'ec2:DescribeInstances' THEN 'ec2' END AS of
	  FROM aws_call c),
judged AS (
	SELECT l.subject, l.of, l.outcome, l.reason AS why, l.result, l.error, count(h.service) AS n,
	       count(h.service) - count(h.region) AS nowhere,
	       min(CASE WHEN h.region IS NOT NULL AND NOT EXISTS (SELECT 1 FROM catalog_aws_endpoints e
	            WHERE e.service = l.of AND e.region = h.region
	              AND e.grade <> 'listed-dualstack') THEN h.region END) AS without,
	       group_concat(DISTINCT h.region) AS regions
	  FROM lists l LEFT JOIN held h ON h.scope = l.scope AND h.service = l.of
	 WHERE l.of IS NOT NULL GROUP BY l.subject)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown' WHEN without IS NOT NULL THEN 'not-satisfied'
            WHEN result IS NOT 'answered' OR nowhere > 0 THEN 'unknown'
            WHEN n = 0 THEN 'not-applicable' ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'call ' || outcome || ': ' || why
            WHEN without IS NOT NULL THEN 'no FIPS endpoint of ' || of || ' is listed for ' || without
            WHEN result IS NOT 'answered' THEN 'what there is could not be listed: '
                 || coalesce(result, 'not known') || coalesce(', ' || error, '')
            WHEN nowhere > 0 THEN 'in which region all of it is, is not known'
            WHEN n = 0 THEN 'nothing is there'
            ELSE 'a FIPS endpoint of ' || of || ' is listed for ' || regions END AS reason
  FROM judged
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
