-- title: Cryptographic modules for a security plan, in the manner of FedRAMP's Appendix Q
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: whole-ledger
SELECT l.layer AS "part", l.name AS "module found", l.version AS "version found",
       c.vendor, c.module AS "module validated", l.certificate AS "certificate",
       l.standard AS "FIPS 140 standard", l.level AS "level", l.match AS "basis",
       l.state AS "state", l.status AS "status", date(t.d) AS "status on",
       c.validated, c.sunset, l.environment AS "environment",
       l.used_for AS "used for", l.inherited AS "inherited from",
       iif(count(*) <= 5, group_concat(l.scope, ', '),
           min(l.scope) || ' and ' || (count(*) - 1) || ' more') AS "where",
       count(*) AS "places", l.why AS "why", c.source AS "looked up at"
  FROM (SELECT * FROM ledger ORDER BY scope) l CROSS JOIN today t
  LEFT JOIN catalog_cmvp_certificates c ON c.certificate = l.certificate
 GROUP BY l.layer, l.name, l.version, l.certificate, l.match, l.state, l.environment,
          l.used_for, l.inherited, l.why
 ORDER BY CASE l.layer WHEN 'kernel' THEN 1 WHEN 'openssl' THEN 2 WHEN 'go' THEN 3
          ELSE 4 END, l.layer, places DESC, l.name, l.version, l.certificate;
