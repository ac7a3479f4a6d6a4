-- title: Which hosts of AWS were in fact called, by whom, with which TLS
-- catalogs: aws-endpoints
-- with: aws-use
-- param: scope [*] scopes that match, as in aws/111122223333/*
-- param: principal [*] principals that match
-- param: service [*] services that match, as in kms
SELECT j.service, j.place AS region, iif(j.outcome = 'observed', j.called, j.outcome) AS host, CASE j.found
       WHEN 'listed' THEN 'listed' WHEN 'regular' THEN 'not a FIPS endpoint'
       WHEN 'none-listed' THEN 'none is listed' WHEN 'vpce' THEN 'interface endpoint'
       WHEN 'aws' THEN 'called by AWS' ELSE 'not told' END AS fips,
       j.fips_host AS "FIPS endpoint", j.tls_version AS tls, j.cipher AS suite,
       j.principal, j.scope
  FROM judged j
 WHERE j.scope GLOB :scope AND coalesce(j.principal, '') GLOB :principal
   AND coalesce(j.service, '') GLOB :service
 ORDER BY j.service, 2, 3, j.principal, j.tls_version, j.cipher;
