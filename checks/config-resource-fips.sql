-- id: config-resource-fips
-- order: 560
-- title: Planned nodes and listeners are FIPS ones
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: config.resource
-- catalogs: eks-ami-types elb-policies
-- rationale: Of the AMI types of EKS only those that end in _FIPS are FIPS images. A
--   listener without a policy gets ELBSecurityPolicy-2016-08, which is none of the FIPS
--   policies; of these, the 1-0 and 1-1 ones still allow old versions of TLS. In the path
--   of a Bottlerocket parameter the flavour belongs to the variant's name.
-- remediation: Write ami_type BOTTLEROCKET_x86_64_FIPS or BOTTLEROCKET_ARM_64_FIPS;
--   ssl_policy ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04 or newer; and the image's path as
--   /aws/service/bottlerocket/aws-k8s-VERSION-fips/ARCHITECTURE/latest/image_id.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
-- since: 0.1.0
WITH listed AS (
	SELECT r.*, a.fips AS type_fips, p.fips AS policy_fips, p.min_tls, p.rsa_transport
	  FROM config_resource r
	  LEFT JOIN catalog_eks_ami_types a ON a.ami_type = r.ami_type
	  LEFT JOIN catalog_elb_policies p ON p.policy = r.ssl_policy),
what AS (
	SELECT r.*, CASE
	       WHEN r.outcome <> 'observed' THEN 'gone'
	       WHEN r.unread IS NULL OR r.type IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(r.unread)
			     WHERE value IN ('ami_type', 'image_alias', 'image_id', 'protocol', 'ssl_policy')) THEN 'unread'
	       WHEN r.type = 'eks_nodegroup' AND r.ami_type IS NULL THEN 'no-type'
	       WHEN r.type = 'eks_nodegroup' AND r.ami_type = 'CUSTOM' THEN 'custom'
	       WHEN r.type = 'eks_nodegroup' AND r.type_fips = 'yes' THEN 'fips-type'
	       WHEN r.type = 'eks_nodegroup' AND r.type_fips = 'no' THEN 'type'
	       WHEN r.type = 'eks_nodegroup' THEN 'unlisted-type'
	       WHEN r.type = 'listener' AND r.protocol IN ('HTTPS', 'TLS') AND r.ssl_policy IS NULL THEN 'no-policy'
	       WHEN r.type = 'listener' AND r.protocol IN ('HTTPS', 'TLS') AND r.policy_fips IS NULL THEN 'unlisted-policy'
	       WHEN r.type = 'listener' AND r.protocol IN ('HTTPS', 'TLS') AND r.policy_fips <> 'yes' THEN 'policy'
	       WHEN r.type = 'listener' AND r.protocol IN ('HTTPS', 'TLS')
		    AND (r.min_tls < '1.2' OR r.rsa_transport <> 'no') THEN 'old-policy'
	       WHEN r.type = 'listener' AND r.protocol IN ('HTTPS', 'TLS') THEN 'fips-policy'
	       WHEN r.type = 'listener' AND r.protocol IS NULL THEN 'no-protocol'
	       WHEN r.type = 'listener' THEN 'plain'
	       WHEN r.type = 'nodeclass' AND r.image_id IS NULL AND r.image_alias IS NULL THEN 'no-image'
	       WHEN r.type = 'nodeclass' AND r.image_id IS NULL
		    AND substr(r.image_alias, 1, instr(r.image_alias || '@', '@') - 1)
			IN ('al2', 'al2023', 'bottlerocket', 'windows2019', 'windows2022', 'windows2025') THEN 'alias'
	       WHEN r.type = 'nodeclass' AND r.image_id IS NULL THEN 'image'
	       WHEN r.type = 'machine' AND r.image_id IS NULL THEN 'no-image'
	       -- at the beginning of a parameter's name, which is AWS's alone there
	       WHEN ':' || r.image_id GLOB '*:/aws/service/bottlerocket/aws-k8s-*-fips/*' THEN 'fips-path'
	       WHEN r.image_id LIKE '%/aws/service/bottlerocket/%'
		    AND r.image_id NOT GLOB '*/aws-k8s-*-fips/*' THEN 'path'
	       WHEN r.image_id IS NOT NULL THEN 'image'
	       ELSE 'other' END AS found
	  FROM listed r),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('untold', 'unknown', ': the evidence lacks a part of what it states'),
	('unread', 'unknown', ': its image, protocol or policy is known only once it is made'),
	('no-type', 'not-satisfied', ' names no ami_type, so that EKS takes one that is no FIPS image; write BOTTLEROCKET_x86_64_FIPS'),
	('fips-type', 'satisfied', ' is of a FIPS image'),
	('custom', 'unknown', ' is of a custom image, which this file does not show'),
	('unlisted-type', 'unknown', ' is of an ami_type that the catalog does not list'),
	('unlisted-policy', 'unknown', ' has a security policy that the catalog does not list'),
	('no-protocol', 'unknown', ' does not state its protocol'),
	('no-image', 'unknown', ' names no image, so that the tool chooses one'),
	('alias', 'not-satisfied', ' chooses its image by an alias of Karpenter, none of which is a FIPS image; write ssmParameter: /aws/service/bottlerocket/aws-k8s-VERSION-fips/ARCHITECTURE/latest/image_id'),
	('type', 'not-satisfied', ' is of an ami_type that is no FIPS image; write BOTTLEROCKET_x86_64_FIPS'),
	('no-policy', 'not-satisfied', ' names no security policy and gets ELBSecurityPolicy-2016-08; write ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04'),
	('policy', 'not-satisfied', ' has a security policy that is no FIPS one; write ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04'),
	('old-policy', 'not-satisfied', ' has a FIPS policy that allows TLS before 1.2 or RSA key transport; write ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04'),
	('fips-policy', 'satisfied', ' has a FIPS security policy'),
	('plain', 'not-applicable', ' is a listener without TLS'),
	('fips-path', 'satisfied', ' takes a Bottlerocket FIPS image'),
	('path', 'not-satisfied', ' takes its image from a path that is no FIPS variant; write /aws/service/bottlerocket/aws-k8s-VERSION-fips/ARCHITECTURE/latest/image_id'),
	('image', 'unknown', ' names an image: whether it is a FIPS image can be told from EC2, not from this file'),
	('other', 'not-applicable', ' has neither image nor listener'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'ami_type', lines ->> 'ssl_policy', lines ->> 'image_id', lines ->> 'image_alias', line)
       || ': ' || address || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
