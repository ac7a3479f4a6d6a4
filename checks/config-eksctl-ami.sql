-- id: config-eksctl-ami
-- order: 510
-- title: Node groups use a FIPS image
-- severity: high
-- controls: nist-800-53r5 sc-13 cm-2; nist-800-171r2 3.13.11
-- kinds: config.eksctl_nodegroup
-- rationale: The only EKS images that AWS publishes with FIPS mode on are Bottlerocket's
--   FIPS variants. eksctl takes AmazonLinux2023 where amiFamily is not written, which
--   is no FIPS image. A custom image says nothing here about what is in it, and
--   eksctl refuses one without amiFamily. In a parameter's path the flavour belongs to
--   the variant's name.
-- remediation: Write "amiFamily: BottlerocketFips" (eksctl 0.230 and later); with a
--   custom image, write amiFamily too and collect evidence from its nodes.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
WITH g AS (
	SELECT n.*,
	       lower(coalesce(n.ami_family, '')) AS family,
	       n.ami IS NOT NULL AND n.ami NOT IN ('auto', 'auto-ssm', '') AS custom
	  FROM config_eksctl_nodegroup n),
what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN unread IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(unread)
			     WHERE value IN ('ami', 'ami_family', 'launch_template'))
		    THEN 'unread'
	       WHEN ami LIKE '%/aws/service/bottlerocket/%'
		    AND ami NOT GLOB '*/aws-k8s-*-fips/*' THEN 'path'
	       WHEN custom AND ami_family IS NULL THEN 'no-family'
	       WHEN launch_template IS NOT NULL THEN 'template'
	       WHEN ':' || ami GLOB '*:/aws/service/bottlerocket/*' THEN 'fips-path'
	       WHEN custom THEN 'custom'
	       WHEN family = 'bottlerocketfips' THEN 'fips'
	       WHEN family = '' THEN 'default'
	       WHEN family = 'bottlerocket' THEN 'bottlerocket'
	       WHEN family = 'amazonlinux2023' THEN 'al2023'
	       WHEN family = 'amazonlinux2' THEN 'al2'
	       WHEN family LIKE 'ubuntupro%' THEN 'pro'
	       ELSE 'other' END AS found
	  FROM g),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ' has an image that is not written as a plain value'),
	('path', 'not-satisfied', ' takes its image from a path that is no FIPS variant; write /aws/service/bottlerocket/aws-k8s-VERSION-fips/ARCHITECTURE/latest/image_id'),
	('no-family', 'not-satisfied', ' has an ami without amiFamily, which eksctl refuses; write the family of the image'),
	('template', 'unknown', ' takes its image from a launch template, which is not in this file'),
	('fips-path', 'satisfied', ' takes a Bottlerocket FIPS image'),
	('custom', 'unknown', ' has a custom image: whether it is a FIPS image cannot be told from this file; ''amiFamily: BottlerocketFips'' without ami can'),
	('fips', 'satisfied', ' is of amiFamily BottlerocketFips'),
	('default', 'not-satisfied', ' names no amiFamily, so that eksctl takes AmazonLinux2023, which has no FIPS image; write ''amiFamily: BottlerocketFips'''),
	('bottlerocket', 'not-satisfied', ' is of amiFamily Bottlerocket, not its FIPS variant; write ''amiFamily: BottlerocketFips'''),
	('al2023', 'not-satisfied', ' is of amiFamily AmazonLinux2023, of which AWS publishes no FIPS image; write ''amiFamily: BottlerocketFips'', or build an image and name it in ami'),
	('al2', 'not-satisfied', ' is of amiFamily AmazonLinux2, whose images ended in 2025 and whose modules were validated to FIPS 140-2 only; write ''amiFamily: BottlerocketFips'''),
	('pro', 'unknown', ' is of an Ubuntu Pro family: FIPS is a service to be switched on in the image, which this file does not show'),
	('other', 'not-satisfied', ' is of an amiFamily of which no FIPS image is known; write ''amiFamily: BottlerocketFips'''))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> CASE WHEN w.found IN ('path', 'no-family', 'fips-path', 'custom') THEN 'ami'
                                              WHEN w.found = 'template' THEN 'launch_template'
                                              ELSE 'ami_family' END, line)
       || ': node group ' || coalesce(name, '?') || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
