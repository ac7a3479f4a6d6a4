-- title: Cryptographic modules and their certificates
-- order: 80
-- kinds: node
-- about: Which module, which build, which CMVP certificate, and its status on the date
--   of this report. Exact: the validated build. Stream: another build of the same
--   vendor's module. A status is an observation of its date; unknown means: look it
--   up at csrc.nist.gov.
-- with: module-ledger
SELECT module, name, version, match, certificate, standard, level, status,
       status_on AS "status of", sunset, count(*) AS nodes, min(node) AS "one of them", why
  FROM module
 GROUP BY module, name, version, match, certificate, status, why
 ORDER BY CASE module WHEN 'kernel' THEN 1 WHEN 'openssl' THEN 2 ELSE 3 END, module,
          name, version;
