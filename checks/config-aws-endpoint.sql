-- id: config-aws-endpoint
-- order: 530
-- title: AWS is called through FIPS endpoints
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: config.aws_endpoint
-- catalogs: aws-endpoints
-- rationale: Outside GovCloud the regular endpoints are not the FIPS ones. A configured
--   endpoint URL silently switches use_fips_endpoint off. Where a region has no FIPS
--   endpoint of a service, SDKs make up a name that may not exist: only a host that is
--   listed counts.
-- remediation: Write "use_fips_endpoint = true" into the profile (or set
--   AWS_USE_FIPS_ENDPOINT=true) and remove endpoint_url, or write
--   "ignore_configured_endpoint_urls = true".
-- references: https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
-- since: 0.1.0
WITH e AS (
	SELECT a.*,
	       (SELECT min(host) FROM catalog_aws_endpoints h
		 WHERE h.service = a.service AND h.region = a.catalog_region
		   AND (h.grade = 'listed-dualstack') = a.use_dualstack) AS host,
	       (SELECT min(host || iif(grade = 'rules-regular', ' (by the rules of the SDKs)', '')) FROM catalog_aws_endpoints h
		 WHERE h.service = a.service AND h.region = a.catalog_region
		   AND h.grade IN ('listed-regular', 'rules-regular')) AS regular,
	       EXISTS (SELECT 1 FROM catalog_aws_endpoints h
		        WHERE h.service = a.service AND h.host = lower(a.url_host)) AS url_listed
	  FROM config_aws_endpoint a),
what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN url_host IS NOT NULL AND url_plain = 1 THEN 'plain'
	       WHEN url_host LIKE '%.vpce.amazonaws.com' THEN 'vpce'
	       WHEN url_host IS NOT NULL AND url_listed THEN 'url-fips'
	       WHEN url_host IS NOT NULL AND fips_overridden = 1 THEN 'overridden'
	       WHEN url_host IS NOT NULL THEN 'url'
	       WHEN region IS NULL AND use_fips = 1 THEN 'no-region'
	       WHEN region IS NULL THEN 'nothing'
	       WHEN use_fips = 1 AND host IS NOT NULL THEN 'fips'
	       WHEN use_fips = 1 THEN 'derived'
	       WHEN regular IS NOT NULL AND use_dualstack = 0 THEN 'regular'
	       ELSE 'not-asked' END AS found
	  FROM e)
SELECT subject,
       CASE WHEN found IN ('gone', 'vpce', 'no-region', 'nothing', 'derived') THEN 'unknown'
            WHEN found IN ('url-fips', 'fips', 'regular') THEN 'satisfied'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> CASE WHEN url_host IS NOT NULL THEN 'url_host'
                                              ELSE 'use_fips' END, line)
       || ': profile ' || coalesce(profile, '?') ||
       CASE found
       WHEN 'plain' THEN ' calls ' || service || ' without TLS (http://' || url_host || '); remove ' || url_by
       WHEN 'vpce' THEN ' calls ' || service || ' through the interface endpoint ' || url_host || ', which no list of FIPS hosts names'
       WHEN 'url-fips' THEN ' calls ' || service || ' at ' || url_host || ', a listed FIPS host'
       WHEN 'overridden' THEN ' asks for FIPS endpoints, but ' || url_by || ' (' || url_host || ') switches that off silently; remove it or write ''ignore_configured_endpoint_urls = true'''
       WHEN 'url' THEN ' calls ' || url_host || ', which is not a listed FIPS host of ' || service || '; remove ' || url_by || ' and write ''use_fips_endpoint = true'''
       WHEN 'no-region' THEN ' asks for FIPS endpoints, but names no region; write ''region = ...'''
       WHEN 'nothing' THEN ' asks for no FIPS endpoints and names no region; write ''use_fips_endpoint = true'''
       WHEN 'fips' THEN ' calls ' || service || ' at ' || host || ', a listed FIPS host'
       WHEN 'derived' THEN ' asks for FIPS endpoints, but ' || service || ' has none in the list for ' || region || ': the name an SDK makes up is derived and may not exist'
       WHEN 'regular' THEN ' calls ' || service || ' at ' || regular || ', where the regular endpoint is the FIPS one'
       ELSE ' asks for no FIPS endpoints in ' || region || '; write ''use_fips_endpoint = true'''
       END END AS reason
  FROM what;
