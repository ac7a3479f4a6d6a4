-- id: node-module-validated
-- order: 80
-- title: The modules in use are validated builds, or their update streams where accepted
-- severity: high
-- layer: validated
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: node node.openssl node.provider node.bottlerocket node.package
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: module-ledger
-- rationale: A certificate covers the listed builds. The kernel's module and the one
--   of user space (OpenSSL, or Go on Bottlerocket) must each be such a build, or,
--   where the profile accepts update streams as FedRAMP does, another build in the
--   stream of one; and the certificate's standard must be one that the profile
--   counts. A module the catalogue does not know, or whose certified builds it does
--   not hold, is unknown, never a pass. Whether the certificate is active is another
--   check.
-- remediation: 'exhibit query modules' names each module and certificate. Install
--   the certified build or one of its stream; where the answer is unknown, compare
--   with the certificate's security policy at
--   csrc.nist.gov/projects/cryptographic-module-validation-program.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject,
       CASE WHEN count(*) FILTER (WHERE accepted = 0) > 0 THEN 'not-satisfied'
            WHEN count(*) FILTER (WHERE accepted IS NULL) > 0
              OR count(DISTINCT layer) < 2 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       group_concat(text, '; ')
       || iif(count(DISTINCT layer) < 2, '; no module of user space was seen', '')
       AS reason
  FROM (SELECT l.subject, l.layer, l.accepted,
               l.layer || coalesce(' ' || l.name, '') || coalesce(' ' || l.version, '')
               || ': ' || l.match || ', ' || l.why
               || CASE WHEN l.accepted = 0 AND l.match IN ('exact', 'stream', 'cannot tell')
                       THEN iif(instr(' ' || p.standards || ' ', ' ' || l.standard || ' ') = 0,
                                ', but the profile does not count FIPS ' || l.standard,
                                ', but the profile accepts exact builds only')
                       ELSE '' END AS text
          FROM ledger l CROSS JOIN policy p WHERE l.layer IN ('kernel', 'openssl', 'go')
         ORDER BY l.subject, CASE l.layer WHEN 'kernel' THEN 1 ELSE 2 END)
 GROUP BY subject;
