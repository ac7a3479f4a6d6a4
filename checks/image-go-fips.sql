-- id: image-go-fips
-- order: 740
-- title: Programs of Go in images compute with a FIPS module
-- severity: medium
-- controls: nist-800-53r5 sc-13; nist-800-171r2 3.13.11
-- kinds: image.reference image image.binary kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
-- rationale: A program of Go carries its cryptography and uses no library of the image.
--   It computes with Go's module when it was built with GOFIPS140 and a version of it,
--   and starts in FIPS mode (fips140=on in its defaults or in GODEBUG); or with
--   BoringCrypto or OpenSSL, when it was built by a Go that has them.
-- remediation: Build with GOFIPS140=v1.0.0, which turns FIPS mode on; 'go version -m'
--   shows it.
-- references: https://go.dev/doc/security/fips140
-- since: 0.1.0
SELECT a.subject,
       CASE WHEN a.gap IS NOT NULL THEN 'unknown'
            WHEN p.programs IS NULL AND json_array_length(a.unread) = 0 THEN 'not-applicable'
            WHEN p.without > 0 THEN 'not-satisfied'
            WHEN p.unsure > 0 OR coalesce(json_array_length(a.unread), 1) > 0 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN a.gap IS NOT NULL THEN a.gap
            WHEN p.programs IS NULL AND json_array_length(a.unread) = 0
            THEN 'no program of Go is in it'
            WHEN p.without > 0 THEN p.without || ' of ' || p.programs
                 || ' programs of Go start without FIPS mode or with a module that is no '
                 || 'version of its own, for instance ' || p.example
            WHEN p.unsure > 0 THEN p.unsure || ' of ' || p.programs
                 || ' programs were built before Go told how, for instance ' || p.unsure_example
            WHEN a.unread IS NULL THEN 'which of its files could not be told is not known'
            WHEN json_array_length(a.unread) > 0
            THEN 'some files could not be told; image-looked-at names them'
            ELSE 'all ' || p.programs || ' programs of Go compute with ' || p.modes END AS reason
  FROM looked_image a
  LEFT JOIN (SELECT subject, count(*) AS programs,
                    count(*) FILTER (WHERE mode = 'none' OR bare) AS without,
                    min(path) FILTER (WHERE mode = 'none' OR bare) AS example,
                    count(*) FILTER (WHERE mode = 'unknown') AS unsure,
                    min(path) FILTER (WHERE mode = 'unknown') AS unsure_example,
                    group_concat(DISTINCT iif(mode = 'native', 'Go''s module', mode)) AS modes
               FROM (SELECT *, mode = 'native' AND coalesce(fips140, '') NOT LIKE 'v%' AS bare
                       FROM go_program)
              GROUP BY subject) p ON p.subject = a.subject;
