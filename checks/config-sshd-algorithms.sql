-- id: config-sshd-algorithms
-- order: 543
-- title: sshd is configured for approved algorithms only
-- severity: medium
-- controls: nist-800-53r5 ac-17(2) sc-8 sc-13; nist-800-171r2 3.1.13 3.13.11
-- kinds: config.sshd
-- catalogs: ssh-algorithms
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
WITH stated AS (
	SELECT subject, 'cipher' AS class, 'ciphers' AS stated, ciphers AS list FROM config_sshd
	UNION ALL SELECT subject, 'mac', 'macs', macs FROM config_sshd
	UNION ALL SELECT subject, 'kex', 'kex', kex FROM config_sshd
	UNION ALL SELECT subject, 'host-key', 'host_key', host_key FROM config_sshd
	UNION ALL SELECT subject, 'host-key', 'public_key', public_key FROM config_sshd
		   WHERE public_key IS NOT NULL
	UNION ALL SELECT subject, 'host-key', 'match_public_key', match_public_key FROM config_sshd
		   WHERE match_public_key IS NOT NULL),
listed AS (
	SELECT s.subject, s.stated, j.value AS name, coalesce(c.approved, 'not listed') AS approved
	  FROM stated s, json_each(s.list) j
	  LEFT JOIN catalog_ssh_algorithms c ON c.class = s.class AND c.name = j.value),
bad AS (SELECT * FROM listed WHERE approved = 'no'),
what AS (
	SELECT d.*,
	       (SELECT min(stated) FROM bad b WHERE b.subject = d.subject) AS bad_list,
	       (SELECT group_concat(name, ', ') FROM
		 (SELECT DISTINCT name FROM bad b WHERE b.subject = d.subject
		   ORDER BY name LIMIT 8)) AS bad_names,
	       (SELECT min(name || CASE approved WHEN 'conditional'
	               THEN ', which is approved only where the module is validated for it'
	               ELSE ', which the catalogue does not name' END)
		  FROM listed l WHERE l.subject = d.subject
		   AND approved NOT IN ('yes', 'no')) AS maybe,
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
            WHEN coalesce(json_array_length(unread), 1) > 0 OR maybe IS NOT NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> bad_list, line) || ': sshd' ||
       CASE WHEN bad_list IS NOT NULL THEN ' allows what is not approved: ' || bad_names || '; remove it'
            WHEN unstated IS NOT NULL THEN ': ' || unstated
                 || ' not stated as whole lists before any Include; write them'
            WHEN unread IS NULL THEN ': the evidence lacks a part of what it states'
            WHEN json_array_length(unread) > 0 THEN ': a list is not stated as a whole before any Include, or another one holds in a Match block'
            WHEN maybe IS NOT NULL THEN ' allows ' || maybe
            ELSE ' allows approved algorithms only' END END AS reason
  FROM what;
