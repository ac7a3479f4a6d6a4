-- id: node-module-validated
-- order: 80
-- title: The modules in use are validated builds
-- severity: high
-- layer: validated
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2
--   SC.L2-3.13.11; fedramp-20x UCM-CSX-UVM UCM-CSX-CMD
-- kinds: node node.provider node.package
-- catalogs: cmvp-certificate cmvp-identity cmvp-status
-- with: module-ledger
-- rationale: A certificate covers the builds it lists. The kernel's module and
--   OpenSSL's must be such a build, or an update stream of it, which FedRAMP accepts
--   and others may not: the reason says which it is. What the catalogue does not know
--   is unknown.
-- remediation: Install the validated build (Ubuntu Pro fips, Amazon Linux
--   openssl-fips-provider-certified), or document the update stream as your programme
--   asks. Look up what is unknown at
--   csrc.nist.gov/projects/cryptographic-module-validation-program.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN k.match = 'none' OR o.match = 'none' THEN 'not-satisfied'
       WHEN k.match IN ('exact', 'stream') AND o.match IN ('exact', 'stream')
            THEN 'satisfied'
       ELSE 'unknown' END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       ELSE 'kernel ' || coalesce(k.match || ', ' || coalesce(k.name || ' ', '') || k.version
                 || ': ' || k.why, 'not seen: it names no module and no release')
            || '; OpenSSL ' || coalesce(o.match || ', ' || o.name || ' ' || o.version
                 || ': ' || o.why, 'not seen: no FIPS provider is active, and no package '
                 || 'of a validated module is known')
       END AS reason
  FROM node n
  LEFT JOIN module k ON k.subject = n.subject AND k.module = 'kernel'
  LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY subject ORDER BY
                    CASE match WHEN 'exact' THEN 1 WHEN 'stream' THEN 2 ELSE 3 END, name) AS n
               FROM module WHERE module = 'openssl') o
         ON o.subject = n.subject AND o.n = 1;
