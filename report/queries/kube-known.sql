-- title: Clusters, and the kinds and objects that were observed there: what is requested twice where it is empty now
SELECT DISTINCT s.scope || ' ' || s.kind AS known
  FROM state s JOIN content c ON c.id = s.content
 WHERE s.run = :run AND s.scope GLOB 'kube/*' AND c.body ->> '$.outcome' = 'observed'
 UNION
SELECT DISTINCT s.scope || ' ' || s.kind || ' ' || substr(s.key, 1, instr(s.key, '/') - 1)
  FROM state s JOIN content c ON c.id = s.content
 WHERE s.run = :run AND s.scope GLOB 'kube/*' AND instr(s.key, '/') > 1
   AND c.body ->> '$.outcome' = 'observed'
 ORDER BY 1;
