-- A store's tables as an auditor reads them. In a store that is handed over each
-- kind has two more views, made from its declaration: node (now) and node_at
-- (every run; ask WHERE run = N). exhibit itself reads through its own copies,
-- never through a file's.

-- What is observed.
CREATE VIEW subject AS
SELECT i.id, k.text AS kind, p.text AS scope, y.text AS key
  FROM item i
  JOIN name k ON k.id = i.kind
  JOIN name p ON p.id = i.scope
  JOIN name y ON y.id = i.key;

-- How completely each place answered, a row for each run that asked it.
CREATE VIEW answer AS
SELECT x.place, e.run, x.content
  FROM answer_change x
  JOIN ended e ON e.series = x.series AND e.run >= x.run AND e.run < coalesce(
       (SELECT min(n.run) FROM answer_change n
         WHERE n.place = x.place AND n.series = x.series AND n.run > x.run), 1 << 62)
 WHERE x.content IS NOT NULL;

-- The newest answer of each place as of every run, and the run that it gave it
-- in; ask WHERE run = N.
CREATE VIEW answer_at AS
SELECT e.run, p.id AS place, w.run AS answer_run, w.content
  FROM ended e CROSS JOIN place p
  JOIN answer w ON w.place = p.id AND w.run = (
       SELECT max((SELECT max(r.run) FROM ended r
                    WHERE r.series = x.series AND r.run <= e.run AND r.run < coalesce(
                          (SELECT min(n.run) FROM answer_change n
                            WHERE n.place = x.place AND n.series = x.series
                              AND n.run > x.run), 1 << 62)))
         FROM answer_change x
        WHERE x.place = p.id AND x.run <= e.run AND x.content IS NOT NULL);

-- What was seen unchanged in a partial answer, a row for each run that saw it.
CREATE VIEW sighting AS
SELECT x.subject, e.run
  FROM sighting_change x
  JOIN ended e ON e.series = x.series AND e.run >= x.run AND e.run < coalesce(
       (SELECT min(n.run) FROM sighting_change n
         WHERE n.subject = x.subject AND n.series = x.series AND n.run > x.run), 1 << 62)
 WHERE x.seen = 1;

CREATE VIEW run AS
SELECT e.run AS id, a.began, e.ended, coalesce(e.state, 'open') AS state,
       a.origin, a.operator, a.exhibit, a.module, a.plan,
       lower(hex(e.state_root)) AS state_root, e.record, a.id AS attempt
  FROM attempt a LEFT JOIN ended e ON e.attempt = a.id;

-- The state of every subject as of every run; ask WHERE run = N.
CREATE VIEW state AS
SELECT e.run, s.id AS subject, s.kind, s.scope, s.key, x.run AS since_run,
       x.content, x.provenance
  FROM ended e CROSS JOIN subject s
  JOIN change x ON x.subject = s.id AND x.run =
       (SELECT max(run) FROM change WHERE subject = s.id AND run <= e.run)
 WHERE x.content IS NOT NULL;

-- Contents whose bytes retention has dropped, and when; their digests stay.
CREATE VIEW dropped AS
SELECT t.content, l.at, 'dropped by retention on ' || substr(l.at, 1, 10) AS why
  FROM tombstone t
  JOIN content c ON c.id = t.content
  JOIN log l ON l.seq = t.record
 WHERE c.body IS NULL;

-- The newest run up to each that saw a subject so: the one that changed it, one
-- with a complete answer for its scope and kind, or one that sighted it in a
-- partial answer; ask WHERE run = N AND subject = S. No kind's name has a quote in
-- it, so that it can be found in the JSON text of a list of them.
CREATE VIEW seen_at AS
SELECT e.run, s.id AS subject, max(
       (SELECT max(run) FROM change WHERE subject = s.id AND run <= e.run),
       coalesce((SELECT max(run) FROM sighting
                  WHERE subject = s.id AND run <= e.run), 0),
       coalesce((SELECT max((
               SELECT max(r.run) FROM ended r
                WHERE r.series = x.series AND r.run <= e.run AND r.run < coalesce(
                      (SELECT min(n.run) FROM answer_change n
                        WHERE n.place = x.place AND n.series = x.series
                          AND n.run > x.run), 1 << 62)))
               FROM place p
              CROSS JOIN answer_change x ON x.place = p.id AND x.run <= e.run
               JOIN content b ON b.id = x.content
              WHERE p.scope = s.scope
                AND json_extract(b.body, '$.outcome') = 'observed'
                AND (json_extract(b.body, '$.gaps') = '[]' OR NOT EXISTS (
                     SELECT 1 FROM json_each(b.body, '$.gaps') g
                      WHERE json_extract(g.value, '$.kind') = s.kind))
                AND instr(json_extract(b.body, '$.kinds'), '"' || s.kind || '"')
              ), 0)) AS seen_run
  FROM ended e CROSS JOIN subject s
 WHERE EXISTS (SELECT 1 FROM change WHERE subject = s.id AND run <= e.run);

-- Every change there ever was.
CREATE VIEW history AS
SELECT s.kind, s.scope, s.key, x.run, e.ended AS at,
       CASE WHEN x.content IS NULL THEN 'gone' WHEN c.body IS NULL THEN 'dropped'
            ELSE json_extract(c.body, '$.outcome') END AS outcome,
       coalesce(c.body, (SELECT why FROM dropped WHERE content = c.id)) AS content,
       lower(hex(c.sha256)) AS sha256,
       coalesce(p.body, (SELECT why FROM dropped WHERE content = p.id)) AS provenance
  FROM change x
  CROSS JOIN subject s ON s.id = x.subject
  JOIN ended e ON e.run = x.run
  LEFT JOIN content c ON c.id = x.content
  LEFT JOIN content p ON p.id = x.provenance;

CREATE VIEW coverage AS
SELECT w.run, e.ended AS at, p.scope, p.collector,
       iif(c.body IS NULL, 'dropped', json_extract(c.body, '$.outcome')) AS outcome,
       iif(c.body IS NULL, (SELECT why FROM dropped WHERE content = c.id),
           json_extract(c.body, '$.reason')) AS reason,
       json_extract(c.body, '$.subjects') AS subjects, json_extract(c.body, '$.calls') AS calls,
       json_extract(c.body, '$.denied') AS denied, json_extract(c.body, '$.gaps') AS gaps,
       json_extract(c.body, '$.kinds') AS kinds
  FROM answer w
  JOIN place p ON p.id = w.place
  JOIN ended e ON e.run = w.run
  JOIN content c ON c.id = w.content;

-- Verdicts as of every judgement; ask WHERE judgement = N. One whose bytes were
-- dropped is unknown, and its reason says so.
CREATE VIEW verdict_at AS
SELECT j.id AS judgement, j.made AS judged, j.as_of, j.run, u.profile,
       u.check_id, s.id AS subject, s.kind, s.scope, s.key,
       iif(c.body IS NULL, 'unknown', json_extract(c.body, '$.verdict')) AS verdict,
       iif(c.body IS NULL, (SELECT why FROM dropped WHERE content = c.id),
           json_extract(c.body, '$.reason')) AS reason,
       o.judgement AS since_judgement
  FROM judgement j
  CROSS JOIN rule u ON u.profile = j.profile
  CROSS JOIN opinion o ON o.rule = u.id AND o.judgement =
       (SELECT max(judgement) FROM opinion
         WHERE rule = o.rule AND subject = o.subject AND judgement <= j.id)
  CROSS JOIN subject s ON s.id = o.subject
  JOIN content c ON c.id = o.content;

-- Which judgement of each profile holds as of every run; ask WHERE run = N. Of
-- the newest state that was judged: the newest judgement. An old state that is
-- judged again says nothing about a newer one.
CREATE VIEW judged_at AS
SELECT e.run, p.profile, (SELECT j.id FROM judgement j
                           WHERE j.profile = p.profile AND j.run <= e.run
                           ORDER BY j.run DESC, j.id DESC LIMIT 1) AS judgement
  FROM ended e CROSS JOIN (SELECT DISTINCT profile FROM judgement) p;

-- Verdicts that differ from those of the judgement before, which is the newest
-- one then known of the same run, or else of the newest run before it. was or
-- verdict NULL: not judged; 'dropped': its bytes are. Only the reason changed WHERE was IS verdict.
CREATE VIEW verdict_change AS
WITH judged AS MATERIALIZED (
	SELECT j.*, (SELECT b.id FROM judgement b
	              WHERE b.profile = j.profile AND b.id < j.id AND b.run <= j.run
	              ORDER BY b.run DESC, b.id DESC LIMIT 1) AS before
	  FROM judgement j)
SELECT o.rule, o.subject, s.kind, s.scope, s.key, u.profile, u.check_id,
       (SELECT iif(p.id IS NOT NULL AND p.body IS NULL, 'dropped',
                   json_extract(p.body, '$.verdict'))
          FROM opinion w LEFT JOIN content p ON p.id = w.content
         WHERE w.rule = o.rule AND w.subject = o.subject AND w.judgement <= j.before
         ORDER BY w.judgement DESC LIMIT 1) AS was,
       iif(c.id IS NOT NULL AND c.body IS NULL, 'dropped',
           json_extract(c.body, '$.verdict')) AS verdict,
       iif(c.body IS NULL, (SELECT why FROM dropped WHERE content = c.id),
           json_extract(c.body, '$.reason')) AS reason,
       j.made AS judged, j.as_of, j.run, j.id AS judgement, j.before AS before_judgement,
       (SELECT k.value FROM log l, json_each(l.body, '$.checks') k
         WHERE l.seq = j.record AND k.key = u.check_id) AS check_sha256
  FROM judged j
 CROSS JOIN opinion o ON o.judgement > coalesce(j.before, 0) AND o.judgement <= j.id
   AND o.judgement = (SELECT max(judgement) FROM opinion
                       WHERE rule = o.rule AND subject = o.subject AND judgement <= j.id)
  JOIN rule u ON u.id = +o.rule AND u.profile = j.profile -- +: not by its index
  CROSS JOIN subject s ON s.id = o.subject
  LEFT JOIN content c ON c.id = o.content;

-- The verdicts that hold now.
CREATE VIEW verdict AS
SELECT * FROM verdict_at
 WHERE judgement IN (SELECT judgement FROM judged_at
                      WHERE run = (SELECT max(run) FROM ended));

-- Exceptions: findings that somebody answers for until a day. They change no verdict.
-- check_id, scope and key are GLOB patterns; withdrawn: when, or NULL.
CREATE VIEW exception AS
SELECT l.seq AS id, l.at AS made, l.body ->> '$.check' AS check_id,
       l.body ->> '$.scope' AS scope, l.body ->> '$.key' AS key,
       l.body ->> '$.owner' AS owner, l.body ->> '$.approver' AS approver,
       l.body ->> '$.reason' AS reason, l.body ->> '$.expires' AS expires,
       w.seq AS withdrawal, w.at AS withdrawn,
       w.body ->> '$.reason' AS withdrawn_why
  FROM log l
  LEFT JOIN log w ON w.type = 'exception-withdrawn' AND w.body ->> '$.exception' = l.seq
 WHERE l.type = 'exception';
