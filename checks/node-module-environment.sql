-- id: node-module-environment
-- order: 85
-- title: The certificates were tested on the node's operating system
-- severity: medium
-- controls: nist-800-53r5 sc-13; fedramp-20x UCM-CSX-UVM
-- kinds: node node.openssl node.provider node.bottlerocket node.package
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status
-- with: module-ledger
-- rationale: A certificate holds for the environments its security policy lists as
--   tested. Affirmed by the vendor is weaker: CMVP makes no statement about it.
--   Only the operating system is compared; the processor has to be compared by
--   hand.
-- remediation: Compare the environment with the list in the certificate's security
--   policy; where it is not tested, record the risk decision.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject,
       CASE WHEN count(certificate) = 0
            THEN iif(count(*) FILTER (WHERE match = 'cannot tell') > 0, 'unknown',
                     'not-applicable')
            WHEN count(*) FILTER (WHERE certificate IS NOT NULL AND environment = 'not listed') > 0
            THEN 'not-satisfied'
            WHEN count(*) FILTER (WHERE certificate IS NOT NULL AND environment <> 'tested') > 0
              OR count(*) FILTER (WHERE match = 'cannot tell') > 0
            THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN count(certificate) = 0 THEN 'no certificate is in question: '
                 || min(layer || ', ' || why)
            ELSE group_concat(CASE WHEN certificate IS NOT NULL
                 THEN layer || ': certificate ' || certificate || ', operating system '
                      || environment
                      WHEN match = 'cannot tell' THEN layer || ': ' || why END, '; ')
            END AS reason
  FROM (SELECT l.subject, l.layer, l.certificate, l.match, l.why,
               coalesce((SELECT max(iif(e.basis = 'tested', 'tested', 'affirmed by the vendor only'))
                           FROM catalog_cmvp_environments e
                          WHERE e.certificate = l.certificate AND e.os_family = l.os_family
                            AND l.os_version GLOB coalesce(e.os_version, '*')),
                        CASE WHEN EXISTS (SELECT 1 FROM catalog_cmvp_environments e
                                           WHERE e.certificate = l.certificate)
                             THEN 'not listed' ELSE 'not known to the catalogue' END)
               AS environment
          FROM ledger l WHERE l.layer IN ('kernel', 'openssl', 'go')
         ORDER BY l.subject, CASE l.layer WHEN 'kernel' THEN 1 ELSE 2 END)
 GROUP BY subject;
