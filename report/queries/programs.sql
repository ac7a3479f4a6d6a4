-- title: What each program of an image computes with: the copies it loads and their configuration
-- param: image [*] images whose reference matches
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status image-plain-programs
-- with: image-programs
SELECT reference AS image, path AS program, role, form,
       CASE WHEN shown THEN (SELECT group_concat(value, '; ') FROM json_each(reached))
            WHEN may_run IS 0 THEN 'no: nothing that runs can load it'
            ELSE 'not shown' END AS reached,
       CASE state WHEN 1 THEN 'FIPS module in effect' WHEN 0 THEN 'other cryptography'
            WHEN 2 THEN 'no cryptography' ELSE 'cannot be determined' END AS computes_with,
       why
  FROM program WHERE reference GLOB :image
 ORDER BY reference, CASE state WHEN 0 THEN 0 WHEN 1 THEN 2 WHEN 2 THEN 3 ELSE 1 END, path;
