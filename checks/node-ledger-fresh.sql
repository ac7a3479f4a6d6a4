-- id: node-ledger-fresh
-- order: 93
-- title: CMVP data is recent enough for the certificates of nodes
-- severity: info
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: node node.openssl node.provider node.bottlerocket node.package
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status
--   module-packages package-vendors
-- with: module-ledger
-- rationale: The status of a certificate rests on a dated observation of CMVP's list. An
--   observation older than the profile accepts (92 days by default) says nothing of
--   today, and every result that depends on it becomes unknown on that day.
-- remediation: Save the certificate's page from csrc.nist.gov and run 'exhibit catalog
--   import PAGE --catalogs DIR', then 'exhibit assess --catalogs DIR'. Confirm with
--   'exhibit query certificates --catalogs DIR'.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject,
       CASE WHEN count(*) FILTER (WHERE state = 'unknown') > 0 THEN 'unknown'
            WHEN count(*) FILTER (WHERE state = 'active') > 0
            THEN iif(unsure > 0, 'unknown', 'satisfied')
            WHEN unsure > 0 THEN 'unknown'
            ELSE 'not-applicable' END AS verdict,
       CASE WHEN count(*) FILTER (WHERE state IN ('active', 'unknown')) = 0
            THEN iif(unsure > 0, 'could not determine which certificates apply',
                     'no certificate that could be Active applies')
            ELSE group_concat(CASE WHEN state IN ('active', 'unknown')
                 THEN 'certificate #' || certificate || ': ' || CASE
                      WHEN observed IS NULL THEN 'never observed'
                      ELSE 'last observed Active on ' || observed || ', ' || age || ' days ago'
                           || coalesce('; stale from ' || stale, iif(state = 'unknown',
                              '; too old', '')) END END, '; ')
                 || iif(unsure > 0, '; could not determine which other certificates apply', '')
            END AS reason
  FROM (SELECT DISTINCT l.subject, s.certificate, s.state, s.observed, s.age, s.stale,
               max(l.match = 'cannot tell') OVER (PARTITION BY l.subject) AS unsure
          FROM ledger l LEFT JOIN module_status s ON s.certificate = l.certificate
         ORDER BY l.subject, CAST(s.certificate AS INTEGER))
 GROUP BY subject;
