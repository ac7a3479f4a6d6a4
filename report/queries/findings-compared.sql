-- title: Findings new, reopened, carried and resolved since the evaluation before the period
-- with: finding-compared
-- param: state [*] new, reopened, carried, resolved, now unknown, item removed
-- param: check [*] checks that match
SELECT state, check_id AS "check", severity, kind, key, scope, first_detected, last_seen,
       age_days, reason
  FROM compared WHERE state GLOB :state AND check_id GLOB :check
 ORDER BY CASE state WHEN 'new' THEN 1 WHEN 'reopened' THEN 2 WHEN 'carried' THEN 3
          WHEN 'no earlier evaluation' THEN 3 WHEN 'now unknown' THEN 4 ELSE 5 END,
          CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
          check_id, kind, scope, key;
