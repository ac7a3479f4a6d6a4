-- id: kube-controller-fips
-- order: 452
-- title: Controllers of AWS ask for FIPS endpoints
-- severity: high
-- controls: nist-800-53r5 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: kube.workload kube.cluster kube.list
-- catalogs: kube-controllers
-- with: kube-unlisted
-- rationale: The drivers and controllers that act for the cluster on AWS use regular
--   endpoints unless AWS_USE_FIPS_ENDPOINT is true, and the EBS driver's image has Go's
--   FIPS module off unless GODEBUG=fips140=on. Neither makes them validated modules.
-- remediation: Set the chart's fips value (EBS driver) or AWS_USE_FIPS_ENDPOINT=true.
-- references: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/fips.md
-- since: 0.1.0
, part AS MATERIALIZED (
	SELECT w.subject, k.component, c.value ->> '$.name' AS container,
	       coalesce(lower(c.value ->> '$.env.AWS_USE_FIPS_ENDPOINT') = 'true', 0) AS endpoint,
	       coalesce(',' || (c.value ->> '$.env.GODEBUG') || ',' LIKE '%,fips140=on,%'
	             OR ',' || (c.value ->> '$.env.GODEBUG') || ',' LIKE '%,fips140=only,%', 0) AS go,
	       k.go_fips = 'yes' AS wants_go,
	       c.value ->> '$.env_from' <> '[]' OR c.value ->> '$.env_ref.AWS_USE_FIPS_ENDPOINT'
	             IS NOT NULL OR c.value ->> '$.env_ref.GODEBUG' IS NOT NULL AS hidden
	  FROM kube_workload w JOIN json_each(w.containers) c JOIN catalog_kube_controllers k
	    ON '/' || (c.value ->> '$.image') GLOB '*/' || k.image || '[:@]*'
	 WHERE w.outcome = 'observed'),
worst AS (
	SELECT subject, min(component) AS component, max(NOT endpoint AND NOT hidden) AS plain,
	       max(NOT endpoint AND hidden) AS hidden,
	       max(wants_go AND NOT go AND NOT hidden) AS no_go,
	       min(CASE WHEN NOT endpoint OR wants_go AND NOT go THEN container END) AS container
	  FROM part GROUP BY subject)
SELECT w.subject,
       CASE WHEN w.outcome <> 'observed' OR w.containers IS NULL THEN 'unknown'
            WHEN x.subject IS NULL THEN 'not-applicable'
            WHEN x.plain OR x.no_go THEN 'not-satisfied'
            WHEN x.hidden THEN 'unknown' ELSE 'satisfied' END AS verdict,
       CASE WHEN w.outcome <> 'observed' THEN 'workload ' || w.outcome || ': ' || w.reason
            WHEN w.containers IS NULL THEN 'the evidence lacks its containers'
            WHEN x.subject IS NULL THEN 'none of the controllers of the catalogue'
            WHEN x.plain THEN x.component || ', container ' || x.container
                 || ': AWS_USE_FIPS_ENDPOINT is not true'
            WHEN x.no_go THEN x.component || ', container ' || x.container
                 || ': GODEBUG does not turn Go''s FIPS module on'
            WHEN x.hidden THEN x.component || ', container ' || x.container
                 || ': its variables come from a config map or secret, which are not read'
            ELSE x.component || ' asks for FIPS endpoints' END AS reason
  FROM kube_workload w LEFT JOIN worst x ON x.subject = w.subject
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.workload';
