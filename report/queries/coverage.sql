-- title: How completely each place answered, the newest time it was asked
SELECT p.scope, p.collector,
       iif(c.body IS NULL, 'dropped', c.body ->> '$.outcome') AS outcome,
       c.body ->> '$.subjects' AS subjects, c.body ->> '$.calls' AS calls,
       c.body ->> '$.denied' AS denied,
       json_array_length(c.body, '$.gaps') AS gaps, w.answer_run AS run, e.ended AS at,
       coalesce((SELECT why FROM dropped WHERE content = c.id),
                c.body ->> '$.reason') AS reason
  FROM answer_at w
  JOIN place p ON p.id = w.place
  JOIN ended e ON e.run = w.answer_run
  JOIN content c ON c.id = w.content
 WHERE w.run = :run
 ORDER BY p.scope, p.collector;
