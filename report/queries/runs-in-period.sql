-- title: Runs of the period: when, what was asked, and how completely it was answered
SELECT r.id AS run, r.began, r.ended, r.state,
       (SELECT count(*) FROM answer WHERE run = r.id) AS places,
       (SELECT count(*) FROM change WHERE run = r.id) AS changes,
       (SELECT count(*) FROM judgement WHERE run = r.id) AS judgements,
       json_extract(r.plan, '$.collector') AS collector, r.operator, r.origin,
       r.exhibit
  FROM run r
 WHERE coalesce(r.ended, r.began) >= :from AND coalesce(r.ended, r.began) < :to
   AND coalesce(r.ended, r.began) <= :at AND (r.id IS NULL OR r.id <= :run OR r.state = 'failed')
 ORDER BY r.attempt;
