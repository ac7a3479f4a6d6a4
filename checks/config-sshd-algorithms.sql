-- id: config-sshd-algorithms
-- order: 542
-- title: sshd is configured for approved algorithms only
-- severity: medium
-- controls: nist-800-53r5 ac-17(2) sc-8 sc-13; nist-800-171r2 3.1.13 3.13.11
-- kinds: config.sshd
-- rationale: ChaCha20, Curve25519 and UMAC are not approved or are computed by OpenSSH
--   itself, outside any validated module; SHA-1 signs no more. Where a list is not
--   written, the build or the system's crypto policy decides, which this file does not
--   show; the same holds for what an included file may set first.
-- remediation: Write "Ciphers aes256-gcm@openssh.com,aes256-ctr,aes128-gcm@openssh.com,
--   aes128-ctr", "MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,
--   hmac-sha2-256,hmac-sha2-512", "KexAlgorithms ecdh-sha2-nistp256,ecdh-sha2-nistp384,
--   ecdh-sha2-nistp521,diffie-hellman-group14-sha256,diffie-hellman-group16-sha512" and
--   "HostKeyAlgorithms ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,rsa-sha2-256,rsa-sha2-512"
--   before any Include.
-- since: 0.1.0
WITH approved(class, name) AS (VALUES
	('ciphers', 'aes256-gcm@openssh.com'), ('ciphers', 'aes128-gcm@openssh.com'),
	('ciphers', 'aes256-ctr'), ('ciphers', 'aes192-ctr'), ('ciphers', 'aes128-ctr'),
	('ciphers', 'aes256-cbc'), ('ciphers', 'aes192-cbc'), ('ciphers', 'aes128-cbc'),
	('macs', 'hmac-sha2-256'), ('macs', 'hmac-sha2-512'),
	('macs', 'hmac-sha2-256-etm@openssh.com'), ('macs', 'hmac-sha2-512-etm@openssh.com'),
	('macs', 'hmac-sha1'), ('macs', 'hmac-sha1-etm@openssh.com'),
	('kex', 'ecdh-sha2-nistp256'), ('kex', 'ecdh-sha2-nistp384'), ('kex', 'ecdh-sha2-nistp521'),
	('kex', 'diffie-hellman-group14-sha256'), ('kex', 'diffie-hellman-group16-sha512'),
	('kex', 'diffie-hellman-group18-sha512'), ('kex', 'diffie-hellman-group-exchange-sha256'),
	('key', 'rsa-sha2-256'), ('key', 'rsa-sha2-512'), ('key', 'ecdsa-sha2-nistp256'),
	('key', 'ecdsa-sha2-nistp384'), ('key', 'ecdsa-sha2-nistp521')),
stated AS (
	SELECT subject, 'ciphers' AS class, 'ciphers' AS stated, ciphers AS list FROM config_sshd
	UNION ALL SELECT subject, 'macs', 'macs', macs FROM config_sshd
	UNION ALL SELECT subject, 'kex', 'kex', kex FROM config_sshd
	UNION ALL SELECT subject, 'key', 'host_key', host_key FROM config_sshd
	UNION ALL SELECT subject, 'key', 'public_key', public_key FROM config_sshd
		   WHERE public_key IS NOT NULL),
bad AS (
	SELECT s.subject, s.stated, j.value AS name
	  FROM stated s, json_each(s.list) j
	 WHERE NOT EXISTS (SELECT 1 FROM approved a
			    WHERE a.class = s.class AND a.name = j.value)),
what AS (
	SELECT d.*,
	       (SELECT min(stated) FROM bad b WHERE b.subject = d.subject) AS bad_list,
	       (SELECT group_concat(name, ', ') FROM
		 (SELECT DISTINCT name FROM bad b WHERE b.subject = d.subject
		   ORDER BY name LIMIT 8)) AS bad_names,
	       (SELECT group_concat(word, ', ') FROM
		 (SELECT CASE stated WHEN 'ciphers' THEN 'Ciphers' WHEN 'macs' THEN 'MACs'
			 WHEN 'kex' THEN 'KexAlgorithms' ELSE 'HostKeyAlgorithms' END AS word
		    FROM stated s WHERE s.subject = d.subject
		     AND (list IS NULL OR json_array_length(list) = 0) ORDER BY 1)) AS unstated
	  FROM config_sshd d)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN bad_list IS NOT NULL THEN 'not-satisfied'
            WHEN unstated IS NOT NULL THEN 'unknown'
            WHEN json_array_length(unread) > 0 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> bad_list, line) || ': sshd' ||
       CASE WHEN bad_list IS NOT NULL THEN ' allows what is not approved: ' || bad_names || '; remove it'
            WHEN unstated IS NOT NULL THEN ': ' || unstated
                 || ' not stated as whole lists before any Include; write them'
            WHEN json_array_length(unread) > 0 THEN ': a list is not stated as a whole before any Include, or another one holds in a Match block'
            ELSE ' allows approved algorithms only' END END AS reason
  FROM what;
