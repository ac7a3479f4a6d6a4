-- id: node-integrity-tool
-- order: 130
-- title: AIDE, a host integrity tool, is installed
-- severity: low
-- controls: nist-800-53r5 si-7 cm-6
-- kinds: node node.package
-- rationale: STIG and CIS content asks for AIDE beside FIPS mode. It has nothing to
--   do with FIPS mode itself, so it is shown apart from the layers. Only the package
--   aide is looked for: another tool (Tripwire, IMA, an agent) is not seen.
-- remediation: Install and initialise aide; on Bottlerocket the root filesystem is
--   verified by dm-verity instead.
-- since: 0.1.0
WITH pkg AS (
	SELECT scope, max(name = 'aide') AS aide,
	       max(outcome NOT IN ('observed', 'absent')) AS unread,
	       max(outcome = 'observed') AS seen
	  FROM node_package GROUP BY scope)
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN n.os_family = 'bottlerocket' THEN 'not-applicable'
       WHEN coalesce(p.unread, 0) = 1 OR coalesce(p.seen, 0) = 0 THEN 'unknown'
       WHEN p.aide = 1 THEN 'satisfied'
       ELSE 'not-satisfied'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN n.os_family = 'bottlerocket'
            THEN 'the root filesystem is verified by dm-verity'
       WHEN coalesce(p.unread, 0) = 1 OR coalesce(p.seen, 0) = 0
            THEN 'the package database could not be read'
       WHEN p.aide = 1 THEN 'package aide is installed'
       ELSE 'package aide is not installed; other integrity tools are not looked for'
       END AS reason
  FROM node n LEFT JOIN pkg p ON p.scope = n.scope;
