-- title: Checks that bear on each FedRAMP rule or indicator, and what they came to
-- catalogs: fedramp-rules fedramp-bearing
-- with: fedramp
SELECT r.id, r.force, r.name, b.check_id AS "check",
       count(v.subject) FILTER (WHERE v.verdict = 'satisfied') AS satisfied,
       count(v.subject) FILTER (WHERE v.verdict = 'not-satisfied') AS "not satisfied",
       count(v.subject) FILTER (WHERE v.verdict = 'unknown') AS unknown,
       count(v.subject) FILTER (WHERE v.verdict = 'not-applicable') AS "not applicable"
  FROM asked a CROSS JOIN rules r JOIN bearing b ON b.id = r.id
  LEFT JOIN verdict_at v ON v.judgement = a.judgement AND v.check_id = b.check_id
 GROUP BY r.n, b.check_id ORDER BY r.n, b.check_id;
