-- id: config-tls-suites
-- order: 541
-- title: Servers negotiate cipher suites of approved algorithms only
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: config.tls
-- catalogs: tls-suites
-- rationale: Suites of TLS 1.2 and of TLS 1.3 are set apart: ssl_ciphers in nginx,
--   ciphers in HAProxy and cipher_suites in Envoy say nothing of TLS 1.3. Where its
--   suites are not set, the library decides, and the defaults of OpenSSL, BoringSSL and
--   Go include ChaCha20. SP 800-52 Rev. 2 names suites with an ephemeral key exchange, an
--   ECDSA or RSA signature and AES. A class of suites such as HIGH means what the
--   library makes of it.
-- remediation: Name the suites of TLS 1.2 (ECDHE-ECDSA-AES256-GCM-SHA384,
--   ECDHE-RSA-AES256-GCM-SHA384 and their AES128-GCM-SHA256 forms) and those of TLS 1.3
--   ("ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256;" in
--   nginx, "ciphersuites" in HAProxy). Where TLS 1.3 suites cannot be set, run the
--   program with a validated module in FIPS mode and test its endpoint.
-- references: https://doi.org/10.6028/NIST.SP.800-52r2 https://doi.org/10.6028/NIST.SP.800-131Ar2 https://nginx.org/en/docs/http/ngx_http_ssl_module.html
-- since: 0.1.0
WITH able AS (
	SELECT t.*,
	       -- what is not understood may be anything
	       EXISTS (SELECT 1 FROM json_each(t.unread)
		       WHERE value IN ('min_version', 'max_version', 'versions')) AS any_version,
	       EXISTS (SELECT 1 FROM json_each(t.versions) WHERE value = '1.3') AS v13,
	       EXISTS (SELECT 1 FROM json_each(t.versions) WHERE value < '1.3') AS v12
	  FROM config_tls t),
asked AS (
	SELECT *,
	       any_version OR (versions IS NULL OR v13)
		AND coalesce(max_version, '1.3') >= '1.3' AS with13,
	       any_version OR (versions IS NULL OR v12)
		AND coalesce(min_version, '1.0') < '1.3' AS with12
	  FROM able),
suite AS (
	SELECT t.subject, l.list, j.value AS name, coalesce(c.approved, 'not listed') AS approved
	  FROM asked t, (SELECT 'suites' AS list UNION ALL SELECT 'suites13') l,
	       json_each(CASE l.list WHEN 'suites' THEN t.suites ELSE t.suites13 END) j
	  LEFT JOIN catalog_tls_suites c ON c.name = j.value
		 || iif(j.value LIKE '%_CHACHA20_POLY1305', '_SHA256', '') -- Go's older name
	 WHERE CASE l.list WHEN 'suites' THEN t.with12 ELSE t.with13 END),
what AS (
	SELECT t.*,
	       (SELECT min(list) FROM suite s WHERE s.subject = t.subject AND approved = 'no') AS bad_list,
	       (SELECT group_concat(name, ', ') FROM
		(SELECT DISTINCT name FROM suite s WHERE s.subject = t.subject AND approved = 'no'
		  ORDER BY name LIMIT 5)) AS bad,
	       (SELECT min(name || CASE approved WHEN 'conditional'
		       THEN ', which is approved only where the module is validated for it'
		       ELSE ', which the catalog does not name' END)
		  FROM suite s WHERE s.subject = t.subject
		   AND approved NOT IN ('yes', 'no')) AS maybe,
	       EXISTS (SELECT 1 FROM json_each(t.unread) WHERE value = 'suites') AS open12,
	       EXISTS (SELECT 1 FROM json_each(t.unread) WHERE value = 'suites13') AS open13
	  FROM asked t),
found AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN unread IS NULL OR component IS NULL
		    OR component IN ('apache', 'haproxy', 'nginx', 'postgresql') AND includes IS NULL THEN 'untold'
	       WHEN NOT with12 AND NOT with13 THEN 'untold'
	       WHEN bad IS NOT NULL THEN 'bad'
	       WHEN with12 AND open12 OR with13 AND open13 THEN 'unread'
	       WHEN with12 AND coalesce(json_array_length(suites), 0) = 0 THEN 'none'
	       WHEN with13 AND coalesce(json_array_length(suites13), 0) = 0 THEN 'default13'
	       WHEN maybe IS NOT NULL THEN 'maybe'
	       WHEN includes THEN 'included'
	       ELSE 'good' END AS found
	  FROM what)
SELECT subject,
       CASE found WHEN 'bad' THEN 'not-satisfied' WHEN 'good' THEN 'satisfied'
                  ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> CASE WHEN found IN ('default13', 'unread') AND NOT open12 THEN 'suites13'
					      ELSE coalesce(bad_list, 'suites') END,
			       lines ->> 'suites', lines ->> 'versions', lines ->> 'min_version', line)
       || ': ' || coalesce(component, 'a server') || coalesce(' ' || name, '') ||
       CASE found
       WHEN 'untold' THEN ': the evidence lacks part of what it states'
       WHEN 'included' THEN ' includes a file that was not read, which may set other suites'
       WHEN 'unread' THEN ' allows suites by a class or a name that is not known; name each suite'
       WHEN 'none' THEN ' names no suites of TLS 1.2, so that its library decides; name each suite'
       WHEN 'default13' THEN ' allows TLS 1.3 and '
	    || CASE component
	       WHEN 'nginx' THEN 'does not set its suites, which ssl_ciphers does not do; the defaults of OpenSSL include TLS_CHACHA20_POLY1305_SHA256; write ''ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256;'''
	       WHEN 'apache' THEN 'does not set its suites, which ''SSLCipherSuite SUITES'' does not do; the defaults of OpenSSL include TLS_CHACHA20_POLY1305_SHA256; write ''SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256'''
	       WHEN 'haproxy' THEN 'does not set its suites, which ciphers does not do; the defaults of OpenSSL include TLS_CHACHA20_POLY1305_SHA256; write ''ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256'''
	       WHEN 'envoy' THEN 'has no setting for its suites, which include TLS_CHACHA20_POLY1305_SHA256 unless the build is a FIPS one; set tls_maximum_protocol_version: TLSv1_2 or collect evidence from the endpoint'
	       ELSE 'has no setting here for its suites, whose defaults include TLS_CHACHA20_POLY1305_SHA256 unless its module runs in FIPS mode; collect evidence from the endpoint' END
       WHEN 'bad' THEN ' allows suites that are not approved: ' || bad || '; remove them'
       WHEN 'maybe' THEN ' allows ' || maybe
       ELSE ' allows suites of approved algorithms only' END END AS reason
  FROM found;
