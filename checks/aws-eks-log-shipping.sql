-- id: aws-eks-log-shipping
-- order: 617
-- title: Logs of nodes and containers go to a central place
-- severity: medium
-- controls: nist-800-53r5 au-4 au-6(4) au-12; nist-800-171r2 3.3.1 3.3.5
-- kinds: aws.eks_cluster aws.eks_addon kube.cluster kube.workload aws.call aws.scope
-- rationale: EKS ships the logs of the control plane only. Those of nodes and containers
--   leave a node when something takes them: the CloudWatch add-on, or an agent that runs
--   on every node. From AWS only the add-on can be seen; an agent can be seen in the
--   cluster's own evidence.
-- remediation: Install amazon-cloudwatch-observability, or run an agent (Fluent Bit,
--   Vector, ...) as a DaemonSet and collect the cluster's evidence beside this.
-- references: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
-- since: 0.1.0
WITH agent AS MATERIALIZED ( -- a cluster is the one of that name
	SELECT CAST(substr(scope, 6) AS TEXT) AS cluster, min(name) AS name FROM kube_workload
	 WHERE outcome = 'observed' AND kind = 'DaemonSet'
	   AND (name GLOB '*fluent-bit*' OR name GLOB '*fluentd*' OR name GLOB '*cloudwatch-agent*'
	        OR name GLOB '*vector*' OR name GLOB '*datadog*' OR name GLOB '*splunk*'
	        OR name GLOB '*promtail*' OR name GLOB '*filebeat*' OR name GLOB '*otel*')
	 GROUP BY 1),
what AS (
	SELECT c.*, (SELECT a.status FROM aws_eks_addon a WHERE a.scope = c.scope
	              AND a.key = c.key || '/amazon-cloudwatch-observability'
	              AND a.outcome = 'observed') AS addon,
	       g.name AS agent,
	       EXISTS (SELECT 1 FROM kube_cluster k WHERE k.scope = 'kube/' || c.key
	                AND k.outcome = 'observed')
	       AND EXISTS (SELECT 1 FROM aws_call k WHERE k.scope = c.scope AND k.key = 'eks:ListAddons'
	                AND k.outcome = 'observed' AND k.result = 'answered') AS looked
	  FROM aws_eks_cluster c LEFT JOIN agent g ON g.cluster = c.key)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN addon = 'ACTIVE' OR agent IS NOT NULL THEN 'satisfied'
            WHEN addon IS NOT NULL OR looked THEN 'not-satisfied' ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'cluster ' || outcome || ': ' || reason
            WHEN addon = 'ACTIVE' THEN 'the add-on amazon-cloudwatch-observability is active'
            WHEN agent IS NOT NULL THEN 'a DaemonSet ' || agent || ' runs'
            WHEN addon IS NOT NULL THEN 'the add-on amazon-cloudwatch-observability is ' || addon
            WHEN looked THEN 'neither the CloudWatch add-on nor an agent that is known runs'
            ELSE 'no CloudWatch add-on was seen; whether an agent runs, only evidence from the cluster tells'
       END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be clusters that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('eks:ListClusters', 'eks:DescribeCluster')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
