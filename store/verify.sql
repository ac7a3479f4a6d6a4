-- What 'exhibit verify' asks of a store: each statement gives where and what for
-- every row that disagrees with what was hashed. Beside these, verify.c computes
-- contents, names, lists and roots again.

SELECT 'log entry ' || seq, 'its type is not what its body says'
  FROM log WHERE type IS NOT iif(json_valid(body), body ->> '$.type', NULL);
SELECT 'log entry ' || seq, 'its time is not the latest that it, or one before it, claims'
  FROM (SELECT seq, at, coalesce(max(iif(json_valid(body), coalesce(body ->> '$.ended',
               body ->> '$.made', body ->> '$.began', body ->> '$.created'), NULL))
               OVER (ORDER BY seq), '') AS latest FROM log)
 WHERE at IS NOT latest;

SELECT 'attempt ' || a.id, 'its columns are not what log entry ' || a.record || ' says'
  FROM attempt a LEFT JOIN log l ON l.seq = a.record
 WHERE l.type IS NOT 'attempt' OR a.began IS NOT l.body ->> '$.began'
    OR a.origin IS NOT l.body ->> '$.origin' OR a.operator IS NOT l.body ->> '$.operator'
    OR a.exhibit IS NOT l.body ->> '$.exhibit' OR a.module IS NOT l.body ->> '$.module'
    OR a.plan IS NOT l.body -> '$.plan';
SELECT 'attempt ' || id, 'attempts are not numbered in the order of the log'
  FROM (SELECT id, row_number() OVER (ORDER BY record) AS n FROM attempt) WHERE id <> n;
SELECT 'log entry ' || l.seq, 'the attempt it records is missing' FROM log l
 WHERE l.type = 'attempt' AND NOT EXISTS (SELECT 1 FROM attempt WHERE record = l.seq);

SELECT 'run ' || e.run, 'its columns are not what log entry ' || e.record || ' says'
  FROM ended e LEFT JOIN attempt a ON a.id = e.attempt LEFT JOIN log l ON l.seq = e.record
 WHERE l.type IS NOT 'run' OR e.run IS NOT l.body ->> '$.run'
    OR e.ended IS NOT l.at OR e.state IS NOT l.body ->> '$.state'
    OR lower(hex(e.state_root)) IS NOT l.body ->> '$.state_root'
    OR a.record IS NOT l.body ->> '$.attempt';
SELECT 'log entry ' || l.seq, 'run ' || (l.body ->> '$.run') || ', which it records, is missing'
  FROM log l WHERE l.type = 'run' AND NOT EXISTS (SELECT 1 FROM ended WHERE record = l.seq);
SELECT 'run ' || e.run, 'its series, ' || e.series || ', did not ask the same'
  FROM ended e JOIN attempt a ON a.id = e.attempt
  LEFT JOIN ended s ON s.run = e.series LEFT JOIN attempt b ON b.id = s.attempt
 WHERE e.series IS NOT s.series OR e.series > e.run
    OR (e.series <> e.run AND (e.state = 'failed' OR s.state = 'failed'
        OR a.origin IS NOT b.origin OR a.plan IS NOT b.plan));

SELECT 'judgement ' || j.id, 'its columns are not what log entry ' || j.record || ' says'
  FROM judgement j LEFT JOIN log l ON l.seq = j.record
 WHERE l.type IS NOT 'judgement' OR j.id IS NOT l.body ->> '$.judgement'
    OR j.made IS NOT l.body ->> '$.made' OR j.as_of IS NOT l.body ->> '$.as_of'
    OR j.run IS NOT l.body ->> '$.run' OR j.profile IS NOT l.body ->> '$.profile';
SELECT 'log entry ' || l.seq, 'the judgement it records is missing' FROM log l
 WHERE l.type = 'judgement' AND NOT EXISTS (SELECT 1 FROM judgement WHERE record = l.seq);

SELECT 'rule ' || u.id, 'its profile ' || u.profile || ' is not that of judgement ' || j.id
       || ', which judged by it'
  FROM (SELECT DISTINCT judgement, rule FROM opinion) o
  JOIN rule u ON u.id = o.rule JOIN judgement j ON j.id = o.judgement
 WHERE u.profile IS NOT j.profile;
SELECT 'rule ' || u.id, 'nothing was ever judged by it' FROM rule u
 WHERE NOT EXISTS (SELECT 1 FROM opinion WHERE rule = u.id);

SELECT 'place ' || p.id, 'its scope or collector is not what its answer in run ' || x.run || ' says'
  FROM place p JOIN answer_change x ON x.place = p.id JOIN content c ON c.id = x.content
 WHERE c.body IS NOT NULL AND iif(json_valid(c.body), p.scope IS NOT c.body ->> '$.scope'
    OR p.collector IS NOT c.body ->> '$.collector', 1) GROUP BY p.id;
SELECT 'place ' || p.id, 'it never answered' FROM place p
 WHERE NOT EXISTS (SELECT 1 FROM answer_change WHERE place = p.id);
SELECT 'answer of place ' || x.place || ' in run ' || x.run, 'is not of series ' || x.series
       || ', or says nothing new'
  FROM answer_change x LEFT JOIN ended e ON e.run = x.run
 WHERE e.series IS NOT x.series OR x.content IS (SELECT content FROM answer_change
       WHERE place = x.place AND series = x.series AND run < x.run ORDER BY run DESC LIMIT 1);
SELECT 'sighting of subject ' || x.subject || ' in run ' || x.run, 'is not of series '
       || x.series || ', or says nothing new'
  FROM sighting_change x LEFT JOIN ended e ON e.run = x.run
 WHERE e.series IS NOT x.series OR x.seen IS coalesce((SELECT seen FROM sighting_change
       WHERE subject = x.subject AND series = x.series AND run < x.run
       ORDER BY run DESC LIMIT 1), 0);

SELECT 'tombstone of content ' || t.content, 'no log entry says why'
  FROM tombstone t LEFT JOIN log l ON l.seq = t.record WHERE l.type IS NOT 'tombstone';
WITH listed AS MATERIALIZED (
	SELECT l.seq, k.key, k.value FROM log l, json_each(l.body, '$.contents') k
	 WHERE l.type = 'tombstone')
SELECT 'tombstone of content ' || t.content, 'log entry ' || t.record
       || ' does not list its digest and size'
  FROM tombstone t JOIN content c ON c.id = t.content
  LEFT JOIN listed d ON d.seq = t.record AND d.key = lower(hex(c.sha256)) AND d.value = c.size
 WHERE d.seq IS NULL;
WITH buried AS MATERIALIZED (
	SELECT lower(hex(c.sha256)) AS hex, t.record FROM tombstone t JOIN content c ON c.id = t.content)
SELECT 'log entry ' || l.seq, 'the tombstone of a content it lists is missing: ' || k.key
  FROM log l, json_each(l.body, '$.contents') k LEFT JOIN buried b ON b.hex = k.key
 WHERE l.type = 'tombstone' AND b.hex IS NULL;

WITH text AS MATERIALIZED (
	SELECT l.seq, k.key, k.value FROM log l, json_each(l.body, '$.checks') k
	 WHERE l.type = 'judgement' UNION ALL
	SELECT l.seq, k.key, k.value FROM log l, json_each(l.body, '$.catalogs') k
	 WHERE l.type = 'judgement')
SELECT 'log entry ' || t.seq, 'the text of ' || t.key || ', which it judged by, is missing'
  FROM text t LEFT JOIN content c ON c.sha256 = of_hex(t.value) WHERE c.body IS NULL;

SELECT 'change of subject ' || x.subject, 'belongs to run ' || x.run || ', which never ended'
  FROM change x WHERE x.run > (SELECT coalesce(max(run), 0) FROM ended) OR x.run < 1;
SELECT 'verdict on subject ' || o.subject, 'belongs to judgement ' || o.judgement
       || ', which was never made'
  FROM opinion o
 WHERE o.judgement > (SELECT coalesce(max(id), 0) FROM judgement) OR o.judgement < 1;
