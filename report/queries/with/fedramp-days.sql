-- What each rule's checks came to, day by day over the last year: the newest judged
-- state of each day, by the judgements of this profile. A day without one has no row.
-- with: fedramp
, newest AS MATERIALIZED (
	SELECT day, max(id) AS judgement FROM (
		SELECT substr(j.as_of, 1, 10) AS day, j.id, j.run,
		       max(j.run) OVER (PARTITION BY substr(j.as_of, 1, 10)) AS last
		  FROM asked a JOIN judgement i ON i.id = a.judgement
		  JOIN judgement j ON j.profile = i.profile AND j.id <= i.id
		 WHERE j.as_of <= a.as_of
		   AND julianday(substr(a.as_of, 1, 10)) - julianday(substr(j.as_of, 1, 10)) < 365)
	 WHERE run = last GROUP BY day),
counted AS MATERIALIZED (
	SELECT n.day, v.check_id, v.verdict, count(*) AS n
	  FROM newest n JOIN verdict_at v ON v.judgement = n.judgement
	 GROUP BY n.day, v.check_id, v.verdict),
days AS MATERIALIZED (
	SELECT r.n, r.id, c.day,
	       coalesce(sum(c.n) FILTER (WHERE c.verdict = 'satisfied'), 0) AS satisfied,
	       coalesce(sum(c.n) FILTER (WHERE c.verdict = 'not-satisfied'), 0) AS not_satisfied,
	       coalesce(sum(c.n) FILTER (WHERE c.verdict = 'unknown'), 0) AS unknown
	  FROM rules r JOIN bearing b ON b.id = r.id JOIN counted c ON c.check_id = b.check_id
	 GROUP BY r.n, c.day)
