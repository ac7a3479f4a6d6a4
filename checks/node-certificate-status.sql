-- id: node-certificate-status
-- order: 90
-- title: The modules' certificates are active on the date asked about
-- severity: high
-- layer: certificate
-- controls: nist-800-53r5 sc-13 sa-4; nist-800-171r2 3.13.11; cmmc-l2
--   SC.L2-3.13.11; fedramp-20x UCM-CSX-UVM
-- kinds: node node.provider node.package
-- catalogs: cmvp-certificate cmvp-identity cmvp-status
-- with: module-ledger
-- rationale: Certificates move to Historical, by sunset, replacement or transition;
--   every FIPS 140-2 certificate did on 2026-09-22. The status belongs to a date, is
--   observed and not computed from a printed sunset. Where the newest observation is
--   over 90 days old, or the sunset has passed since, it is unknown until somebody
--   looks.
-- remediation: Look up the certificates named at
--   csrc.nist.gov/projects/cryptographic-module-validation-program, move to a module
--   with an active certificate, or record the risk decision for the historical one.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN k.match = 'none' OR o.match = 'none'
         OR k.status IN ('historical', 'not yet validated')
         OR o.status IN ('historical', 'not yet validated') THEN 'not-satisfied'
       WHEN k.status = 'active' AND o.status = 'active' THEN 'satisfied'
       ELSE 'unknown' END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       ELSE 'kernel ' || coalesce('#' || k.certificate || ' (' || k.standard || ') ' || k.status
                 || ', observed ' || k.status_on, k.why, 'not seen')
            || '; OpenSSL ' || coalesce('#' || o.certificate || ' (' || o.standard || ') '
                 || o.status || ', observed ' || o.status_on, o.why, 'not seen')
            || CASE WHEN 'unknown' IN (k.status, o.status)
                    THEN '; check live at csrc.nist.gov' ELSE '' END
       END AS reason
  FROM node n
  LEFT JOIN module k ON k.subject = n.subject AND k.module = 'kernel'
  LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY subject ORDER BY
                    CASE match WHEN 'exact' THEN 1 WHEN 'stream' THEN 2 ELSE 3 END, name) AS n
               FROM module WHERE module = 'openssl') o
         ON o.subject = n.subject AND o.n = 1;
