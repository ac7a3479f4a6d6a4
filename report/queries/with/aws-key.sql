-- What is wrong with the key of KMS that a setting names. A check that goes on
-- after it gives key_setting (subject, scope, kms_key) and judged (subject,
-- verdict, reason), and takes its verdicts from keyed: what is satisfied as far as
-- the setting goes is not with a key that is not there, cannot be used or is of a
-- kind that is not approved, or with one whose policy lets every account use it; and
-- unknown where the keys' own list or that policy was refused. Other accounts that may use
-- the key are named. Keys of other accounts, and of those whose keys were not asked for, are
-- not judged. The policy of a key that AWS manages is AWS's own, and nobody else can change it.
-- with: kms-reach
, listed_key AS MATERIALIZED (
	SELECT k.scope, k.key, k.arn, k.aliases, k.unread ->> 'Aliases' IS NOT NULL AS nameless,
	       CASE WHEN r.anyone AND NOT r.denies THEN 'may be used by every account of AWS'
	            END AS open_to,
	       CASE WHEN r.anyone THEN 'may be used by every account of AWS, except for what a Deny'
	                 || ' of its policy takes away'
	            WHEN r.unread IS NOT NULL AND coalesce(k.manager, '') <> 'AWS'
	            THEN 'has a policy that could not be read: ' || r.unread
	            WHEN r.strange IS NOT NULL
	            THEN 'may be used by a principal of unknown account: ' || r.strange
	            END AS perhaps,
	       nullif(coalesce('account ' || r.others, '') || iif(r.others IS NOT NULL
	              AND r.org IS NOT NULL, ' and ', '') || coalesce('organization ' || r.org, ''), '')
	       AS shared,
	       CASE WHEN k.state LIKE 'Pending%Deletion' THEN 'is marked for deletion'
	            WHEN k.state = 'PendingImport' THEN 'has no key material'
	            WHEN k.state = 'Unavailable' THEN 'cannot be reached in its key store'
	            WHEN k.state = 'Disabled' THEN 'is disabled'
	            WHEN s.approved = 'no' THEN 'is of the kind ' || k.spec || ', which is not approved'
	            END AS fault,
	       k.outcome <> 'observed' OR k.state IS NULL OR k.spec IS NULL AS untold
	  FROM aws_kms_key k LEFT JOIN catalog_kms_key_specs s ON s.spec = k.spec
	  LEFT JOIN key_reach r ON r.subject = k.subject),
key_name AS MATERIALIZED (
	SELECT key AS name, scope, coalesce(fault, open_to) AS fault, untold, perhaps, shared
	  FROM listed_key
	 UNION SELECT arn, scope, coalesce(fault, open_to), untold, perhaps, shared
	  FROM listed_key WHERE arn IS NOT NULL
	 UNION SELECT a.value, k.scope, coalesce(k.fault, k.open_to), k.untold, k.perhaps, k.shared
	  FROM listed_key k JOIN json_each(k.aliases) a),
named_setting AS MATERIALIZED ( -- by ARN, id or alias; home: the account and region of the key
	SELECT subject, kms_key, iif(kms_key GLOB 'arn:*', 'aws/' || (part ->> '$[4]') || '/'
	       || (part ->> '$[3]'), scope) AS home,
	       iif(kms_key GLOB 'arn:*:alias/*', part ->> '$[5]', kms_key) AS name
	  FROM (SELECT *, iif(json_valid('["' || replace(kms_key, ':', '","') || '"]'),
	               '["' || replace(kms_key, ':', '","') || '"]', '[]') AS part
	          FROM key_setting WHERE kms_key IS NOT NULL)
	 WHERE kms_key GLOB 'arn:*' OR kms_key GLOB 'alias/*' OR kms_key GLOB 'mrk-*'
	    OR kms_key GLOB '????????-????-????-????-????????????'
	    OR kms_key IN (SELECT name FROM key_name)),
key_found AS MATERIALIZED ( -- a row for each key that a subject names
	SELECT n.subject, CASE
	       WHEN max(k.fault) IS NOT NULL THEN 'not-satisfied'
	       WHEN max(k.untold) = 1 OR max(k.perhaps) IS NOT NULL THEN 'unknown'
	       WHEN count(k.name) > 0 OR n.name GLOB 'alias/aws/*' THEN NULL
	       WHEN max(c.result) <> 'answered' THEN 'unknown'
	       WHEN max(c.result) = 'answered' AND n.name GLOB 'alias/*' AND EXISTS (
	            SELECT 1 FROM listed_key l WHERE l.scope = n.home AND l.nameless) THEN 'unknown'
	       WHEN max(c.result) = 'answered' THEN 'not-satisfied' END AS verdict,
	       CASE WHEN max(k.fault) IS NOT NULL THEN 'its key ' || max(k.fault)
	       WHEN max(k.untold) = 1 THEN 'its key could not be described'
	       WHEN max(k.perhaps) IS NOT NULL THEN 'its key ' || max(k.perhaps)
	       WHEN count(k.name) > 0 THEN NULL
	       WHEN max(c.result) = 'answered' AND NOT (n.name GLOB 'alias/*' AND EXISTS (
	            SELECT 1 FROM listed_key l WHERE l.scope = n.home AND l.nameless))
	       THEN 'its key is none of those of ' || n.home || ': ' || n.kms_key
	       ELSE 'its key could not be looked up: ' || n.kms_key END AS why,
	       'its key may be used by ' || max(k.shared) AS note
	  FROM named_setting n LEFT JOIN key_name k ON k.name = n.name AND k.scope = n.home
	  LEFT JOIN aws_call c ON c.scope = n.home AND c.key = 'kms:ListKeys' AND c.outcome = 'observed'
	 GROUP BY n.subject, n.kms_key),
key_fault AS MATERIALIZED ( -- the worst of a subject's keys
	SELECT subject, verdict, why, note, max(CASE verdict WHEN 'not-satisfied' THEN 3
	       WHEN 'unknown' THEN 2 ELSE note IS NOT NULL END) AS weight
	  FROM key_found GROUP BY subject),
keyed AS (
	SELECT j.subject, coalesce(f.verdict, j.verdict) AS verdict,
	       j.reason || coalesce(iif(f.verdict IS NOT NULL, '; ' || f.why, '; ' || f.note), '')
	       AS reason
	  FROM judged j LEFT JOIN key_fault f
	    ON f.subject = j.subject AND j.verdict = 'satisfied')
