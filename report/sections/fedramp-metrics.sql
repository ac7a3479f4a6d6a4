-- title: Historical metrics of FedRAMP rules and indicators (SDR-CSX-KMT)
-- order: 19
-- kinds: *
-- about: Results satisfied, as a share of those satisfied, not satisfied and unknown, by the
--   newest evaluation of each day under this profile. A day without an evaluation counts in no
--   share: it is a day without evidence. exhibit query fedramp-daily gives every day.
-- catalogs: fedramp-rules fedramp-bearing
-- with: fedramp-days
, shared AS (
	SELECT d.n, d.id, d.day, julianday(substr(a.as_of, 1, 10)) - julianday(d.day) AS age,
	       100.0 * d.satisfied / (d.satisfied + d.not_satisfied + d.unknown) AS share
	  FROM asked a CROSS JOIN days d WHERE d.satisfied + d.not_satisfied + d.unknown > 0)
SELECT id, count(*) FILTER (WHERE age < 30) AS "days evaluated of 30",
       30 - count(*) FILTER (WHERE age < 30) AS "days without evidence of 30",
       round(min(share) FILTER (WHERE age < 30), 1) AS "lowest % of 30 days",
       round(avg(share) FILTER (WHERE age < 30), 1) AS "mean % of 30 days",
       count(*) AS "days evaluated of 365", 365 - count(*) AS "days without evidence of 365",
       round(min(share), 1) AS "lowest % of 365 days",
       round(avg(share), 1) AS "mean % of 365 days", min(day) AS "first day", max(day) AS "last day"
  FROM shared GROUP BY n ORDER BY n;
