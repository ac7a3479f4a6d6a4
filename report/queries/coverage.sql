-- title: How completely each place answered, the newest time it was asked
SELECT p.scope, p.collector,
       iif(c.body IS NULL, 'dropped', c.body ->> '$.outcome') AS outcome,
       c.body ->> '$.subjects' AS subjects, c.body ->> '$.calls' AS calls,
       c.body ->> '$.denied' AS denied,
       json_array_length(c.body, '$.gaps') AS gaps, w.run, e.ended AS at,
       coalesce((SELECT why FROM dropped WHERE content = c.id),
                c.body ->> '$.reason') AS reason
  FROM place p
  JOIN answer w ON w.place = p.id AND w.run =
       (SELECT max(run) FROM answer WHERE place = p.id AND run <= :run)
  JOIN ended e ON e.run = w.run
  JOIN content c ON c.id = w.content
 ORDER BY p.scope, p.collector;
