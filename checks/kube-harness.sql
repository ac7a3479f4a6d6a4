-- id: kube-harness
-- order: 456
-- title: Harness runs its FIPS images, and delegates are of a FIPS platform
-- severity: medium
-- controls: nist-800-53r5 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.workload kube.cluster kube.list
-- catalogs: harness-images
-- with: kube-unlisted
-- rationale: A chart may take global.fips and ignore it, so the effect is looked at: images
--   that are published with a -fips tag, and FIPS_ENABLED, which a delegate of a FIPS
--   platform carries. Both are claims by configuration; neither shows a module in use.
-- remediation: Download the delegate from a platform installed with global.fips, and keep
--   its upgrader on FIPS tags.
-- references: https://developer.harness.io/docs/self-managed-enterprise-edition/fips-overview
-- since: 0.1.0
, part AS MATERIALIZED (
	SELECT w.subject, c.value ->> '$.name' AS container, c.value ->> '$.image' AS image,
	       h.delegate = 'yes' AS delegate,
	       -- of the last part: a registry's port is no tag
	       replace(c.value ->> '$.image', rtrim(c.value ->> '$.image',
	               replace(c.value ->> '$.image', '/', '')), '') LIKE '%:%-fips%' AS tagged,
	       lower(c.value ->> '$.env.FIPS_ENABLED') = 'true' AS enabled,
	       c.value ->> '$.env_from' <> '[]' OR c.value ->> '$.env_ref.FIPS_ENABLED' IS NOT NULL
	             AS hidden
	  FROM kube_workload w JOIN json_each(w.containers) c JOIN catalog_harness_images h
	    ON '/' || (c.value ->> '$.image') GLOB '*/' || h.image || '[:@]*'
	 WHERE w.outcome = 'observed'),
worst AS (
	SELECT subject, min(CASE WHEN NOT tagged AND image NOT LIKE '%@sha256:%' THEN image END)
	       AS plain, min(CASE WHEN NOT tagged AND image LIKE '%@sha256:%' THEN image END) AS pinned,
	       min(CASE WHEN delegate AND enabled IS NOT 1 AND NOT hidden THEN container END) AS off,
	       min(CASE WHEN delegate AND enabled IS NOT 1 AND hidden THEN container END) AS hidden
	  FROM part GROUP BY subject)
SELECT w.subject,
       CASE WHEN w.outcome <> 'observed' OR w.containers IS NULL THEN 'unknown'
            WHEN x.subject IS NULL THEN 'not-applicable'
            WHEN x.plain IS NOT NULL OR x.off IS NOT NULL THEN 'not-satisfied'
            WHEN x.pinned IS NOT NULL OR x.hidden IS NOT NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN w.outcome <> 'observed' THEN 'workload ' || w.outcome || ': ' || w.reason
            WHEN w.containers IS NULL THEN 'the evidence lacks its containers'
            WHEN x.subject IS NULL THEN 'no image of Harness that has a FIPS tag'
            WHEN x.plain IS NOT NULL THEN 'image ' || x.plain || ' has no -fips tag'
            WHEN x.off IS NOT NULL THEN 'delegate, container ' || x.off
                 || ': FIPS_ENABLED is not true'
            WHEN x.pinned IS NOT NULL THEN 'image ' || x.pinned
                 || ' is named by digest, which does not say whether it is a FIPS one'
            WHEN x.hidden IS NOT NULL THEN 'delegate, container ' || x.hidden
                 || ': its variables come from a config map or secret, which are not read'
            ELSE 'FIPS images; FIPS_ENABLED on delegates' END AS reason
  FROM kube_workload w LEFT JOIN worst x ON x.subject = w.subject
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.workload';
