-- title: Results of other tools
-- order: 350
-- kinds: external.report
-- about: Third-party evidence, with the digest of the file it came in. A pass of another tool
--   is no pass here; exhibit query results gives exhibit's own.
SELECT coalesce(scanner, format) AS tool, version, about, time, pass, fail, other,
       substr(digest, 1, 16) AS "SHA-256 begins", file
  FROM external_report WHERE outcome = 'observed' ORDER BY 1, 3, 9;
