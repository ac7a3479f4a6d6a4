-- id: config-file-read
-- order: 500
-- title: Every configuration file was read and understood
-- severity: medium
-- controls: nist-800-53r5 cm-6 ca-7
-- kinds: config.file
-- rationale: A file with a syntax error, of an unknown type or without permission does
--   not show what it will configure. Every file of a directory is listed, so that none
--   is skipped silently. Files left out with --exclude are listed as not applicable.
-- remediation: Correct the line that the reason names, let the collecting user read the
--   file, state its type with --type, or leave it out with --exclude.
-- since: 0.1.0
WITH what AS (
	SELECT f.*, CASE
	       WHEN outcome <> 'observed' THEN 'unread'
	       WHEN type IS NULL THEN 'untold'
	       WHEN type IN ('excluded', 'empty', 'included') THEN type
	       WHEN not_understood IS NULL OR json_type(not_understood) IS NOT 'array' THEN 'untold'
	       WHEN json_array_length(not_understood) > 0 THEN 'partly'
	       WHEN type = 'other' THEN 'other'
	       ELSE 'read' END AS found
	  FROM config_file f)
SELECT subject,
       CASE WHEN found IN ('excluded', 'empty') THEN 'not-applicable'
            WHEN found IN ('read', 'included') THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       CASE found
       WHEN 'unread' THEN reason
       WHEN 'excluded' THEN key || ': left out by ' || coalesce(excluded_by, 'an option')
       WHEN 'empty' THEN key || ': has no settings'
       WHEN 'included' THEN key || ': read as part of ' || coalesce(included_by, 'another file')
       WHEN 'untold' THEN key || ': the evidence lacks part of what was read'
       WHEN 'other' THEN key || ':1: content of no known type; state it with --type, or leave the file out with --exclude'
       WHEN 'partly' THEN key || ':' || coalesce(not_understood ->> '$[0].line', 1) || ': not understood: '
            || (SELECT group_concat(coalesce(value ->> 'text', '?')
		|| iif(key = 0, '', ' (line ' || coalesce(value ->> 'line', '?') || ')'), '; ')
		  FROM (SELECT * FROM json_each(not_understood) LIMIT 8))
            || iif(json_array_length(not_understood) > 8, '; and ' || (json_array_length(not_understood) - 8) || ' more', '')
       ELSE key || ': read as ' || type END AS reason
  FROM what;
