-- id: node-certificate-status
-- order: 90
-- title: The modules' certificates are active on the date asked about
-- severity: high
-- layer: certificate
-- controls: nist-800-53r5 sc-13 sa-4; nist-800-171r2 3.13.11; cmmc-l2
--   SC.L2-3.13.11; fedramp-20x UCM-CSX-UVM
-- kinds: node
-- rationale: Certificates move to Historical, by sunset, replacement or transition;
--   every FIPS 140-2 certificate did on 2026-09-22. The status belongs to a date
--   and cannot be computed from a printed sunset. No catalogue was consulted for
--   this report, so it stays unknown.
-- remediation: Look up each certificate's status and its date at
--   csrc.nist.gov/projects/cryptographic-module-validation-program.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject, 'unknown' AS verdict,
       CASE
       WHEN outcome <> 'observed' THEN 'node ' || outcome || ': ' || reason
       ELSE 'no certificate catalogue was consulted'
       END AS reason
  FROM node;
