-- title: Who may sign what
-- order: 907
-- kinds: *
-- about: The policy by which bundles were accepted and packages signed (signers.yaml).
--   A signer speaks for what its roles say and, for collecting, about its scopes
--   alone. Under a CA, the subject is who it is. Otherwise the fingerprint is that of
--   the one certificate.
WITH newest AS (
	SELECT seq, at, body FROM log
	 WHERE type = 'policy' AND at <= (SELECT made FROM asked)
	 ORDER BY seq DESC LIMIT 1)
SELECT s.value ->> '$.name' AS signer,
       (SELECT group_concat(value, ', ') FROM json_each(s.value, '$.roles')) AS may,
       (SELECT group_concat(value, ', ') FROM json_each(s.value, '$.scopes')) AS about,
       s.value ->> '$.subject' AS "subject under a CA",
       s.value ->> '$.fingerprint' AS "certificate, SHA-256", n.at AS "in force since"
  FROM newest n, json_each(n.body, '$.signers') s
 ORDER BY s.key;
