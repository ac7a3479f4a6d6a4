-- Whom the policy of a key of KMS lets use it beside its own account: key_reach (subject,
-- anyone, denies, others, org, strange, unread), a row for each observed key. Reading about a
-- key (Describe, Get, List) is no use of it. A condition limits a statement to accounts
-- where it compares the caller's account, ARN or source with literal accounts; one that holds
-- when the value is missing (IfExists, ForAllValues) limits nobody. denies: the policy has a
-- Deny, which is not weighed against what it allows.
-- Source: AWS KMS Developer Guide, "Key policies in AWS KMS"; IAM User Guide, "Global condition
-- context keys".
WITH key_statement AS MATERIALIZED (
	SELECT k.subject, substr(k.scope, 5, 12) AS account, s.key AS n, s.value AS body,
	       s.value ->> '$.effect' AS effect
	  FROM aws_kms_key k JOIN json_each(k.policy) s WHERE k.outcome = 'observed'),
key_use AS MATERIALIZED (
	SELECT * FROM key_statement
	 WHERE effect = 'Allow' AND (body -> '$.not_action' IS NOT NULL OR EXISTS (
	       SELECT 1 FROM json_each(body, '$.action') a
	        WHERE lower(a.value) NOT GLOB 'kms:describe*' AND lower(a.value) NOT GLOB 'kms:get*'
	          AND lower(a.value) NOT GLOB 'kms:list*'))),
key_condition AS MATERIALIZED (
	SELECT u.subject, u.n, lower(o.key) AS op, lower(c.key) AS what, CASE
	       WHEN lower(c.key) IN ('aws:principalarn', 'aws:sourcearn')
	       THEN iif(json_valid('["' || replace(v.value, ':', '","') || '"]'),
	                '["' || replace(v.value, ':', '","') || '"]', '[]') ->> '$[4]'
	       ELSE v.value END AS value
	  FROM key_use u JOIN json_each(u.body, '$.condition') o JOIN json_each(o.value) c
	  JOIN json_each(c.value) v),
key_limit AS MATERIALIZED ( -- each of which alone limits the statement
	SELECT subject, n, json_group_array(DISTINCT value) AS accounts FROM key_condition
	 WHERE op IN ('stringequals', 'stringlike', 'arnequals', 'arnlike')
	   AND what IN ('kms:calleraccount', 'aws:principalaccount', 'aws:sourceaccount',
	                'aws:principalarn', 'aws:sourcearn')
	 GROUP BY subject, n, op, what
	HAVING min(value GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]') = 1),
key_org AS MATERIALIZED (
	SELECT subject, n, min(value) AS org FROM key_condition
	 WHERE op = 'stringequals' AND what = 'aws:principalorgid'
	 GROUP BY subject, n, op, what HAVING count(*) = 1 AND min(value) GLOB 'o-[a-z0-9]*'),
key_principal AS MATERIALIZED (
	SELECT u.subject, u.n, u.account, t.key AS type, p.value AS value
	  FROM key_use u JOIN json_each(u.body, '$.principal') t JOIN json_each(t.value) p
	 WHERE u.body -> '$.not_principal' IS NULL
	 UNION ALL
	SELECT subject, n, account, iif(body -> '$.not_principal' IS NOT NULL, 'AWS', 'none'), '*'
	  FROM key_use WHERE body -> '$.not_principal' IS NOT NULL OR body -> '$.principal' IS NULL),
key_user AS MATERIALIZED ( -- account: whose, "*" everybody, "o-...", NULL its own
	SELECT p.subject, p.type, p.value, CASE
	       WHEN p.type = 'Service' AND p.value GLOB '*.amazonaws.com*' THEN NULL
	       WHEN p.type = 'AWS' AND p.value GLOB 'A[IR][DO]A*' THEN NULL -- deleted: matches nobody
	       WHEN p.type = 'Federated' AND p.value GLOB 'arn:*:iam::' || p.account || ':*' THEN NULL
	       WHEN p.type <> 'AWS' THEN '?'
	       WHEN p.value = p.account OR p.value GLOB 'arn:*:iam::' || p.account || ':*'
	         OR p.value GLOB 'arn:*:sts::' || p.account || ':*' THEN NULL
	       WHEN p.value GLOB '*[*]*' THEN CASE
	            WHEN l.account IS NOT NULL THEN nullif(l.account, p.account)
	            WHEN g.org IS NOT NULL THEN g.org ELSE '*' END
	       WHEN p.value GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'
	       THEN p.value
	       WHEN p.value GLOB 'arn:*:iam::[0-9]*:*' OR p.value GLOB 'arn:*:sts::[0-9]*:*'
	       THEN substr(p.value, instr(p.value, '::') + 2, 12)
	       ELSE '?' END AS account
	  FROM key_principal p
	  LEFT JOIN (SELECT l.subject, l.n, a.value AS account
	               FROM (SELECT subject, n, min(accounts) AS accounts FROM key_limit
	                      GROUP BY subject, n) l JOIN json_each(l.accounts) a) l
	    ON l.subject = p.subject AND l.n = p.n
	  LEFT JOIN key_org g ON g.subject = p.subject AND g.n = p.n),
key_reach AS MATERIALIZED (
	SELECT k.subject, max(coalesce(u.account = '*', 0)) AS anyone,
	       EXISTS (SELECT 1 FROM key_statement d WHERE d.subject = k.subject
	                  AND d.effect <> 'Allow') AS denies,
	       group_concat(DISTINCT iif(u.account GLOB '[0-9]*', u.account, NULL)) AS others,
	       max(iif(u.account GLOB 'o-*', u.account, NULL)) AS org,
	       max(iif(u.account = '?', u.type || ' ' || u.value, NULL)) AS strange,
	       iif(k.policy IS NOT NULL AND k.unread ->> 'Policy' IS NULL, NULL,
	           coalesce(k.unread ->> 'Policy', 'no policy in the answer')) AS unread
	  FROM aws_kms_key k LEFT JOIN key_user u ON u.subject = k.subject
	 WHERE k.outcome = 'observed' GROUP BY k.subject)
