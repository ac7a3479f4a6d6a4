-- id: image-programs
-- order: 705
-- title: Every program an image can run computes with a FIPS module in effect
-- severity: high
-- layer: active
-- controls: nist-800-53r5 sc-13 cm-6; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: image.reference image image.module image.package image.binary image.program kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status image-plain-programs
-- with: image-programs
-- rationale: A validated module in an image says nothing of a program with a library of
--   its own, or with a copy of OpenSSL that reads another configuration. The result of
--   an image is that of its worst program that can be reached from the entry point, the
--   command, PATH, services or scripts. A program for which reach was not shown makes
--   the result unknown unless it computes with a FIPS module too.
-- remediation: Run 'exhibit query programs' for each program and the copy it loads.
--   Remove the program, link it with the validated module, or give that copy a
--   configuration that activates its FIPS provider; then collect the image again.
-- references: https://docs.openssl.org/3.0/man7/fips_module/ https://go.dev/doc/security/fips140
-- since: 0.1.0
SELECT a.subject,
       CASE WHEN a.gap IS NOT NULL THEN 'unknown'
            WHEN p.bad > 0 THEN 'not-satisfied'
            WHEN p.shown IS NULL OR p.shown = 0 AND coalesce(a.plain_programs, 0) = 0 THEN 'unknown'
            WHEN a.plain_programs IS NULL OR coalesce(json_array_length(a.unread), 1) > 0
              OR coalesce(json_array_length(a.overrides), 1) > 0 OR p.unsure > 0 OR p.maybe > 0 THEN 'unknown'
            WHEN p.good > 0 THEN 'satisfied'
            ELSE 'not-applicable' END AS verdict,
       CASE WHEN a.gap IS NOT NULL THEN a.gap
            WHEN p.bad > 0 THEN p.bad || iif(p.bad = 1, ' program computes', ' programs compute')
                 || ' without a FIPS module in effect: ' || p.bad_text
            WHEN p.shown IS NULL OR p.shown = 0 AND coalesce(a.plain_programs, 0) = 0
            THEN 'could not determine what the image runs: no program was found from its entry point or PATH'
            WHEN a.plain_programs IS NULL THEN 'how many programs it has was not recorded'
            WHEN coalesce(json_array_length(a.unread), 1) > 0
            THEN 'some files could not be read; image-looked-at names them'
            WHEN a.overrides IS NULL THEN 'whether scripts change the variables of its programs was not recorded'
            WHEN json_array_length(a.overrides) > 0
            THEN 'could not determine the environment of its programs: variables of libraries are named in '
                 || (SELECT group_concat(value, ' ') FROM json_each(a.overrides))
            WHEN p.unsure > 0 THEN 'could not determine what ' || p.unsure
                 || iif(p.unsure = 1, ' program computes with: ', ' programs compute with: ') || p.unsure_text
            WHEN p.maybe > 0 THEN 'not shown to run, but not excluded: ' || p.maybe_text
            WHEN p.good > 0 THEN p.good || iif(p.good = 1, ' program computes', ' programs compute')
                 || ' with FIPS modules in effect: ' || p.good_text
            ELSE 'none of its programs has cryptography' END AS reason
  FROM (SELECT l.*, i.plain_programs FROM looked_image l
          LEFT JOIN image i ON i.scope = l.inside AND i.key = l.image) a
  LEFT JOIN (SELECT subject, count(*) FILTER (WHERE shown) AS shown,
                    count(*) FILTER (WHERE shown AND state = 0) AS bad,
                    count(*) FILTER (WHERE shown AND state IS NULL) AS unsure,
                    count(*) FILTER (WHERE NOT shown AND may_run IS NOT 0
                                       AND (state = 0 OR state IS NULL)) AS maybe,
                    count(*) FILTER (WHERE state = 1) AS good,
                    group_concat(line, ' | ') FILTER (WHERE shown AND state = 0 AND nth <= 5) AS bad_text,
                    group_concat(line, ' | ') FILTER (WHERE shown AND state IS NULL AND nth <= 5) AS unsure_text,
                    group_concat(line, ' | ') FILTER (WHERE NOT shown AND may_run IS NOT 0
                        AND (state = 0 OR state IS NULL) AND nth <= 5) AS maybe_text,
                    group_concat(line, ' | ') FILTER (WHERE state = 1 AND nth <= 5) AS good_text
               FROM (SELECT *, path || ': ' || why AS line,
                            row_number() OVER (PARTITION BY subject, shown, coalesce(state, -1)
                                               ORDER BY path) AS nth
                       FROM program ORDER BY subject, path)
              GROUP BY subject) p ON p.subject = a.subject;
