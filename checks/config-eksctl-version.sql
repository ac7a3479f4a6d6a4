-- id: config-eksctl-version
-- order: 512
-- title: The Kubernetes version has a FIPS variant
-- severity: high
-- controls: nist-800-53r5 sc-13 cm-2 si-2
-- kinds: config.eksctl_cluster
-- catalogs: bottlerocket-fips
-- rationale: Bottlerocket's FIPS variants exist for Kubernetes 1.28 and later only, and
--   variants of old versions are dropped. For another version there is no FIPS image to
--   start.
-- remediation: Write a version of the catalogue in metadata.version; where your
--   Bottlerocket is newer than it, see its list of variants.
-- references: https://bottlerocket.dev/en/os/1.61.x/version-information/fips-modules/
-- since: 0.1.0
WITH r AS (
	SELECT max(minor) AS newest,
	       min(minor) FILTER (WHERE dropped IS NULL) AS first
	  FROM (SELECT *, CAST(substr(kubernetes, 3) AS INTEGER) AS minor
	          FROM catalog_bottlerocket_fips)),
c AS (
	SELECT k.*, f.dropped, f.kubernetes IS NOT NULL AS listed, k.version GLOB '1.[0-9]*'
	       AND substr(k.version, 3) NOT GLOB '*[^0-9]*' AS plain,
	       CAST(substr(k.version, 3) AS INTEGER) AS minor, r.newest,
	       '; write a version from 1.' || r.first || ' to 1.' || r.newest AS advice
	  FROM config_eksctl_cluster k CROSS JOIN r
	  LEFT JOIN catalog_bottlerocket_fips f ON f.kubernetes = k.version),
what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN version IS NULL THEN 'none'
	       WHEN NOT plain THEN 'odd'
	       WHEN minor > newest THEN 'newer'
	       WHEN NOT listed THEN 'never'
	       WHEN dropped IS NOT NULL THEN 'dropped'
	       ELSE 'good' END AS found
	  FROM c),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('none', 'unknown', ' names no version, so that eksctl''s default decides; write metadata.version, for instance version: "1.36"'),
	('odd', 'unknown', ' is not a version that is understood'),
	('never', 'not-satisfied', ' never had a Bottlerocket FIPS variant'),
	('dropped', 'not-satisfied', ' has no FIPS variant any more since Bottlerocket '),
	('newer', 'unknown', ' is newer than the list of FIPS variants this check knows'),
	('good', 'satisfied', ' has a Bottlerocket FIPS variant'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'version', line) || ': '
       || CASE WHEN w.found IN ('gone', 'none') THEN 'cluster ' || coalesce(name, '?')
               ELSE 'Kubernetes ' || version END || m.text
       || CASE w.found WHEN 'never' THEN advice WHEN 'dropped' THEN dropped || advice ELSE '' END END AS reason
  FROM what w JOIN means m ON m.found = w.found;
