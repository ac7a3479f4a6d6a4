-- A store's tables as an auditor reads them. Each kind has two more views, made
-- from its declaration: node (now) and node_at (every run; ask WHERE run = N).
-- exhibit itself reads through its own copies, never through a file's.

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

-- Every change there ever was.
CREATE VIEW history AS
SELECT s.kind, s.scope, s.key, x.run, e.ended AS at,
       CASE WHEN x.content IS NULL THEN 'gone'
            ELSE json_extract(c.body, '$.outcome') END AS outcome,
       c.body AS content, lower(hex(c.sha256)) AS sha256, p.body AS provenance
  FROM change x
  JOIN subject s ON s.id = x.subject
  JOIN ended e ON e.run = x.run
  LEFT JOIN content c ON c.id = x.content
  LEFT JOIN content p ON p.id = x.provenance;

CREATE VIEW coverage AS
SELECT w.run, e.ended AS at, p.scope, p.collector,
       json_extract(c.body, '$.outcome') AS outcome, json_extract(c.body, '$.reason') AS reason,
       json_extract(c.body, '$.subjects') AS subjects, json_extract(c.body, '$.calls') AS calls,
       json_extract(c.body, '$.denied') AS denied, json_extract(c.body, '$.gaps') AS gaps,
       json_extract(c.body, '$.kinds') AS kinds
  FROM answer w
  JOIN place p ON p.id = w.place
  JOIN ended e ON e.run = w.run
  JOIN content c ON c.id = w.content;

-- Verdicts as of every judgement; ask WHERE judgement = N.
CREATE VIEW verdict_at AS
SELECT j.id AS judgement, j.made AS judged, j.as_of, j.run, u.profile,
       u.check_id, s.id AS subject, s.kind, s.scope, s.key,
       json_extract(c.body, '$.verdict') AS verdict, json_extract(c.body, '$.reason') AS reason,
       o.judgement AS since_judgement
  FROM judgement j
  CROSS JOIN rule u ON u.profile = j.profile
  CROSS JOIN opinion o ON o.rule = u.id AND o.judgement =
       (SELECT max(judgement) FROM opinion
         WHERE rule = o.rule AND subject = o.subject AND judgement <= j.id)
  JOIN subject s ON s.id = o.subject
  JOIN content c ON c.id = o.content;

-- The newest verdicts of each profile.
CREATE VIEW verdict AS
SELECT * FROM verdict_at
 WHERE judgement IN (SELECT max(id) FROM judgement GROUP BY profile);
