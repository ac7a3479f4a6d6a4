-- id: config-aws-endpoint
-- order: 530
-- title: AWS is called through FIPS endpoints
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: config.aws_endpoint config.file
-- rationale: Outside GovCloud the regular endpoints are not the FIPS ones. A configured
--   endpoint URL silently switches use_fips_endpoint off. Where a region has no FIPS
--   endpoint of a service, SDKs make up a name that may not exist: only a host that is
--   listed counts.
-- remediation: Write "use_fips_endpoint = true" into the profile (or set
--   AWS_USE_FIPS_ENDPOINT=true) and remove endpoint_url, or write
--   "ignore_configured_endpoint_urls = true".
-- references: https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
-- since: 0.1.0
WITH what AS (
	SELECT a.*, CASE
	       WHEN f.outcome IS NOT 'observed' THEN 'gone'
	       WHEN url_host IS NOT NULL AND url_plain = 1 THEN 'plain'
	       WHEN url_host IS NOT NULL AND fips_overridden = 1
		    AND url_host NOT LIKE '%fips%' THEN 'overridden'
	       WHEN url_host IS NOT NULL THEN 'url'
	       WHEN use_fips = 1 AND region IS NULL THEN 'no-region'
	       WHEN use_fips = 1 THEN 'fips'
	       WHEN region IS NULL THEN 'nothing'
	       WHEN region GLOB 'us-gov-*' THEN 'gov'
	       ELSE 'not-asked' END AS found
	  FROM config_aws_endpoint a
	  LEFT JOIN config_file f ON f.scope = a.scope AND f.key = a.file)
SELECT subject,
       CASE WHEN found IN ('plain', 'overridden', 'not-asked') THEN 'not-satisfied'
            ELSE 'unknown' END AS verdict,
       file || ':' || coalesce(lines ->> CASE WHEN url_host IS NOT NULL THEN 'url_host'
                                              ELSE 'use_fips' END, line)
       || ': profile ' || coalesce(profile, '?') ||
       CASE found
       WHEN 'gone' THEN ' cannot be read now'
       WHEN 'plain' THEN ' calls ' || service || ' without TLS (http://' || url_host || '); remove ' || url_by
       WHEN 'overridden' THEN ' asks for FIPS endpoints, but ' || url_by || ' (' || url_host || ') switches that off silently; remove it or write ''ignore_configured_endpoint_urls = true'''
       WHEN 'url' THEN ' calls ' || url_host || ' by ' || url_by || '; no list of FIPS hosts was consulted'
       WHEN 'no-region' THEN ' asks for FIPS endpoints, but names no region; write ''region = ...'''
       WHEN 'nothing' THEN ' asks for no FIPS endpoints and names no region; write ''use_fips_endpoint = true'''
       WHEN 'fips' THEN ' asks for FIPS endpoints in ' || region || '; no list of FIPS hosts was consulted'
       WHEN 'gov' THEN ' asks for no FIPS endpoints in ' || region || ', where of some services the regular endpoint is the FIPS one; write ''use_fips_endpoint = true'''
       ELSE ' asks for no FIPS endpoints in ' || region || '; write ''use_fips_endpoint = true'''
       END AS reason
  FROM what;
