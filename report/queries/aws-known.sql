-- title: Scopes of AWS and the kinds that were observed there: what is requested twice where it is empty now
SELECT DISTINCT s.scope || ' ' || s.kind AS known
  FROM state s JOIN content c ON c.id = s.content
 WHERE s.run = :run AND s.scope GLOB 'aws/*'
   AND (c.body ->> '$.outcome' = 'observed' OR s.kind = 'aws.scope')
 ORDER BY 1;
