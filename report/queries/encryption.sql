-- title: How each resource of AWS is encrypted at rest, and under whose key
-- with: aws-at-rest
-- param: scope [*] scopes that match, as in aws/111122223333/*
-- param: service [*] services that match, as in S3*
SELECT service, key AS resource, CASE WHEN outcome <> 'observed' THEN outcome
       ELSE coalesce(how, 'not known') END AS encrypted, kms_key,
       CASE manager WHEN 'AWS' THEN 'AWS' WHEN 'CUSTOMER' THEN 'customer' END AS key_manager,
       scope
  FROM resource WHERE scope GLOB :scope AND service GLOB :service
 ORDER BY service, scope, key;
