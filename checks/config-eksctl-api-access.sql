-- id: config-eksctl-api-access
-- order: 515
-- title: The API server is not open to the internet
-- severity: medium
-- controls: nist-800-53r5 sc-7 ac-17; nist-800-171r2 3.13.1
-- kinds: config.eksctl_cluster
-- rationale: Where the file says nothing, eksctl makes a public endpoint that everyone
--   may connect to.
-- remediation: Write "vpc: {clusterEndpoints: {privateAccess: true, publicAccess:
--   false}}", or list in vpc.publicAccessCIDRs who may connect (CIDRs with these
--   capitals).
-- since: 0.1.0
WITH what AS (
	SELECT k.*, CASE
	       WHEN k.outcome <> 'observed' THEN 'gone'
	       WHEN k.unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(k.unread)
			     WHERE value IN ('public_access', 'public_cidrs', 'private_cluster'))
		    THEN 'unread'
	       WHEN k.private_cluster = 1 OR k.public_access = 0 THEN 'private'
	       WHEN json_array_length(k.public_cidrs) > 0
		    AND NOT EXISTS (SELECT 1 FROM json_each(k.public_cidrs)
				     WHERE value IN ('0.0.0.0/0', '::/0')) THEN 'listed'
	       WHEN k.public_access = 1 OR k.public_cidrs IS NOT NULL THEN 'open'
	       ELSE 'default' END AS found
	  FROM config_eksctl_cluster k),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': its endpoint settings are not written as plain values'),
	('private', 'satisfied', ' has no public endpoint'),
	('listed', 'satisfied', ' has a public endpoint for listed networks only'),
	('open', 'not-satisfied', ' has a public endpoint that everyone may connect to; write ''publicAccess: false'', or list networks in vpc.publicAccessCIDRs'),
	('default', 'not-satisfied', ' says nothing of its endpoint, which is then public for everyone; write ''vpc: {clusterEndpoints: {privateAccess: true, publicAccess: false}}'''))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'public_cidrs', lines ->> 'public_access', line)
       || ': cluster ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
