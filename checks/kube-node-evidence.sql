-- id: kube-node-evidence
-- order: 470
-- title: Every node of the cluster was looked into
-- severity: high
-- controls: nist-800-53r5 ca-7 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.node node kube.cluster kube.list
-- with: kube-unlisted
-- rationale: What the API server says of a node is what the node told it. Only
--   evidence from the node itself shows that its kernel runs in FIPS mode, and only
--   if it is of the boot the node runs now.
-- remediation: Install the nodes' agents (deploy/kubernetes), or collect from the node
--   itself with 'exhibit collect node'.
-- references: https://kubernetes.io/docs/reference/node/node-status/
-- since: 0.1.0
, host AS MATERIALIZED (
	SELECT scope, key, boot_id, outcome, reason, live FROM node),
seen AS MATERIALIZED (
	SELECT boot_id, count(*) AS hosts FROM host
	 WHERE outcome = 'observed' AND live AND boot_id IS NOT NULL GROUP BY boot_id),
looked AS (
	SELECT k.*, h.scope AS host, h.outcome AS host_outcome, h.reason AS host_reason,
	       h.live AS host_live, h.boot_id AS host_boot, s.hosts
	  FROM kube_node k
	  LEFT JOIN host h ON h.scope = 'host/' || substr(k.scope, 6) || '/' || k.key
	   AND h.key = k.key
	  LEFT JOIN seen s ON s.boot_id = k.boot_id)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN hosts IS NOT NULL THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'node ' || outcome || ': ' || reason
            WHEN hosts IS NOT NULL AND host_boot = boot_id
            THEN 'evidence from its agent, of the same boot'
            WHEN hosts IS NOT NULL THEN 'evidence from the node itself, of the same boot'
            WHEN host IS NOT NULL AND host_outcome <> 'observed' THEN host_reason
            WHEN compute_type = 'fargate' THEN 'AWS Fargate lets nobody look into its nodes'
            WHEN operating_system <> 'linux' THEN 'a node that runs ' || operating_system
                 || ' was not looked into'
            WHEN host IS NOT NULL AND NOT host_live
            THEN 'its agent does not see the running kernel: is the host''s /proc mounted?'
            ELSE 'no evidence from the node itself for its present boot' END AS reason
  FROM looked
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.node';
