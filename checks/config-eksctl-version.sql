-- id: config-eksctl-version
-- order: 512
-- title: The Kubernetes version has a FIPS variant
-- severity: high
-- controls: nist-800-53r5 sc-13 cm-2 si-2
-- kinds: config.eksctl_cluster
-- rationale: Bottlerocket's FIPS variants exist for Kubernetes 1.28 and later only, and
--   variants of old versions are dropped: Bottlerocket 1.62 (looked at 2026-11-23) has
--   1.30 to 1.36. For another version there is no FIPS image to start.
-- remediation: Write a version from 1.30 to 1.36 in metadata.version; where your
--   Bottlerocket is newer than 1.62, see its list of variants.
-- references: https://bottlerocket.dev/en/os/1.61.x/version-information/fips-modules/
-- since: 0.1.0
WITH c AS (
	SELECT k.*, k.version GLOB '1.[0-9]*'
	       AND substr(k.version, 3) NOT GLOB '*[^0-9]*' AS plain,
	       CAST(substr(k.version, 3) AS INTEGER) AS minor
	  FROM config_eksctl_cluster k),
what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN version IS NULL THEN 'none'
	       WHEN NOT plain THEN 'odd'
	       WHEN minor < 28 THEN 'never'
	       WHEN minor < 30 THEN 'dropped'
	       WHEN minor > 36 THEN 'newer'
	       ELSE 'good' END AS found
	  FROM c),
means(found, verdict, text) AS (VALUES
	('gone', 'unknown', ''),
	('none', 'unknown', ' names no version, so that eksctl''s default decides; write metadata.version, for instance version: "1.36"'),
	('odd', 'unknown', ' is not a version that is understood'),
	('never', 'not-satisfied', ' never had a Bottlerocket FIPS variant; write a version from 1.30 to 1.36'),
	('dropped', 'not-satisfied', ' has no FIPS variant any more in Bottlerocket 1.62; write a version from 1.30 to 1.36'),
	('newer', 'unknown', ' is newer than the list of FIPS variants this check knows'),
	('good', 'satisfied', ' has a Bottlerocket FIPS variant'))
SELECT w.subject, m.verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'version', line) || ': '
       || CASE WHEN w.found IN ('gone', 'none') THEN 'cluster ' || coalesce(name, '?')
               ELSE 'Kubernetes ' || version END || m.text END AS reason
  FROM what w JOIN means m ON m.found = w.found;
