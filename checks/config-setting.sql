-- id: config-setting
-- order: 556
-- title: Settings in files ask for FIPS mode and do not weaken it
-- severity: high
-- controls: nist-800-53r5 cm-6 sc-8 sc-13; nist-800-171r2 3.4.2 3.13.11
-- kinds: config.setting
-- catalogs: config-settings
-- rationale: FIPS mode of a machine or a program is asked for before it runs: in the
--   installer's file, on the kernel command line, in the environment of a container or
--   a unit. The catalog config-settings lists these settings and which values are right.
--   A value it does not list is unknown.
-- remediation: Write what the reason names.
-- since: 0.1.0
WITH r AS (
	SELECT CAST(rank AS INTEGER) AS rank, item, name, how, coalesce(value, '') AS value, verdict, text
	  FROM catalog_config_settings),
matched AS (
	SELECT s.subject, min(r.rank) AS rank
	  FROM config_setting s
	  JOIN r ON r.item = s.item AND (r.name = s.name OR s.name GLOB r.name)
	 WHERE CASE r.how
	       WHEN 'none' THEN s.value IS NULL AND s.list IS NULL
	       WHEN 'is' THEN s.value GLOB r.value
	       WHEN 'any' THEN EXISTS (SELECT 1 FROM json_each(s.list) j WHERE j.value GLOB r.value)
	       WHEN 'no' THEN s.list IS NOT NULL
		    AND NOT EXISTS (SELECT 1 FROM json_each(s.list) j WHERE j.value GLOB r.value) END
	 GROUP BY s.subject),
what AS (
	SELECT s.*, m.rank, CASE
	       WHEN s.outcome <> 'observed' THEN 'gone'
	       WHEN s.unread IS NULL OR s.item IS NULL OR s.name IS NULL THEN 'untold'
	       WHEN json_array_length(s.unread) > 0 THEN 'unread'
	       WHEN m.rank IS NULL THEN 'unlisted'
	       ELSE 'listed' END AS found
	  FROM config_setting s LEFT JOIN matched m ON m.subject = s.subject)
SELECT w.subject,
       CASE found WHEN 'listed' THEN r.verdict ELSE 'unknown' END AS verdict,
       CASE found WHEN 'gone' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'value', lines ->> 'list', line) || ': '
       || coalesce(w.item, '?') || coalesce(' ' || object, '') || ': ' || coalesce(w.name, '?') ||
       CASE found
       WHEN 'untold' THEN ': the evidence lacks part of what it states'
       WHEN 'unread' THEN ' is not written as a plain value'
       WHEN 'unlisted' THEN ' has a value that the catalog does not list'
       ELSE ' ' || r.text END END AS reason
  FROM what w LEFT JOIN r ON r.rank = w.rank;
