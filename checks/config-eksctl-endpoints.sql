-- id: config-eksctl-endpoints
-- order: 513
-- title: FIPS nodes can pull images through FIPS endpoints
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: config.eksctl_nodegroup config.eksctl_cluster
-- rationale: A Bottlerocket FIPS node pulls from the FIPS endpoint of ECR. AWS offers
--   that endpoint in regions of the United States and not through PrivateLink: in a
--   fully private cluster pulls fail, and in other regions the FIPS endpoint has to be
--   switched off, after which the traffic is no longer to a FIPS endpoint.
-- remediation: Use a region of the United States or GovCloud and let nodes reach the
--   FIPS endpoint of ECR through a NAT gateway (privateCluster.enabled: false with
--   privateNetworking: true); do not set use_fips_endpoint=false in
--   bottlerocket.settings.aws.config.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
WITH g AS (
	SELECT n.*, k.region, k.private_cluster,
	       k.lines ->> 'region' AS region_line,
	       k.lines ->> 'private_cluster' AS private_line, k.unread AS cluster_unread
	  FROM config_eksctl_nodegroup n
	  LEFT JOIN config_eksctl_cluster k ON k.scope = n.scope AND k.file = n.file
	       AND k.name IS n.cluster),
what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN unread IS NULL THEN 'untold'
	       WHEN aws_config_fips = 0 THEN 'off'
	       WHEN EXISTS (SELECT 1 FROM json_each(unread)
			     WHERE value = 'aws_config_fips') THEN 'unread'
	       WHEN lower(coalesce(ami_family, '')) <> 'bottlerocketfips' THEN 'other'
	       WHEN region IS NOT NULL AND cluster_unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(cluster_unread)
			     WHERE value IN ('region', 'private_cluster')) THEN 'unread'
	       WHEN private_cluster = 1 THEN 'private'
	       WHEN region IS NULL THEN 'no-region'
	       WHEN region NOT GLOB 'us-*' OR region GLOB 'us-iso*' THEN 'abroad'
	       ELSE 'good' END AS found
	  FROM g),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ' has settings that are not written as plain values'),
	('off', 'not-satisfied', ': settings.aws.config switches FIPS endpoints off; remove use_fips_endpoint=false, or write true'),
	('other', 'not-applicable', ' is no Bottlerocket FIPS node'),
	('private', 'not-satisfied', ' is in a fully private cluster, where ECR has no FIPS endpoint (PrivateLink), so that images cannot be pulled; write ''privateCluster.enabled: false'' with a NAT gateway'),
	('no-region', 'unknown', ': the file names no region; write metadata.region'),
	('abroad', 'not-satisfied', ' is in a region where AWS offers no FIPS endpoint of ECR; write a region of the United States or GovCloud'),
	('good', 'satisfied', ' is in a region with FIPS endpoints, and does not switch them off'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(CASE w.found WHEN 'off' THEN lines ->> 'aws_config_fips'
                                            WHEN 'private' THEN private_line
                                            WHEN 'abroad' THEN region_line END, line)
       || ': node group ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
