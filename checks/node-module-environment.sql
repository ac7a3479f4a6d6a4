-- id: node-module-environment
-- order: 85
-- title: The certificates were tested on the node's operating system
-- severity: medium
-- controls: nist-800-53r5 sc-13
-- kinds: node node.openssl node.provider node.bottlerocket node.package
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: module-ledger
-- rationale: A certificate holds for the environments its security policy lists as
--   tested. Affirmed by the vendor is weaker: CMVP makes no statement about it.
--   So it is unknown here, unless the profile says that it is enough. Only the
--   operating system is compared; the processor has to be compared by hand.
-- remediation: Compare the environment with the list in the certificate's security
--   policy; where it is not tested, record the risk decision.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT l.subject,
       CASE WHEN count(l.certificate) = 0
            THEN iif(count(*) FILTER (WHERE l.match = 'cannot tell') > 0, 'unknown',
                     'not-applicable')
            WHEN count(*) FILTER (WHERE l.environment = 'not listed') > 0
            THEN 'not-satisfied'
            WHEN count(*) FILTER (WHERE l.environment = 'not known to the catalogue'
                     OR (l.environment = 'affirmed by the vendor only'
                         AND p.environment <> 'affirmed')) > 0
              OR count(*) FILTER (WHERE l.match = 'cannot tell') > 0
            THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN count(l.certificate) = 0 THEN iif(count(*) FILTER (
                 WHERE l.match = 'cannot tell') > 0, 'not evaluated: ', 'no certificate applies: ')
                 || group_concat(l.layer || ': ' || l.why, '; ')
            ELSE group_concat(CASE WHEN l.certificate IS NOT NULL
                 THEN l.layer || ': certificate ' || l.certificate || ', operating system '
                      || l.environment || iif(l.match = 'cannot tell', ' (' || l.why || ')', '')
                      WHEN l.match = 'cannot tell' THEN l.layer || ': ' || l.why END, '; ')
            END AS reason
  FROM (SELECT * FROM ledger WHERE layer IN ('kernel', 'openssl', 'go')
         ORDER BY subject, CASE layer WHEN 'kernel' THEN 1 ELSE 2 END) l
 CROSS JOIN policy p
 GROUP BY l.subject;
