-- title: The components of the CycloneDX 1.6 CBOM: modules, protocols, algorithms, certificates
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: whole-ledger
-- Each row is a component as JSON; what is not known is left out (json_patch
-- drops NULL, as RFC 7396 says). The report adds bom-ref and the frame.
, modules AS (
	SELECT l.layer, l.name, l.version, l.match, l.certificate, l.standard, l.level,
	       l.status, l.environment, l.used_for, l.inherited, l.why,
	       count(*) AS places, c.vendor, c.module, c.source
	  FROM ledger l LEFT JOIN catalog_cmvp_certificates c ON c.certificate = l.certificate
	 WHERE coalesce(l.name, l.version) IS NOT NULL
	 GROUP BY l.layer, l.name, l.version, l.match, l.certificate, l.environment,
	          l.used_for, l.inherited, l.why),
said AS (
	SELECT m.*, (SELECT json_group_array(json_object('name', 'exhibit:' || p.n, 'value', p.v))
	               FROM (SELECT 'layer' AS n, m.layer AS v
	                     UNION ALL SELECT 'basis', m.match
	                     UNION ALL SELECT 'certificate', m.certificate
	                     UNION ALL SELECT 'certified-module', m.module
	                     UNION ALL SELECT 'certified-vendor', m.vendor
	                     UNION ALL SELECT 'standard', 'FIPS ' || m.standard
	                     UNION ALL SELECT 'level', m.level
	                     UNION ALL SELECT 'status', m.status
	                     UNION ALL SELECT 'environment', m.environment
	                     UNION ALL SELECT 'used-for', m.used_for
	                     UNION ALL SELECT 'inherited-from', m.inherited
	                     UNION ALL SELECT 'places', CAST(m.places AS TEXT)) p
	              WHERE p.v IS NOT NULL) AS properties
	  FROM modules m)
SELECT component FROM (
SELECT 1 AS n, layer AS sort, json_patch('{}', json_object(
       'type', iif(layer = 'kernel', 'operating-system', 'library'),
       'name', coalesce(name, layer), 'version', version, 'description', why,
       'externalReferences', iif(source LIKE 'https://%', json_array(json_object(
           'type', 'certification-report', 'url', source,
           'comment', 'CMVP certificate ' || certificate)), NULL),
       'properties', json(properties))) AS component
  FROM said
UNION ALL
SELECT 2, version, json_object('type', 'cryptographic-asset', 'name', version,
       'cryptoProperties', json_object('assetType', 'protocol', 'protocolProperties', json_object(
           'type', 'tls', 'version', replace(replace(version, 'TLS ', ''), 'SSL ', 'SSL '),
           'cipherSuites', (SELECT json_group_array(json_object('name', s.name, 'identifiers',
                 json_array('0x' || substr(s.id, 3, 2), '0x' || substr(s.id, 5, 2))))
              FROM (SELECT DISTINCT name, id FROM tls_suite
                     WHERE outcome = 'observed' AND version = t.version
                     ORDER BY id) s))),
       'properties', json_array(json_object('name', 'exhibit:places',
           'value', CAST(count(DISTINCT scope) AS TEXT))))
  FROM tls_suite t WHERE outcome = 'observed' AND version IS NOT NULL GROUP BY version
UNION ALL
SELECT 3, name, json_object('type', 'cryptographic-asset', 'name', name,
       'cryptoProperties', json_object('assetType', 'algorithm', 'algorithmProperties', json_object(
           'primitive', iif(name LIKE '%MLKEM%', 'kem', 'key-agree'), 'parameterSetIdentifier', name)),
       'properties', json_array(json_object('name', 'exhibit:places',
           'value', CAST(count(DISTINCT scope) AS TEXT))))
  FROM tls_group WHERE outcome = 'observed' AND name IS NOT NULL GROUP BY name
UNION ALL
SELECT 4, name, json_object('type', 'cryptographic-asset', 'name', name,
       'cryptoProperties', json_object('assetType', 'algorithm', 'algorithmProperties', json_object(
           'primitive', 'signature', 'parameterSetIdentifier', name)),
       'properties', json_array(json_object('name', 'exhibit:places',
           'value', CAST(count(DISTINCT scope) AS TEXT))))
  FROM tls_signature WHERE outcome = 'observed' AND name IS NOT NULL GROUP BY name
UNION ALL
SELECT 5, max(subject_name), json_patch('{}', json_object('type', 'cryptographic-asset',
       'name', coalesce(max(subject_name), sha256),
       'cryptoProperties', json_object('assetType', 'certificate', 'certificateProperties', json_object(
           'subjectName', max(subject_name), 'issuerName', max(issuer),
           'notValidBefore', max(not_before), 'notValidAfter', max(not_after),
           'certificateFormat', 'X.509')),
       'properties', json_array(json_object('name', 'exhibit:sha256', 'value', sha256),
           json_object('name', 'exhibit:places', 'value', CAST(count(DISTINCT scope) AS TEXT)))))
  FROM (SELECT scope, sha256, subject_alt_names ->> '$[0]' AS subject_name, issuer, not_before, not_after
          FROM tls_certificate WHERE outcome = 'observed' AND sha256 IS NOT NULL)
 GROUP BY sha256)
 ORDER BY n, sort, component;
