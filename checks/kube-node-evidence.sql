-- id: kube-node-evidence
-- order: 470
-- title: Every node of the cluster was looked into
-- severity: high
-- controls: nist-800-53r5 ca-7 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.node node
-- rationale: What the API server says of a node is what the node told it. Only
--   evidence from the node itself shows that its kernel runs in FIPS mode.
-- remediation: Collect from the node, 'exhibit collect node', under the same boot.
-- references: https://kubernetes.io/docs/reference/node/node-status/
-- since: 0.1.0
SELECT k.subject,
       CASE WHEN k.outcome <> 'observed' OR n.subject IS NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN k.outcome <> 'observed' THEN 'node ' || k.outcome || ': ' || k.reason
            WHEN n.subject IS NULL THEN 'no evidence from the node itself for its present boot'
            ELSE 'evidence from the node itself, of the same boot' END AS reason
  FROM kube_node k
  LEFT JOIN (SELECT min(subject) AS subject, boot_id FROM node
              WHERE outcome = 'observed' AND live AND boot_id IS NOT NULL GROUP BY boot_id) n
    ON n.boot_id = k.boot_id;
