-- id: kube-evidence-complete
-- order: 480
-- title: Every list of the cluster could be read
-- severity: low
-- controls: nist-800-53r5 ca-7 cm-8
-- kinds: kube.list
-- rationale: A list that was refused is not a list that is empty. What depends
--   on it is unknown.
-- remediation: Give the collector the cluster role it needs; 'exhibit kinds' says which.
-- references: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
-- since: 0.1.0
SELECT subject, CASE outcome WHEN 'observed' THEN 'satisfied' WHEN 'absent' THEN 'not-applicable'
       ELSE 'unknown' END AS verdict,
       CASE outcome WHEN 'observed' THEN 'read whole'
       WHEN 'absent' THEN 'not there: ' || reason
       ELSE outcome || ': ' || reason END AS reason
  FROM kube_list;
