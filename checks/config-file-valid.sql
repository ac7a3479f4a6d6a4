-- id: config-file-valid
-- order: 501
-- title: Configuration files hold nothing their program rejects or ignores
-- severity: high
-- controls: nist-800-53r5 cm-6 si-10
-- kinds: config.file
-- rationale: A misspelled field, a value of the wrong type or an unsupported version is
--   rejected by the program, or ignored without a message. The setting the author
--   intended is then not in effect.
-- remediation: Correct each line that the reason names.
-- references: https://eksctl.io/usage/schema/ https://kubernetes.io/docs/reference/config-api/ https://docs.python.org/3/library/configparser.html
-- since: 0.1.0
WITH what AS (
	SELECT f.*, CASE
	       WHEN outcome <> 'observed' THEN 'unread'
	       WHEN type IN ('excluded', 'empty', 'included') THEN type
	       WHEN refused IS NULL OR json_type(refused) IS NOT 'array' OR strict IS NULL
                 OR not_understood IS NULL THEN 'untold'
	       WHEN json_array_length(refused) > 0 THEN 'refused'
	       WHEN type = 'other' OR json_array_length(not_understood) > 0 THEN 'other'
	       WHEN strict = 0 THEN 'loose'
	       ELSE 'good' END AS found
	  FROM config_file f)
SELECT subject,
       CASE WHEN found IN ('unread', 'untold', 'other') THEN 'unknown'
            WHEN found = 'refused' THEN 'not-satisfied'
            WHEN found = 'good' THEN 'satisfied'
            ELSE 'not-applicable' END AS verdict,
       CASE found
       WHEN 'unread' THEN reason
       WHEN 'excluded' THEN key || ': left out by ' || coalesce(excluded_by, 'an option')
       WHEN 'empty' THEN key || ': has no settings'
       WHEN 'included' THEN key || ': read as part of ' || coalesce(included_by, 'another file')
       WHEN 'untold' THEN key || ': the evidence lacks part of what was read'
       WHEN 'other' THEN key || ': not understood in full'
       WHEN 'loose' THEN key || ': no list of fields is known for ' || type || '; only its syntax was read'
       WHEN 'refused' THEN key || ':' || coalesce(refused ->> '$[0].line', 1) || ': '
            || (SELECT group_concat(coalesce(value ->> 'text', '?')
		|| iif(key = 0, '', ' (line ' || coalesce(value ->> 'line', '?') || ')'), '; ')
		  FROM (SELECT * FROM json_each(refused) LIMIT 12))
            || iif(json_array_length(refused) > 12, '; and ' || (json_array_length(refused) - 12) || ' more', '')
       ELSE key || ': fields and values of ' || type || ' are ones its program knows' END AS reason
  FROM what;
