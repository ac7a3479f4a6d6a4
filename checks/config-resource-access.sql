-- id: config-resource-access
-- order: 562
-- title: Planned resources are not open
-- severity: medium
-- controls: nist-800-53r5 ac-3 ac-17 sc-7; nist-800-171r2 3.1.12 3.13.1
-- kinds: config.resource
-- rationale: The API server of an EKS cluster is public unless the plan says otherwise;
--   version 1 of the instance metadata service hands out the credentials of a node to
--   whoever can make it send one request.
-- remediation: Write "endpoint_public_access = false" or a list of public_access_cidrs,
--   "http_tokens = required" in metadata_options, "publicly_accessible = false".
-- since: 0.1.0
WITH what AS (
	SELECT r.*, CASE
	       WHEN r.outcome <> 'observed' THEN 'gone'
	       WHEN r.unread IS NULL OR r.type IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(r.unread)
			     WHERE value IN ('endpoint_public_access', 'public_access_cidrs',
					     'http_tokens', 'publicly_accessible')) THEN 'unread'
	       WHEN r.type = 'eks_cluster' AND r.endpoint_public_access = 0 THEN 'good'
	       WHEN r.type = 'eks_cluster' AND json_array_length(r.public_access_cidrs) > 0
		    AND NOT EXISTS (SELECT 1 FROM json_each(r.public_access_cidrs)
				     WHERE value IN ('0.0.0.0/0', '::/0')) THEN 'good'
	       WHEN r.type = 'eks_cluster' THEN 'public'
	       WHEN r.type IN ('instance', 'launch_template', 'machine', 'nodeclass') AND r.http_tokens = 'required' THEN 'good'
	       WHEN r.type IN ('instance', 'launch_template', 'machine', 'nodeclass') AND r.http_tokens IS NOT NULL THEN 'tokens'
	       WHEN r.type = 'nodeclass' THEN 'karpenter'
	       WHEN r.type = 'machine' THEN 'no-tokens'
	       WHEN r.type IN ('instance', 'launch_template') THEN 'no-tokens'
	       WHEN r.type = 'db_instance' AND r.publicly_accessible = 1 THEN 'db'
	       WHEN r.type = 'db_instance' AND r.publicly_accessible = 0 THEN 'good'
	       WHEN r.type = 'db_instance' THEN 'no-db'
	       ELSE 'other' END AS found
	  FROM config_resource r),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': who may reach it is known only once it is made'),
	('good', 'satisfied', ' is not open'),
	('public', 'not-satisfied', ' has an API server that everyone may connect to; write endpoint_public_access = false, or public_access_cidrs'),
	('karpenter', 'satisfied', ' uses instance metadata by session token only, which is the default of Karpenter'),
	('tokens', 'not-satisfied', ' allows version 1 of the instance metadata service; write http_tokens = required'),
	('no-tokens', 'unknown', ' leaves the instance metadata service to the image''s or the account''s default; write http_tokens = required'),
	('db', 'not-satisfied', ' is a database reachable from outside; write publicly_accessible = false'),
	('no-db', 'unknown', ' does not say whether it is reachable from outside; write publicly_accessible = false'),
	('other', 'not-applicable', ' has nothing that is judged here'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'endpoint_public_access', lines ->> 'http_tokens',
			       lines ->> 'publicly_accessible', line)
       || ': ' || address || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
