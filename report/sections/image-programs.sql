-- title: Programs in container images and what they compute with
-- order: 113
-- kinds: image.program
-- about: Each program that an image can run or load and the copies of cryptographic
--   libraries it is loaded with. A copy of OpenSSL counts as FIPS if the configuration
--   that this copy reads activates the validated provider that this copy finds.
--   Reached: how the image can start it. Not shown: nothing was found that starts it.
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status image-plain-programs
-- with: image-programs
SELECT reference AS image,
       CASE state WHEN 1 THEN 'FIPS module in effect' WHEN 0 THEN 'other cryptography'
            ELSE 'cannot be determined' END AS "computes with",
       path AS program,
       CASE WHEN shown THEN (SELECT group_concat(value, '; ') FROM json_each(reached))
            WHEN may_run IS 0 THEN 'nothing that runs can load it'
            ELSE 'not shown' END AS reached,
       why AS "copies and configuration"
  FROM program WHERE state IS NOT 2
 ORDER BY reference, CASE state WHEN 0 THEN 0 WHEN 1 THEN 2 ELSE 1 END, path;
