-- id: node-identity
-- order: 20
-- title: Each node is one machine, and it is the machine that was reached
-- severity: low
-- controls: nist-800-53r5 cm-8 ia-3
-- kinds: node node.identity
-- rationale: Evidence counts for the machine it came from. One machine that is collected
--   under two names is counted twice: machine id, boot id and the host's own name tell.
--   Names given together are one node, under the first of them; the reason lists the others.
--   Through ssh, the key that was verified on the way has to be one of the host's own keys;
--   if it is none of those in /etc/ssh, sshd takes it from elsewhere, or something between
--   answers in the host's place.
-- remediation: Leave one of the names out of the targets. If the key differs, compare the
--   fingerprint with the host's console ('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub').
-- since: 0.1.0
WITH machine AS (
	SELECT i.scope, i.machine_id, i.boot_id, i.hostname
	  FROM node_identity i JOIN node n ON n.scope = i.scope AND n.outcome = 'observed'
	 WHERE i.outcome = 'observed' AND i.machine_id IS NOT NULL AND i.boot_id IS NOT NULL),
same AS (
	SELECT a.scope, min(b.scope) AS first, group_concat(iif(b.scope <> a.scope, b.scope, NULL), ', ') AS others
	  FROM machine a JOIN machine b ON b.machine_id = a.machine_id AND b.boot_id = a.boot_id
	   AND b.hostname IS a.hostname GROUP BY a.scope),
-- names that were given together with the node's, and led to it
alias AS (
	SELECT 'host/' || same_as AS scope, group_concat(substr(scope, 6), ', ') AS names
	  FROM (SELECT * FROM node_identity ORDER BY scope)
	 WHERE outcome = 'observed' AND same_as IS NOT NULL GROUP BY same_as),
told AS (
	SELECT n.subject, n.outcome, n.reason, n.scope, i.outcome AS seen, i.reason AS why, i.machine_id,
	       i.machine_id_outcome, i.boot_id, i.ssh_key, s.first, s.others, l.names, n.live,
	       json_array_length(i.host_keys) AS keys,
	       EXISTS (SELECT 1 FROM json_each(i.host_keys) k WHERE substr(k.value, instr(k.value, 'SHA256:'))
	               = substr(i.ssh_key, instr(i.ssh_key, 'SHA256:'))) AS own
	  FROM node n LEFT JOIN node_identity i ON i.scope = n.scope
	  LEFT JOIN same s ON s.scope = n.scope
	  LEFT JOIN alias l ON l.scope = n.scope)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN seen IS NULL OR seen <> 'observed' THEN 'unknown'
            WHEN others IS NOT NULL AND first <> scope THEN 'not-satisfied'
            WHEN ssh_key IS NOT NULL AND NOT own THEN 'unknown'
            WHEN machine_id IS NULL OR (live AND boot_id IS NULL) THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'not evaluated: node ' || outcome || ': ' || reason
            WHEN seen IS NULL THEN 'identity not collected'
            WHEN seen <> 'observed' THEN 'identity ' || seen || ': ' || why
            WHEN others IS NOT NULL AND first <> scope
            THEN 'the same machine as ' || first || ': its machine id, boot id and name; it is counted twice'
            WHEN ssh_key IS NOT NULL AND coalesce(keys, 0) = 0
            THEN 'ssh verified the key ' || ssh_key || '; the host''s own keys were not collected'
            WHEN ssh_key IS NOT NULL AND NOT own
            THEN 'ssh verified the key ' || ssh_key || ', which is none of the keys in /etc/ssh'
            WHEN machine_id IS NULL THEN '/etc/machine-id ' || iif(coalesce(machine_id_outcome, 'observed') =
                 'observed', 'holds no id', machine_id_outcome)
            WHEN live AND boot_id IS NULL THEN 'boot id not collected'
            ELSE coalesce('ssh verified the key ' || ssh_key, 'machine id collected')
                 || coalesce('; also collected as ' || others, '')
                 || coalesce('; one node, also reached as ' || names, '') END AS reason
  FROM told;
