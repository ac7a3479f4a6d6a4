-- A store of schema 1 as one of schema 2, statement by statement: run by
-- migrate.c after the tables of 1 were renamed v1_NAME and those of 2 made,
-- before 2 has its triggers. Nothing that was hashed changes. What was edited
-- stays edited, so that 'exhibit verify' names it in the new store too.

INSERT INTO content(id, sha256, size, body) SELECT id, sha256, size, body FROM v1_content ORDER BY id;
INSERT INTO name(text)
SELECT kind FROM v1_subject UNION SELECT scope FROM v1_subject UNION SELECT key FROM v1_subject;
INSERT INTO item(id, kind, scope, key, bucket)
SELECT s.id, k.id, p.id, y.id, bucket_of(s.kind, s.scope, s.key)
  FROM v1_subject s
 CROSS JOIN name k ON k.text = s.kind
 CROSS JOIN name p ON p.text = s.scope
 CROSS JOIN name y ON y.text = s.key
 ORDER BY s.id;
-- at: the latest time so far, of the record or one before it
INSERT INTO log(seq, type, at, body, leaf)
SELECT seq, type, coalesce(max(claim) OVER (ORDER BY seq), ''), body, leaf
  FROM (SELECT *, iif(json_valid(body), coalesce(body ->> '$.ended', body ->> '$.made',
               body ->> '$.began', body ->> '$.created'), NULL) AS claim FROM v1_log)
 ORDER BY seq;
INSERT INTO tombstone(content, record) SELECT content, record FROM v1_tombstone;
INSERT INTO attempt SELECT id, began, origin, operator, exhibit, module, plan, record FROM v1_attempt ORDER BY id;
INSERT INTO change(subject, run, content, provenance)
SELECT subject, run, content, provenance FROM v1_change ORDER BY subject, run;
INSERT INTO place(id, scope, collector) SELECT id, scope, collector FROM v1_place ORDER BY id;
INSERT INTO log_node(level, idx, hash) SELECT level, idx, hash FROM v1_log_node ORDER BY level, idx;
INSERT INTO checkpoint(id, made, size, root, note, cms, tst)
SELECT id, made, size, root, note, cms, tst FROM v1_checkpoint ORDER BY id;
INSERT INTO judgement(id, made, as_of, run, profile, record)
SELECT id, made, as_of, run, profile, record FROM v1_judgement ORDER BY id;
INSERT INTO rule(id, profile, check_id) SELECT id, profile, check_id FROM v1_rule ORDER BY id;
INSERT INTO opinion(rule, subject, judgement, content)
SELECT rule, subject, judgement, content FROM v1_opinion ORDER BY rule, subject, judgement;
