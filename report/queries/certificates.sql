-- title: Every certificate of the catalogue and its status as of the day
-- param: kind [*] kinds of module that match: kernel, openssl, hsm-kms ...
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- evidence: none
-- with: certificate-status
SELECT s.certificate, c.standard, c.level, c.kind, c.vendor, c.module, c.builds,
       c.validated, c.sunset, c.interim, c.successor, s.state, s.why AS status, c.source
  FROM module_status s JOIN catalog_cmvp_certificates c USING (certificate)
 WHERE c.kind GLOB :kind
 ORDER BY CAST(s.certificate AS INTEGER);
