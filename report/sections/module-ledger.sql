-- title: Cryptographic modules and their certificates
-- order: 110
-- kinds: *
-- about: What was found on hosts, in services and images, matched with dated CMVP data. Exact: the build
--   is one the certificate lists. Stream: the vendor's later or earlier build of the
--   same module. Different: the certificate's name on another series. A status
--   belongs to the date of this report and rests on observations. Environment: is
--   the host's operating system one that the certificate was tested on? Used for: at rest,
--   in transit or other; the query modules says more.
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: whole-ledger
SELECT layer || coalesce(', inherited from ' || inherited, '') AS "where",
       trim(coalesce(name, '') || ' ' || coalesce(version, '')) AS "module found",
       match AS basis,
       CASE WHEN certificate IS NOT NULL THEN 'no. ' || certificate || ', FIPS ' || standard
                 || coalesce(', level ' || level, '') END AS certificate,
       status AS "status on the day", environment,
       substr(used_for, 1, instr(used_for || ':', ':') - 1) AS "used for",
       why, count(*) AS places
  FROM ledger
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
 ORDER BY CASE layer WHEN 'kernel' THEN 1 WHEN 'openssl' THEN 2 WHEN 'go' THEN 3
          ELSE 4 END, layer, places DESC, 2, 4;
