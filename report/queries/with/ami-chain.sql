-- From an instance to its image and what that is: chain (scope, image_id, found,
-- name, owner, family, variant, fips, what), one row an image that something uses.
-- found: latest, pinned (AWS or Canonical names it in a public SSM parameter),
-- older (by its name and its owner, AWS), copy (of one that is named so), named
-- (by its name alone), other, not found, not read. fips: yes, no, cannot tell.
--
-- A name is what the owner wrote: it counts where the owner is AWS itself. Beside
-- it seen (instance_id, fips): FIPS mode as the nodes themselves showed it.
WITH used AS MATERIALIZED (
	SELECT scope, image_id FROM aws_instance
	 WHERE outcome = 'observed' AND image_id IS NOT NULL
	 UNION
	SELECT scope, image FROM aws_launch_template
	 WHERE outcome = 'observed' AND image GLOB 'ami-*'
	 UNION
	SELECT scope, key FROM aws_image),
parameter AS MATERIALIZED ( -- of several the one that says the most
	SELECT scope, image_id, family, variant, fips, kubernetes, release FROM (
		SELECT scope, image_id, family, variant, fips, kubernetes, release,
		       row_number() OVER (PARTITION BY scope, image_id
		                          ORDER BY release = 'latest' DESC, key) AS place
		  FROM aws_ami_parameter WHERE outcome = 'observed' AND image_id IS NOT NULL)
	 WHERE place = 1),
image AS MATERIALIZED (
	SELECT u.scope, u.image_id, i.outcome, i.reason, i.name, i.owner, i.owner_alias,
	       i.source_image, i.source_instance, i.subject IS NOT NULL AS asked
	  FROM used u LEFT JOIN aws_image i ON i.scope = u.scope AND i.key = u.image_id),
known AS MATERIALIZED (
	SELECT i.*, p.variant, p.fips AS stated, p.family, p.release, p.image_id AS in_parameter,
	       s.variant AS source_variant, s.fips AS source_fips, s.family AS source_family,
	       s.image_id AS source_in_parameter,
	       (SELECT min(n.place) FROM catalog_aws_images n WHERE i.name GLOB n.name) AS place
	  FROM image i
	  LEFT JOIN parameter p ON p.scope = i.scope AND p.image_id = i.image_id
	  LEFT JOIN parameter s ON s.scope = i.scope AND s.image_id = i.source_image
	        AND i.source_instance IS NULL),
judged AS MATERIALIZED (
	SELECT k.*, n.what AS named, n.fips AS named_fips, n.family AS named_family,
	       CASE WHEN k.in_parameter IS NOT NULL THEN iif(k.release = 'latest', 'latest', 'pinned')
	            WHEN NOT k.asked THEN 'not read'
	            WHEN k.outcome = 'absent' THEN 'not found'
	            WHEN k.outcome <> 'observed' THEN 'not read'
	            WHEN k.source_in_parameter IS NOT NULL THEN 'copy'
	            WHEN n.place IS NULL THEN 'other'
	            WHEN n.owner_alias IS NULL THEN 'named'
	            WHEN n.owner_alias = k.owner_alias THEN 'older'
	            ELSE 'other' END AS found
	  FROM known k LEFT JOIN catalog_aws_images n ON n.place = k.place),
chain AS MATERIALIZED (
	SELECT scope, image_id, found, name, coalesce(owner_alias, owner) AS owner,
	       coalesce(family, source_family, iif(found IN ('older', 'named'), named_family, NULL))
	       AS family,
	       coalesce(variant, source_variant,
	                iif(found = 'older' AND name GLOB 'bottlerocket-*', substr(name, 14,
	                    max(instr(name, '-x86_64-'), instr(name, '-aarch64-'),
	                        instr(name, '-arm64-')) - 14), NULL)) AS variant,
	       CASE found
	       WHEN 'latest' THEN iif(family = 'ubuntu-pro', 'cannot tell', iif(stated, 'yes', 'no'))
	       WHEN 'pinned' THEN iif(family = 'ubuntu-pro', 'cannot tell', iif(stated, 'yes', 'no'))
	       WHEN 'copy' THEN iif(source_family = 'ubuntu-pro', 'cannot tell',
	                            iif(source_fips, 'yes', 'no'))
	       WHEN 'older' THEN iif(named_fips = 'by node', 'cannot tell', named_fips)
	       WHEN 'named' THEN iif(named_fips = 'no', 'no', 'cannot tell')
	       ELSE 'cannot tell' END AS fips,
	       CASE found
	       WHEN 'latest' THEN 'image ' || image_id || ' is the latest of ' || variant
	            || ', as a public parameter names it'
	       WHEN 'pinned' THEN 'image ' || image_id || ' is release ' || release || ' of ' || variant
	            || ', as a public parameter names it'
	       WHEN 'copy' THEN 'image ' || image_id || ' is a copy of ' || source_image || ', '
	            || source_variant || ', as a public parameter names that'
	       WHEN 'older' THEN 'image ' || image_id || ' of AWS (' || name || ') is ' || named
	       WHEN 'named' THEN 'image ' || image_id || ' of account ' || coalesce(owner, '?')
	            || ' (' || name || ') is ' || named
	       WHEN 'not found' THEN 'image ' || image_id
	            || ' is not there any more (deregistered, or no longer shared)'
	       WHEN 'not read' THEN 'image ' || image_id || ' could not be read'
	            || coalesce(': ' || outcome || ': ' || reason, '')
	       ELSE 'image ' || image_id || ' of ' || CASE owner_alias WHEN 'amazon' THEN 'AWS ('
	            || coalesce(name, 'without a name') || ') is not in the catalogue of image names'
	            ELSE 'account ' || coalesce(owner, '?') || ' ('
	            || coalesce(name, 'without a name') || ') is of its owner''s own making' END
	       END AS what
	  FROM judged),
seen AS MATERIALIZED (
	SELECT instance_id, min(fips) AS fips FROM (
		SELECT i.instance_id, n.fips_enabled = 1 AS fips
		  FROM node_instance i JOIN node n ON n.scope = i.scope AND n.outcome = 'observed'
		   AND n.live AND n.fips_enabled IS NOT NULL
		 WHERE i.outcome = 'observed' AND i.instance_id IS NOT NULL
		 UNION ALL
		SELECT k.instance_id, n.fips_enabled = 1
		  FROM kube_node k JOIN node n ON n.boot_id = k.boot_id AND n.outcome = 'observed'
		   AND n.live AND n.fips_enabled IS NOT NULL
		 WHERE k.outcome = 'observed' AND k.instance_id IS NOT NULL)
	 GROUP BY instance_id)
