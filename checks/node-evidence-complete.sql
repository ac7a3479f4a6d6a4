-- id: node-evidence-complete
-- order: 100
-- title: Everything that was to be read could be read
-- severity: low
-- layer: evidence
-- controls: nist-800-53r5 ca-7 cm-8
-- kinds: node node.file node.package
-- rationale: A file that was refused is not a file that is absent. Where something
--   could not be read, what depends on it is unknown, and an assessor should know
--   which file that was.
-- remediation: Let the collecting user read the named files, or collect as root; the
--   list of what is read, and why, is 'exhibit kinds'.
-- since: 0.1.0
WITH unread AS (
	SELECT scope, count(*) AS n, min(key) AS first
	  FROM (SELECT scope, key FROM node_file
		 WHERE outcome NOT IN ('observed', 'absent')
		UNION ALL
		SELECT scope, 'package database' FROM node_package
		 WHERE outcome NOT IN ('observed', 'absent'))
	 GROUP BY scope)
SELECT n.subject,
       CASE WHEN n.outcome <> 'observed' OR u.n > 0 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN u.n = 1 THEN u.first || ' could not be read'
       WHEN u.n > 1 THEN u.first || ' and ' || (u.n - 1)
            || ' more could not be read'
       ELSE 'nothing that was asked for was refused'
       END AS reason
  FROM node n LEFT JOIN unread u ON u.scope = n.scope;
