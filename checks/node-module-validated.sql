-- id: node-module-validated
-- order: 80
-- title: The modules in use are validated builds or their update streams
-- severity: high
-- layer: validated
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2
--   SC.L2-3.13.11; fedramp-20x UCM-CSX-UVM UCM-CSX-CMD
-- kinds: node node.openssl node.provider node.bottlerocket node.package
-- catalogs: cmvp-certificates cmvp-identities cmvp-status
-- with: module-ledger
-- rationale: A certificate covers the listed builds. The kernel's module and the one
--   of user space (OpenSSL, or Go on Bottlerocket) must each be such a build, or,
--   as FedRAMP accepts, another build in the update stream of one. A reader whose
--   programme accepts exact builds only finds in the reason which it is. A module
--   the catalogue does not know, or whose certified builds it does not hold, is
--   unknown, never a pass. Whether the certificate is active is another check.
-- remediation: 'exhibit query modules' names each module and certificate. Install
--   the certified build or one of its stream; where the answer is unknown, compare
--   with the certificate's security policy at
--   csrc.nist.gov/projects/cryptographic-module-validation-program.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject,
       CASE WHEN count(*) FILTER (WHERE match IN ('different', 'none')) > 0
            THEN 'not-satisfied'
            WHEN count(*) FILTER (WHERE match = 'cannot tell') > 0
              OR count(DISTINCT layer) < 2 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       group_concat(text, '; ')
       || iif(count(DISTINCT layer) < 2, '; no module of user space was seen', '')
       AS reason
  FROM (SELECT subject, layer, match,
               layer || coalesce(' ' || name, '') || coalesce(' ' || version, '')
               || ': ' || match || ', ' || why AS text
          FROM ledger WHERE layer IN ('kernel', 'openssl', 'go')
         ORDER BY subject, CASE layer WHEN 'kernel' THEN 1 ELSE 2 END)
 GROUP BY subject;
