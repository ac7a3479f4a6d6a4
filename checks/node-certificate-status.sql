-- id: node-certificate-status
-- order: 90
-- title: The modules' certificates are active on the date asked about
-- severity: high
-- layer: certificate
-- controls: nist-800-53r5 sc-13 sa-4; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: node node.openssl node.provider node.bottlerocket node.package
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: module-ledger
-- rationale: Certificates move to Historical, by sunset, replacement or transition;
--   every FIPS 140-2 certificate did on 2026-09-22. The status belongs to a date
--   and cannot be computed from a printed sunset: it rests on dated observations.
--   An observation older than 92 days (or what the profile accepts), or older than a
--   sunset that has passed, tells nothing, and the status must be looked up.
-- remediation: Look up each certificate at
--   csrc.nist.gov/projects/cryptographic-module-validation-program. A Historical
--   module needs a newer one, or the agency's own risk decision.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject,
       CASE WHEN count(*) FILTER (WHERE certificate IS NULL
                                    AND match IN ('different', 'none')) > 0
              OR count(*) FILTER (WHERE state IN ('historical', 'not yet validated')) > 0
            THEN 'not-satisfied'
            WHEN count(*) FILTER (WHERE coalesce(state, 'unknown') <> 'active'
                                     OR match = 'cannot tell') > 0
              OR count(DISTINCT layer) < 2 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       group_concat(text, '; ')
       || iif(count(DISTINCT layer) < 2, '; no module of user space was seen', '')
       AS reason
  FROM (SELECT subject, layer, match, certificate, state,
               layer || ': ' || CASE WHEN certificate IS NULL
                    THEN 'no certificate to ask about, ' || why
                    ELSE 'certificate ' || certificate || ' ('
                         || iif(match = 'cannot tell', why, match) || '): '
                         || status END AS text
          FROM ledger WHERE layer IN ('kernel', 'openssl', 'go')
         ORDER BY subject, CASE layer WHEN 'kernel' THEN 1 ELSE 2 END)
 GROUP BY subject;
