-- title: Age of the CMVP data
-- order: 109
-- kinds: *
-- about: Results about certificates rest on dated observations of CMVP's lists. An
--   observation older than the profile accepts counts for nothing, and the results that
--   depend on it become unknown. Import newer pages before that day (exhibit catalog import).
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status
--   module-packages package-vendors
-- with: whole-ledger
, used AS (SELECT DISTINCT l.subject, l.certificate, s.observed, s.stale
             FROM ledger l JOIN module_status s ON s.certificate = l.certificate
            WHERE s.state = 'active'),
text AS MATERIALIZED (
	SELECT lower(hex(sha256)) AS sha256, CAST(body AS TEXT) AS body FROM content
	 WHERE substr(body, 1, 6) = '-- id:'),
depends AS MATERIALIZED (
	SELECT k.key AS check_id
	  FROM asked a JOIN judgement j ON j.id = a.judgement
	  JOIN log l ON l.seq = j.record JOIN json_each(l.body, '$.checks') k
	  JOIN text t ON t.sha256 = k.value
	 WHERE instr(t.body, 'cmvp-status') > 0)
SELECT max(u.observed) AS "newest observation",
       CAST(julianday(t.d) - julianday(max(u.observed)) AS INTEGER) AS "days old",
       min(u.stale) AS "first stale on", max(u.stale) AS "all stale on",
       count(DISTINCT u.certificate) AS certificates,
       (SELECT count(*) FROM asked a JOIN verdict_at v ON v.judgement = a.judgement
         WHERE v.verdict = 'satisfied' AND v.check_id IN (SELECT check_id FROM depends))
       AS "satisfied results that depend on it"
  FROM used u CROSS JOIN today t
HAVING count(*) > 0;
