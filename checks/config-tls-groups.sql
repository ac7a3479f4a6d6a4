-- id: config-tls-groups
-- order: 542
-- title: Servers negotiate key exchange groups that are approved
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-12 sc-13; nist-800-171r2 3.13.8 3.13.11
-- kinds: config.tls
-- catalogs: tls-groups
-- rationale: Groups are set apart from suites. Where they are not set, the library
--   decides, and the defaults of OpenSSL, BoringSSL and Go begin with X25519, which SP
--   800-56A Rev. 3 does not name.
-- remediation: Write "ssl_ecdh_curve secp384r1:prime256v1;" (nginx), "curves
--   P-384:P-256" (HAProxy), "ecdh_curves: [P-384, P-256]" (Envoy). Where groups cannot
--   be set, run the program with a validated module in FIPS mode and test its endpoint.
-- references: https://doi.org/10.6028/NIST.SP.800-56Ar3 https://doi.org/10.6028/NIST.SP.800-186
-- since: 0.1.0
WITH alias(written, name) AS (VALUES
	('p-256', 'secp256r1'), ('prime256v1', 'secp256r1'),
	('p-384', 'secp384r1'), ('p-521', 'secp521r1'), ('curvep256', 'secp256r1'),
	('curvep384', 'secp384r1'), ('curvep521', 'secp521r1'), ('x25519mlkem768', 'X25519MLKEM768')),
stated AS (
	SELECT t.subject, j.value AS written, coalesce(c.approved, 'not listed') AS approved
	  FROM config_tls t, json_each(t.groups) j
	  LEFT JOIN alias a ON a.written = lower(j.value)
	  LEFT JOIN catalog_tls_groups c ON lower(c.name) = lower(coalesce(a.name, j.value))),
what AS (
	SELECT t.*,
	       (SELECT group_concat(written, ', ') FROM
		(SELECT DISTINCT written FROM stated s WHERE s.subject = t.subject AND approved = 'no'
		  ORDER BY written LIMIT 5)) AS bad,
	       (SELECT min(written || CASE approved WHEN 'conditional'
		       THEN ', which is approved only where the module is validated for it'
		       ELSE ', which the catalog does not name' END)
		  FROM stated s WHERE s.subject = t.subject AND approved NOT IN ('yes', 'no')) AS maybe
	  FROM config_tls t),
found AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN unread IS NULL OR component IS NULL
		    OR component IN ('apache', 'haproxy', 'nginx', 'postgresql') AND includes IS NULL THEN 'untold'
	       WHEN bad IS NOT NULL THEN 'bad'
	       WHEN EXISTS (SELECT 1 FROM json_each(unread) WHERE value = 'groups') THEN 'unread'
	       WHEN coalesce(json_array_length(groups), 0) = 0 THEN 'none'
	       WHEN maybe IS NOT NULL THEN 'maybe'
	       WHEN includes THEN 'included'
	       ELSE 'good' END AS found
	  FROM what)
SELECT subject,
       CASE found WHEN 'bad' THEN 'not-satisfied' WHEN 'good' THEN 'satisfied'
                  ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN key || ': ' || reason ELSE
       file || ':' || coalesce(lines ->> 'groups', line)
       || ': ' || coalesce(component, 'a server') || coalesce(' ' || name, '') ||
       CASE found
       WHEN 'untold' THEN ': the evidence lacks part of what it states'
       WHEN 'included' THEN ' includes a file that was not read, which may set other groups'
       WHEN 'unread' THEN ' names groups that are not understood'
       WHEN 'none' THEN ' sets no groups; the defaults of its library include X25519 unless its module runs in FIPS mode'
       WHEN 'bad' THEN ' allows groups that are not approved: ' || bad || '; remove them'
       WHEN 'maybe' THEN ' allows ' || maybe
       ELSE ' allows approved groups only' END END AS reason
  FROM found;
