-- id: config-file-read
-- order: 500
-- title: Every configuration file that was named could be read
-- severity: medium
-- controls: nist-800-53r5 cm-6 ca-7
-- kinds: config.file
-- rationale: A file with a syntax error, of an unknown type or without permission says
--   nothing about what it will configure. What was not understood is not a pass.
-- remediation: Mend the line that the reason names, let the collecting user read the
--   file, or say with --type what it is.
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN type = 'other' THEN 'not-applicable'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN reason
            WHEN type = 'other' THEN key || ': of no type that is judged'
            ELSE key || ': read as ' || type END AS reason
  FROM config_file;
