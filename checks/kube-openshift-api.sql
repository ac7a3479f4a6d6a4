-- id: kube-openshift-api
-- order: 468
-- title: OpenShift's API server encrypts Secrets and takes approved TLS only
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13 sc-28; nist-800-171r2 3.13.8 3.13.16; cmmc-l2 SC.L2-3.13.8
-- kinds: kube.custom kube.list kube.cluster
-- catalogs: tls-openssl-names tls-suites
-- rationale: Without encryption of type aescbc or aesgcm, Secrets stand in etcd as they are.
--   The profiles Old, Intermediate and Modern have suites with ChaCha20-Poly1305, which
--   only a cluster installed with fips: true leaves out.
-- remediation: Set spec.encryption.type to aesgcm or aescbc, and a tlsSecurityProfile of type
--   Custom that names approved suites and VersionTLS12.
-- references: https://docs.redhat.com/en/documentation/openshift_container_platform/
-- since: 0.1.0
WITH api AS MATERIALIZED (
	SELECT *, fields ->> '$.spec.encryption.type' AS encryption,
	       coalesce(nullif(fields ->> '$.spec.tlsSecurityProfile.type', ''), 'Intermediate') AS profile,
	       fields ->> '$.spec.tlsSecurityProfile.custom.minTLSVersion' AS least,
	       fields -> '$.spec.tlsSecurityProfile.custom.ciphers' AS ciphers
	  FROM kube_custom
	 WHERE key GLOB 'APIServer/*'),
bad AS MATERIALIZED (
	SELECT a.subject, min(c.value) AS cipher FROM api a JOIN json_each(a.ciphers) c
	 WHERE NOT EXISTS (SELECT 1 FROM catalog_tls_openssl_names o
	          JOIN catalog_tls_suites s ON s.id = o.id
	         WHERE o.name = c.value AND s.approved = 'yes')
	   AND NOT EXISTS (SELECT 1 FROM catalog_tls_suites s
	         WHERE s.name = c.value AND s.approved = 'yes')
	 GROUP BY a.subject)
SELECT a.subject,
       CASE WHEN a.outcome <> 'observed' OR a.fields IS NULL THEN 'unknown'
            WHEN coalesce(a.encryption, '') IN ('', 'identity') OR a.profile = 'Old'
                 OR b.cipher IS NOT NULL
                 OR a.least IN ('VersionTLS10', 'VersionTLS11') THEN 'not-satisfied'
            WHEN a.encryption NOT IN ('aescbc', 'aesgcm') OR a.profile <> 'Custom'
                 OR coalesce(a.ciphers ->> '$', '[]') = '[]' OR a.least IS NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN a.outcome <> 'observed' THEN 'APIServer ' || a.outcome || ': ' || a.reason
            WHEN a.fields IS NULL THEN 'the evidence lacks its fields'
            WHEN coalesce(a.encryption, '') IN ('', 'identity')
            THEN 'encryption type ' || coalesce(nullif(a.encryption, ''), 'not set')
                 || ': Secrets are not encrypted in etcd'
            WHEN a.profile = 'Old' OR a.least IN ('VersionTLS10', 'VersionTLS11')
            THEN 'TLS before 1.2 is accepted'
            WHEN b.cipher IS NOT NULL THEN b.cipher || ' is not an approved suite of the catalog'
            WHEN a.encryption NOT IN ('aescbc', 'aesgcm')
            THEN 'could not determine what encryption type ' || a.encryption || ' does'
            WHEN a.profile <> 'Custom' THEN 'could not determine whether ChaCha20-Poly1305 is left '
                 || 'out: profile ' || a.profile || ' has it unless the cluster was installed with '
                 || 'fips: true'
            WHEN coalesce(a.ciphers ->> '$', '[]') = '[]' OR a.least IS NULL
            THEN 'could not determine the suites or the least version of profile Custom'
            ELSE 'Secrets encrypted with ' || a.encryption || '; approved suites, ' || a.least
            END AS reason
  FROM api a LEFT JOIN bad b ON b.subject = a.subject
UNION ALL
SELECT subject, 'unknown', 'not evaluated: apiservers: ' || outcome || ': ' || reason
  FROM kube_list
 WHERE key = 'apiservers.config.openshift.io' AND outcome NOT IN ('observed', 'absent');
