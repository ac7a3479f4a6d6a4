-- title: Runs, newest first: what was asked, by whom, and how it ended
SELECT r.id AS run, r.began, r.ended, r.state,
       (SELECT count(*) FROM change x WHERE x.run = r.id) AS changes,
       json_extract(r.plan, '$.collector') AS collector, r.operator, r.exhibit,
       r.state_root
  FROM run r
 WHERE r.id <= :run
    OR (r.state IN ('open', 'failed') AND coalesce(r.ended, r.began) <= :at)
 ORDER BY r.attempt DESC;
