-- title: Everything that is judged, with how many checks say what of it
-- name is SHA-256 of the subject's kind, scope and key: what a sample is drawn by.
SELECT lower(hex(subject_name(s.kind, s.scope, s.key))) AS name, s.kind, s.scope, s.key,
       count(*) FILTER (WHERE v.verdict = 'satisfied') AS satisfied,
       count(*) FILTER (WHERE v.verdict = 'not-satisfied') AS not_satisfied,
       count(*) FILTER (WHERE v.verdict = 'unknown') AS unknown,
       count(*) FILTER (WHERE v.verdict = 'not-applicable') AS not_applicable
  FROM judged_at n
  JOIN verdict_at v ON v.judgement = n.judgement
  CROSS JOIN subject s ON s.id = v.subject
 WHERE n.run = :run
 GROUP BY s.id ORDER BY s.kind, s.scope, s.key;
