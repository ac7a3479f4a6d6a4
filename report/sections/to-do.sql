-- title: What is to be done
-- order: 6
-- kinds: node
-- period: yes
-- first: yes
-- about: Open findings by severity, those of nodes first, then by the number of items. The denominator counts the
--   items that the check was evaluated for and applies to.
-- with: finding-compared
SELECT check_id AS "check", c.severity, count(*) || ' of ' || (
           SELECT count(*) FROM current n JOIN verdict_at v ON v.judgement = n.judgement
            WHERE v.check_id = c.check_id AND v.verdict <> 'not-applicable')
       AS "items not satisfied", min(kind) AS kind,
       min(first_detected) AS "first detected", remediation AS "what to do"
  FROM compared c
 WHERE state IN ('new', 'reopened', 'carried', 'no earlier evaluation')
 GROUP BY check_id
 ORDER BY CASE c.severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
          min(kind) NOT GLOB 'node*', count(*) DESC, check_id;
