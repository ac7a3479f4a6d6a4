-- id: tls-fips-client
-- order: 350
-- title: A client that keeps to approved algorithms can connect
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8 SC.L2-3.13.11
-- kinds: tls.endpoint
-- rationale: A host in FIPS mode offers approved suites, groups and signatures only,
--   and in TLS 1.2 needs the extended master secret. One hello was sent that offers
--   just these; what the server made of it is what such a client would get. This
--   speaks of algorithms, not of the server's module.
-- remediation: Let the endpoint accept TLS 1.3 with TLS_AES_256_GCM_SHA384 and
--   secp256r1 or secp384r1, with an RSA or ECDSA certificate; in TLS 1.2, suites of
--   ECDHE with AES-GCM and the extended master secret.
-- references: https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
SELECT subject,
       CASE
       WHEN outcome <> 'observed' OR fips_client IS NULL THEN 'unknown'
       WHEN fips_client <> 'refused' AND (fips_version IS NULL OR fips_suite IS NULL
            OR fips_version = 'TLS 1.2' AND fips_extended_master_secret IS NULL) THEN 'unknown'
       WHEN fips_client = 'refused' THEN 'not-satisfied'
       WHEN fips_version = 'TLS 1.2' AND NOT fips_extended_master_secret
            THEN 'not-satisfied'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN outcome <> 'observed' THEN 'endpoint ' || outcome || ': ' || reason
       WHEN fips_client IS NULL THEN CASE json_array_length(unanswered)
            WHEN 0 THEN 'it answers, but accepted no version and suite that was offered'
            ELSE 'without an answer: ' || json_extract(unanswered, '$[0]') END
       WHEN fips_client <> 'refused' AND (fips_version IS NULL OR fips_suite IS NULL
            OR fips_version = 'TLS 1.2' AND fips_extended_master_secret IS NULL)
            THEN 'it negotiates, but what its answer said is not known in full'
       WHEN fips_client = 'refused'
            THEN 'a hello with approved algorithms only is refused'
       WHEN fips_version = 'TLS 1.2' AND NOT fips_extended_master_secret
            THEN 'would negotiate ' || coalesce(fips_suite, 'a suite not named')
                 || ' without the extended master secret'
       ELSE 'would negotiate ' || fips_version || ', ' || fips_suite
            || coalesce(', ' || fips_group, '')
       END AS reason
  FROM tls_endpoint;
