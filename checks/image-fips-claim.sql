-- id: image-fips-claim
-- order: 720
-- title: An image that calls itself FIPS has a module that is validated
-- severity: medium
-- controls: nist-800-53r5 sc-13 sr-4
-- kinds: image.reference image image.module image.package image.binary kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
-- rationale: A word in a name or tag is what its maker says, and no evidence. It has to
--   be borne out by a module with a certificate that is in the image.
-- remediation: Ask the image's maker which certificate it claims; 'exhibit query
--   modules' shows what is in it.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT a.subject,
       CASE WHEN a.claim IS NULL THEN 'unknown'
            WHEN json_array_length(a.claim) = 0 THEN 'not-applicable'
            WHEN a.gap IS NOT NULL THEN 'unknown'
            WHEN m.has > 0 THEN 'satisfied'
            WHEN m.unsure > 0 THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN a.claim IS NULL THEN a.gap
            WHEN json_array_length(a.claim) = 0 THEN 'its name claims nothing'
            ELSE 'its name claims it (' || json_extract(a.claim, '$[0]') || '): '
                 || coalesce(a.gap, m.text, 'nothing was found in it') END AS reason
  FROM looked_image a
  LEFT JOIN (SELECT subject, count(*) FILTER (WHERE match IN ('exact', 'stream')) AS has,
                    count(*) FILTER (WHERE match = 'cannot tell') AS unsure,
                    iif(count(*) FILTER (WHERE match IN ('exact', 'stream')) > 0,
                        group_concat(CASE WHEN match IN ('exact', 'stream')
                            THEN layer || ' ' || match || ', certificate ' || certificate END, '; '),
                        group_concat(layer || ': ' || match || ', ' || why, '; ')) AS text
               FROM (SELECT DISTINCT subject, layer, match, certificate, why FROM ledger
                      ORDER BY subject, layer, certificate)
              GROUP BY subject) m ON m.subject = a.subject;
