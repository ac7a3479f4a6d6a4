-- id: image-certificate-status
-- order: 715
-- title: The certificates of modules in images are active
-- severity: high
-- controls: nist-800-53r5 sc-13; nist-800-171r2 3.13.11
-- kinds: image.reference image image.module image.package image.binary kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
-- rationale: A certificate that is historical covers no new procurement; an agency may
--   keep an existing use after its own risk decision. The same image reads differently
--   on two days, and both are right.
-- remediation: Move to an image with a module whose certificate is active; where the
--   status is unknown, look it up at the address in the reason.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject,
       CASE WHEN count(certificate) = 0
            THEN iif(count(*) FILTER (WHERE match = 'cannot tell') > 0, 'unknown',
                     'not-applicable')
            WHEN count(*) FILTER (WHERE certificate IS NOT NULL
                                    AND state IN ('historical', 'not yet validated')) > 0
            THEN 'not-satisfied'
            WHEN count(*) FILTER (WHERE certificate IS NOT NULL AND state <> 'active') > 0
              OR count(*) FILTER (WHERE match = 'cannot tell') > 0
            THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN count(certificate) = 0 THEN 'no certificate is in question: '
                 || min(layer || ', ' || why)
            ELSE group_concat(CASE WHEN certificate IS NOT NULL
                 THEN layer || ': certificate ' || certificate || ' (' || match || '): ' || status
                      WHEN match = 'cannot tell' THEN layer || ': ' || why END, '; ')
            END AS reason
  FROM (SELECT DISTINCT subject, layer, certificate, match, state, status,
               iif(match = 'cannot tell', why, NULL) AS why
          FROM ledger WHERE certificate IS NOT NULL OR match = 'cannot tell'
         UNION
        SELECT subject, min(layer), NULL, 'none', NULL, NULL, min(why)
          FROM ledger GROUP BY subject
         HAVING count(certificate) = 0 AND count(*) FILTER (WHERE match = 'cannot tell') = 0
         ORDER BY 1, 2, 3)
 GROUP BY subject;
