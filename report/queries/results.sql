-- title: Every result of the latest state evaluated, as sqlite3 gives it again by judge.sql
SELECT v.profile, v.check_id AS "check", v.kind, v.scope, v.key, v.verdict, v.reason
  FROM judged_at n
  JOIN verdict_at v ON v.judgement = n.judgement
 WHERE n.run = :run
 ORDER BY v.profile, v.check_id, v.scope, v.key, v.kind;
