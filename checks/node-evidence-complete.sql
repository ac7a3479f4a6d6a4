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
-- remediation: Give the collector read access to these files, or run it as root; the
--   list of what is read, and why, is 'exhibit kinds'.
-- since: 0.1.0
WITH looked AS (
	SELECT scope, count(*) FILTER (WHERE outcome NOT IN ('observed', 'absent')) AS n,
	       count(*) FILTER (WHERE outcome = 'observed') AS read,
	       min(key) FILTER (WHERE outcome NOT IN ('observed', 'absent')) AS first
	  FROM (SELECT scope, key, outcome FROM node_file
		UNION ALL
		SELECT scope, 'package database', outcome FROM node_package WHERE key = '*')
	 GROUP BY scope),
gaps AS (
	SELECT scope, group_concat(DISTINCT kind) AS kinds FROM (
	       SELECT scope, 'node.package' AS kind FROM node_package
	        WHERE key <> '*' AND outcome NOT IN ('observed', 'absent')) GROUP BY scope)
SELECT n.subject,
       CASE WHEN n.outcome <> 'observed' OR u.n > 0 OR g.kinds IS NOT NULL
              OR coalesce(u.read, 0) = 0 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'not evaluated: node ' || n.outcome || ': ' || n.reason
       WHEN u.n = 1 THEN u.first || ' could not be read'
       WHEN u.n > 1 THEN u.first || ' and ' || (u.n - 1)
            || ' more could not be read'
       WHEN g.kinds IS NOT NULL THEN 'packages could not be read'
       WHEN coalesce(u.read, 0) = 0
            THEN 'not collected: no file and no package database of this node was read'
       ELSE 'all requested files and package databases were read (' || u.read || ')'
       END AS reason
  FROM node n LEFT JOIN looked u ON u.scope = n.scope LEFT JOIN gaps g ON g.scope = n.scope;
