-- id: config-tls-suites
-- order: 541
-- title: Servers are configured for suites of approved algorithms only
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: config.tls
-- catalogs: tls-suites
-- rationale: The suites that SP 800-52 Rev. 2 names have an ephemeral key exchange with
--   an ECDSA or RSA signature and AES. ChaCha20 and triple DES are not approved; RSA key
--   transport is disallowed since 2024, and DSA signs no more. An approved algorithm is
--   not yet a validated module. A class of suites such as HIGH means what the library
--   makes of it, so that suites have to be named.
-- remediation: Name the suites: TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
--   TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 and their AES_128_GCM_SHA256 forms (in nginx
--   ECDHE-ECDSA-AES256-GCM-SHA384 and so on).
-- references: https://doi.org/10.6028/NIST.SP.800-52r2 https://doi.org/10.6028/NIST.SP.800-131Ar2
-- since: 0.1.0
WITH suite AS (
	SELECT t.subject, j.value AS name, coalesce(c.approved, 'not listed') AS approved
	  FROM config_tls t, json_each(t.suites) j
	  LEFT JOIN catalog_tls_suites c ON c.name = j.value
		 || iif(j.value LIKE '%_CHACHA20_POLY1305', '_SHA256', '')), -- Go's older name
what AS (
	SELECT t.*, (SELECT group_concat(name, ', ') FROM
		      (SELECT name FROM suite s WHERE s.subject = t.subject AND approved = 'no'
		        ORDER BY name LIMIT 5)) AS bad,
	       (SELECT min(name || CASE approved WHEN 'conditional'
	               THEN ', which is approved only where the module is validated for it'
	               ELSE ', which the catalogue does not name' END)
		  FROM suite s WHERE s.subject = t.subject
		   AND approved NOT IN ('yes', 'no')) AS maybe, CASE
	       WHEN t.outcome <> 'observed' THEN 'gone'
	       WHEN t.unread IS NULL OR t.component IS NULL
		    OR t.component = 'haproxy' AND t.includes IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(t.unread) WHERE value = 'suites') THEN 'unread'
	       WHEN t.min_version = '1.3' OR (json_array_length(t.versions) = 1
		    AND t.versions ->> 0 = '1.3') THEN 'only13'
	       WHEN t.suites IS NULL OR json_array_length(t.suites) = 0 THEN 'none'
	       WHEN EXISTS (SELECT 1 FROM suite s WHERE s.subject = t.subject AND approved = 'no')
		    THEN 'bad'
	       WHEN EXISTS (SELECT 1 FROM suite s WHERE s.subject = t.subject AND approved <> 'yes')
		    THEN 'maybe'
	       WHEN t.component = 'haproxy' AND t.includes THEN 'list'
	       ELSE 'good' END AS found
	  FROM config_tls t)
SELECT subject,
       CASE found WHEN 'bad' THEN 'not-satisfied' WHEN 'good' THEN 'satisfied'
                  ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'suites', line)
       || ': ' || coalesce(component, 'a server') || coalesce(' ' || name, '') ||
       CASE found
       WHEN 'untold' THEN ': the evidence lacks a part of what it states'
       WHEN 'list' THEN ' has a crt-list, which is not opened and may set others for one certificate'
       WHEN 'unread' THEN ' names no list of suites, but classes or suites that are not known; name each suite'
       WHEN 'only13' THEN ' allows TLS 1.3 only, whose suites are not configured here'
       WHEN 'none' THEN ' names no suites, so that its library decides; name each suite'
       WHEN 'bad' THEN ' allows suites that are not approved: ' || bad || '; remove them'
       WHEN 'maybe' THEN ' allows ' || maybe
       ELSE ' allows suites of approved algorithms only' END END AS reason
  FROM what;
