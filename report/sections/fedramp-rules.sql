-- title: FedRAMP rules and indicators on which this evidence bears
-- order: 18
-- kinds: *
-- about: What the checks of each rule or Key Security Indicator came to, one result for each
--   check of each item. It says what the evidence shows; whether a rule is followed or an
--   indicator is demonstrated is for people to decide. The version of the rules is in the
--   table of reference data; exhibit query fedramp-checks gives the checks of each row.
-- catalogs: fedramp-rules fedramp-bearing
-- with: fedramp
SELECT r.id, r.kind, r.name, r.force, r.obtain, r.maintain,
       count(DISTINCT v.check_id) AS checks,
       count(*) FILTER (WHERE v.verdict = 'satisfied') AS satisfied,
       count(*) FILTER (WHERE v.verdict = 'not-satisfied') AS "not satisfied",
       count(*) FILTER (WHERE v.verdict = 'unknown') AS unknown,
       count(*) FILTER (WHERE v.verdict = 'not-applicable') AS "not applicable"
  FROM asked a CROSS JOIN rules r JOIN bearing b ON b.id = r.id
  JOIN verdict_at v ON v.judgement = a.judgement AND v.check_id = b.check_id
 GROUP BY r.n ORDER BY r.n;
