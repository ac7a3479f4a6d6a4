-- title: Images that were looked at in full, and with which edition of the recognition
-- param: scope [*] scopes that match, as in image/sha256:*
SELECT i.key || ' ' || i.looked_with AS image, i.os_pretty AS system, i.architecture
  FROM image i
 WHERE i.outcome = 'observed' AND i.digest IS NOT NULL AND i.scope GLOB :scope
   AND NOT EXISTS (SELECT 1 FROM coverage c
                    WHERE c.scope = i.scope AND c.run = :run AND c.gaps <> '[]')
 ORDER BY i.key;
