-- What IAM grants beyond need: principal (subject, scope, key, what, boundary), and risk
-- (subject, level, why, policy), one row a dangerous grant of a role, user or group.
-- level: wildcard (everything, everything but, all of a service) or those of the
-- catalogue of permissions (escalation, data, audit, protection); why is then what
-- the permission gives, or the wildcard that has it. unread (subject, text): policies
-- it has that could not be looked at.
--
-- A grant counts where it is on everything, or everything of a type, and no condition
-- limits it; conditions on TLS and region limit nobody. What an unconditional Deny of
-- the same principal takes away, or a permissions boundary does not allow, does not
-- count. A document is looked at once, however many have it.
WITH principal AS MATERIALIZED (
	SELECT subject, scope, key, 'role' AS what, attached, inline, boundary,
	       coalesce(path GLOB '/aws-service-role/*', 0) AS linked
	  FROM aws_iam_role WHERE outcome = 'observed'
	 UNION ALL
	SELECT subject, scope, key, 'user', attached, inline, boundary, 0
	  FROM aws_iam_user WHERE outcome = 'observed'
	 UNION ALL
	SELECT subject, scope, key, 'group', attached, inline, NULL, 0
	  FROM aws_iam_group WHERE outcome = 'observed'),
has AS MATERIALIZED ( -- which documents a principal has
	SELECT p.subject, p.scope, a.value AS doc, replace(a.value, rtrim(a.value,
	       replace(a.value, '/', '')), '') AS policy
	  FROM principal p JOIN json_each(p.attached) a WHERE NOT p.linked
	 UNION ALL
	SELECT p.subject, p.scope, p.subject || '/' || (i.value ->> '$.name'),
	       coalesce(i.value ->> '$.name', 'one without a name')
	  FROM principal p JOIN json_each(p.inline) i WHERE NOT p.linked
	 UNION ALL -- which they are was not told
	SELECT subject, scope, NULL, 'those attached to it' FROM principal
	 WHERE NOT linked AND attached IS NULL
	 UNION ALL
	SELECT subject, scope, NULL, 'its own' FROM principal WHERE NOT linked AND inline IS NULL),
document AS MATERIALIZED (
	SELECT scope, key AS doc, statements FROM aws_iam_policy
	 WHERE outcome = 'observed' AND statements IS NOT NULL
	 UNION ALL
	SELECT p.scope, p.subject || '/' || (i.value ->> '$.name'), i.value -> '$.statements'
	  FROM principal p JOIN json_each(p.inline) i
	 WHERE NOT p.linked AND i.value -> '$.statements' IS NOT NULL),
statement AS MATERIALIZED (
	SELECT d.scope, d.doc, s.value AS body, s.value ->> '$.effect' AS effect,
	       s.value -> '$.not_resource' IS NOT NULL OR EXISTS (
	       SELECT 1 FROM json_each(s.value, '$.resource') r
	        WHERE r.value = '*' OR r.value GLOB '*:[*]'
	           OR r.value GLOB '*:[a-z]*/[*]' AND r.value NOT GLOB '*/*/*'
	              AND r.value NOT GLOB 'arn:*:s3:*') AS wide,
	       EXISTS (SELECT 1 FROM json_each(s.value, '$.condition') o JOIN json_each(o.value) k
	                WHERE lower(k.key) NOT IN ('aws:securetransport', 'aws:requestedregion'))
	       AS limited
	  FROM document d JOIN json_each(d.statements) s),
pattern AS MATERIALIZED (
	SELECT DISTINCT s.scope, s.doc, s.effect, lower(a.value) AS action
	  FROM statement s JOIN json_each(s.body, '$.action') a WHERE s.wide AND NOT s.limited),
allowed AS MATERIALIZED (
	SELECT scope, doc, 'wildcard' AS level, CASE WHEN action IN ('*', '*:*') THEN 'everything'
	       ELSE 'all of ' || substr(action, 1, length(action) - 2) END AS why, NULL AS action
	  FROM pattern WHERE effect = 'Allow' AND (action = '*' OR action GLOB '*:[*]')
	 UNION
	SELECT scope, doc, 'wildcard', 'everything but what it names', NULL
	  FROM statement WHERE effect = 'Allow' AND wide AND NOT limited
	   AND body -> '$.not_action' IS NOT NULL
	 UNION
	SELECT p.scope, p.doc, k.level, CASE WHEN p.action IN ('*', '*:*') THEN 'everything'
	       WHEN p.action GLOB '*:[*]' THEN 'all of ' || substr(p.action, 1, length(p.action) - 2)
	       ELSE k.why END, k.action
	  FROM pattern p JOIN catalog_iam_permissions k ON k.action GLOB p.action
	 WHERE p.effect = 'Allow'
	 UNION
	SELECT s.scope, s.doc, k.level, 'everything but what it names', k.action
	  FROM statement s JOIN catalog_iam_permissions k ON NOT EXISTS (
	       SELECT 1 FROM json_each(s.body, '$.not_action') n WHERE k.action GLOB lower(n.value))
	 WHERE s.effect = 'Allow' AND s.wide AND NOT s.limited
	   AND s.body -> '$.not_action' IS NOT NULL),
denied AS MATERIALIZED (
	SELECT DISTINCT h.subject, p.action FROM pattern p
	  JOIN has h ON h.scope = p.scope AND h.doc = p.doc WHERE p.effect = 'Deny'),
given AS MATERIALIZED (
	SELECT DISTINCT h.subject, h.policy, a.level, a.why
	  FROM has h JOIN allowed a ON a.scope = h.scope AND a.doc = h.doc
	 WHERE NOT EXISTS (SELECT 1 FROM denied d WHERE d.subject = h.subject
	                    AND coalesce(a.action, CASE WHEN a.why GLOB 'all of *'
	                        THEN substr(a.why, 8) || ':*' ELSE '*' END) GLOB d.action)),
bounds AS MATERIALIZED (
	SELECT p.subject, a.level, a.why, a.why = 'everything' AS everything FROM principal p
	  JOIN allowed a ON a.scope = p.scope AND a.doc = p.boundary),
risk AS MATERIALIZED (
	SELECT g.subject, g.level, g.why, g.policy FROM given g JOIN principal p USING (subject)
	 WHERE p.boundary IS NULL
	    OR NOT EXISTS (SELECT 1 FROM document d WHERE d.scope = p.scope AND d.doc = p.boundary)
	    OR EXISTS (SELECT 1 FROM bounds b WHERE b.subject = g.subject
	                AND (b.everything OR b.why = g.why))
	 UNION
	SELECT g.subject, b.level, b.why, g.policy FROM given g JOIN bounds b USING (subject)
	 WHERE g.why = 'everything'),
unread AS MATERIALIZED (
	SELECT h.subject, group_concat(h.policy, ', ') AS text FROM has h
	 WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.scope = h.scope AND d.doc = h.doc)
	 GROUP BY h.subject)
