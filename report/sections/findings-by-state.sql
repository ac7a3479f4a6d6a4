-- title: Findings new, reopened, carried and resolved
-- order: 16
-- kinds: node
-- period: yes
-- about: Compared with the newest evaluation before the period. First detected is the run
--   that first brought the evidence, not the day of an evaluation. Age is up to the end of
--   the period. A finding that is now unknown, or whose item was removed, is not resolved.
--   Each item on a row of its own: exhibit query findings-compared.
-- with: finding-compared
SELECT state, check_id AS "check", severity, count(*) AS items, min(key) AS "one of them",
       min(first_detected) AS "first detected", max(last_seen) AS "last observed",
       max(age_days) AS "age in days"
  FROM compared GROUP BY state, check_id
 ORDER BY CASE state WHEN 'new' THEN 1 WHEN 'reopened' THEN 2 WHEN 'carried' THEN 3
          WHEN 'no earlier evaluation' THEN 3 WHEN 'now unknown' THEN 4 ELSE 5 END,
          CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, items DESC, check_id;
