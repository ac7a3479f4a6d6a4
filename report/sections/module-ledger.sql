-- title: Cryptographic modules and their certificates
-- order: 110
-- kinds: *
-- about: What was found on hosts, in services and images, matched with dated CMVP data. Exact: the build
--   is one the certificate lists. Stream: the vendor's later or earlier build of the
--   same module. Different: the certificate's name on another series. A status
--   belongs to the date of this report and rests on observations. Environment: is
--   the host's operating system one that the certificate was tested on?
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status
-- with: whole-ledger
SELECT layer AS "where", trim(coalesce(name, '') || ' ' || coalesce(version, '')) AS "module found",
       certificate,
       CASE WHEN certificate IS NOT NULL THEN 'FIPS ' || standard
                 || coalesce(', level ' || level, '') END AS standard,
       match AS basis, status AS "status on the day", environment, used_for AS "used for", inherited AS "inherited from",
       why, count(*) AS places
  FROM ledger
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
 ORDER BY CASE layer WHEN 'kernel' THEN 1 WHEN 'openssl' THEN 2 WHEN 'go' THEN 3
          ELSE 4 END, layer, places DESC, 2, 3;
