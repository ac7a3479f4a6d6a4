-- id: node-os-image
-- order: 10
-- title: The operating system is one with FIPS modules
-- severity: high
-- layer: os image
-- controls: nist-800-53r5 sc-13 cm-6 cm-8; nist-800-171r2 3.13.11
-- kinds: node node.pro_service node.package
-- catalogs: cmvp-environments cmvp-identities systems
-- with: node-systems
-- rationale: A certificate is its vendor's: only the systems for which a vendor holds
--   certificates can run a validated module, and some only in one flavour: Bottlerocket's
--   -fips variants, Ubuntu with Canonical's FIPS packages, AlmaLinux with TuxCare's, Rocky
--   Linux with CIQ's. A rebuild of another vendor's source has none of his certificates.
--   Whether the very build has a certificate is a layer of its own.
-- remediation: Move the node to a Bottlerocket -fips variant, AL2023, RHEL, SLES, or
--   Ubuntu Pro with fips-updates enabled and its kernel booted. 'exhibit catalog show
--   systems' lists the systems known.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
--   https://documentation.ubuntu.com/pro-client/en/latest/howtoguides/enable_fips/
-- since: 0.1.0
, pro AS (
	SELECT scope,
	       max(status = 'enabled' AND key IN ('fips', 'fips-updates')) AS on_,
	       max(status = 'enabled' AND key = 'fips-preview') AS preview,
	       max(outcome NOT IN ('observed', 'absent')) AS unread,
	       max(outcome = 'observed') AS seen
	  FROM node_pro_service GROUP BY scope),
pkg AS (
	SELECT k.scope, max(k.outcome NOT IN ('observed', 'absent')) AS unread,
	       max(k.key = '*' AND k.outcome = 'observed') AS whole,
	       max(y.flavour LIKE 'package:%' AND k.version GLOB substr(y.flavour, 9)) AS theirs,
	       max(k.name GLOB 'linux-image-*fips*' OR k.name GLOB 'openssl-fips-module*') AS fips
	  FROM node_package k JOIN node_system y ON y.scope = k.scope GROUP BY k.scope),
held AS (
	SELECT y.subject, EXISTS (
	       SELECT 1 FROM catalog_cmvp_identities i
	        WHERE i.certificate IS NOT NULL AND i.os_family IN (y.system, y.base)
	          AND instr(' ' || y.holders || ' ', ' ' || i.holder || ' ') > 0
	          AND (i.os_version IS NULL OR i.os_family <> y.system OR y.os_version GLOB i.os_version))
	    OR EXISTS (SELECT 1 FROM catalog_cmvp_environments e WHERE e.os_family = y.system
	          AND (e.os_version IS NULL OR y.os_version GLOB e.os_version)) AS any_,
	       (SELECT min(i.note) FROM catalog_cmvp_identities i
	         WHERE i.certificate IS NULL AND i.os_family = y.system) AS none
	  FROM node_system y),
-- flavour: 1 it runs it, 0 it does not, NULL: not known
seen AS (
	SELECT n.subject, n.outcome, n.reason, n.kernel_release, y.*, h.any_, h.none, p.unread AS pro_unread, p.on_,
	       p.preview, p.seen AS pro_seen, k.fips AS packages,
	       coalesce(k.unread, 0) = 0 AND coalesce(k.whole, 0) AS whole,
	       CASE WHEN y.flavour IS NULL THEN 1
	            WHEN y.flavour LIKE 'variant:%' THEN n.os_variant GLOB substr(y.flavour, 9)
	            WHEN y.flavour LIKE 'package:%' THEN
	            CASE WHEN k.theirs = 1 THEN 1
	                 WHEN coalesce(k.unread, 0) = 0 AND k.whole = 1 THEN 0 END
	            WHEN n.live IS NOT 0 AND n.kernel_release IS NOT NULL
	            THEN n.kernel_release GLOB substr(y.flavour, 8)
	            WHEN k.fips = 1 THEN 1
	            WHEN coalesce(k.unread, 0) = 0 AND k.whole = 1 THEN 0 END AS flavoured
	  FROM node n JOIN node_system y USING (subject) JOIN held h USING (subject)
	  LEFT JOIN pro p ON p.scope = n.scope
	  LEFT JOIN pkg k ON k.scope = n.scope),
judged AS (
	SELECT *,
	       CASE WHEN outcome <> 'observed' THEN 'unknown'
	            WHEN NOT known OR system IS NULL THEN 'unknown'
	            WHEN modules = 'none' THEN 'not-satisfied'
	            WHEN NOT any_ THEN iif(none IS NULL, 'unknown', 'not-satisfied')
	            WHEN flavoured IS NULL THEN 'unknown'
	            WHEN NOT flavoured THEN 'not-satisfied'
	            WHEN system <> 'ubuntu' THEN 'satisfied'
	            WHEN coalesce(pro_unread, 0) THEN 'unknown'
	            WHEN on_ OR (packages AND NOT coalesce(preview, 0)) THEN 'satisfied'
	            WHEN preview OR whole THEN 'not-satisfied'
	            ELSE 'unknown' END AS verdict
	  FROM seen)
SELECT subject, verdict,
       CASE WHEN outcome <> 'observed' THEN 'not evaluated: node ' || outcome || ': ' || reason
            WHEN NOT known THEN '/etc/os-release not collected'
            WHEN system IS NULL
            THEN pretty || ' is not in the catalogue of systems'
            WHEN modules = 'none' THEN pretty || ' has no CMVP-validated modules'
                 || coalesce(': ' || note, '')
            WHEN NOT any_ THEN pretty || ': ' || coalesce(none,
                 'the catalogue holds no certificate of its vendor for it' || coalesce('; ' || note, ''))
            WHEN flavour LIKE 'variant:%' THEN
                 CASE flavoured WHEN 1 THEN 'FIPS variant ' || os_variant
                 WHEN 0 THEN 'variant ' || os_variant || ' is not a FIPS variant'
                 ELSE 'could not determine the variant' END
            WHEN flavour LIKE 'package:%' THEN pretty || ': ' || coalesce(note, flavour) ||
                 CASE flavoured WHEN 1 THEN ', and they are installed'
                 WHEN 0 THEN ', and none is installed' ELSE '; packages not collected' END
            WHEN flavoured IS NULL THEN 'could not determine whether ' || pretty
                 || ' has the FIPS packages'
            WHEN NOT flavoured AND kernel_release IS NOT NULL THEN pretty || ': the running kernel '
                 || kernel_release || ' is not the FIPS kernel of ' || name
                 || iif(on_, ', although a FIPS service of Ubuntu Pro is enabled', '')
            WHEN NOT flavoured THEN pretty || ': no FIPS kernel is installed'
            WHEN system <> 'ubuntu' THEN pretty || ': its vendor holds CMVP certificates for it'
            WHEN coalesce(pro_unread, 0) THEN 'status of Ubuntu Pro not collected'
            WHEN on_ THEN 'FIPS kernel, and a FIPS service of Ubuntu Pro is enabled'
            WHEN packages AND NOT coalesce(preview, 0) THEN 'FIPS packages are installed and their kernel is used; '
                 || 'no FIPS service of Ubuntu Pro is enabled'
            WHEN preview THEN 'only fips-preview of Ubuntu Pro is enabled: its modules await validation'
            WHEN whole THEN 'a FIPS kernel without FIPS packages of Canonical'
            ELSE 'could not determine whether the FIPS kernel is Canonical''s: neither Ubuntu Pro''s '
                 || 'status nor packages collected' END AS reason
  FROM judged;
