-- id: config-tls-versions
-- order: 540
-- title: Servers are configured for TLS 1.2 and 1.3 only
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8
-- kinds: config.tls
-- rationale: SP 800-52 Rev. 2 forbids SSL 2.0 and 3.0 and TLS 1.0, and TLS 1.1 should not
--   be used. Where the file says nothing, the version of the program decides.
-- remediation: Write "ssl_protocols TLSv1.2 TLSv1.3;" (nginx), "SSLProtocol -all +TLSv1.2
--   +TLSv1.3" (Apache), "ssl-min-ver TLSv1.2"
--   (HAProxy), "tls_minimum_protocol_version: TLSv1_2" (Envoy), "tlsMinVersion:
--   VersionTLS12" (kubelet), "--tls-min-version=VersionTLS12" (kube-apiserver) or
--   "--tls-min-version=TLS1.2" (etcd).
-- references: https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
WITH what AS (
	SELECT t.*, (SELECT min(value) FROM json_each(t.versions)) AS lowest, CASE
	       WHEN t.outcome <> 'observed' THEN 'gone'
	       WHEN t.unread IS NULL OR t.component IS NULL
		    OR t.component IN ('apache', 'haproxy', 'nginx', 'postgresql') AND t.includes IS NULL THEN 'untold'
	       WHEN EXISTS (SELECT 1 FROM json_each(t.unread)
			     WHERE value IN ('min_version', 'versions')) THEN 'unread'
	       WHEN t.min_version IS NULL AND t.versions IS NULL THEN 'none'
	       WHEN json_array_length(t.versions) = 0 THEN 'unread'
	       WHEN t.min_version < '1.2'
		    OR (SELECT min(value) FROM json_each(t.versions)) < '1.2' THEN 'old'
	       WHEN t.includes THEN 'list'
	       ELSE 'good' END AS found
	  FROM config_tls t)
SELECT subject,
       CASE found WHEN 'old' THEN 'not-satisfied' WHEN 'good' THEN 'satisfied'
                  ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'versions', lines ->> 'min_version', line)
       || ': ' || coalesce(component, 'a server') || coalesce(' ' || name, '') ||
       CASE found
       WHEN 'untold' THEN ': the evidence lacks a part of what it states'
       WHEN 'list' THEN ' includes a file that was not read, which may set other versions'
       WHEN 'unread' THEN ' names a version that is not understood'
       WHEN 'none' THEN ' does not say which versions of TLS; write '
            || CASE component WHEN 'nginx' THEN '''ssl_protocols TLSv1.2 TLSv1.3;'''
                              WHEN 'apache' THEN '''SSLProtocol -all +TLSv1.2 +TLSv1.3'''
                              WHEN 'haproxy' THEN '''ssl-min-ver TLSv1.2'''
                              WHEN 'envoy' THEN '''tls_minimum_protocol_version: TLSv1_2'''
                              WHEN 'kubelet' THEN '''tlsMinVersion: VersionTLS12'''
                              WHEN 'etcd' THEN '''--tls-min-version=TLS1.2'''
                              ELSE '''--tls-min-version=VersionTLS12''' END
       WHEN 'old' THEN ' allows '
            || CASE coalesce(min_version, lowest) WHEN '0.2' THEN 'SSL 2.0' WHEN '0.3' THEN 'SSL 3.0'
                    ELSE 'TLS ' || coalesce(min_version, lowest) END
            || '; allow TLS 1.2 and 1.3 only'
       ELSE ' allows TLS ' || coalesce(min_version, lowest) || ' and later only' END END AS reason
  FROM what;
