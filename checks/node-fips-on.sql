-- id: node-fips-on
-- order: 30
-- title: The kernel runs in FIPS mode
-- severity: high
-- layer: on
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: node
-- rationale: /proc/sys/crypto/fips_enabled is 1 when the running kernel is in
--   FIPS mode. It speaks of the kernel alone: not of user space, containers or
--   any certificate.
-- remediation: Boot the node with fips=1 and a kernel that has FIPS mode; an image
--   cannot show it, so collect from the running node.
-- references: https://docs.kernel.org/admin-guide/sysctl/crypto.html
-- since: 0.1.0
SELECT subject,
       CASE
       WHEN outcome <> 'observed' THEN 'unknown'
       WHEN fips_enabled = 1 THEN 'satisfied'
       WHEN fips_enabled IS NOT NULL THEN 'not-satisfied'
       WHEN NOT live THEN 'unknown'
       WHEN fips_enabled_outcome = 'absent' AND kernel_release IS NOT NULL
            THEN 'not-satisfied'
       ELSE 'unknown'
       END AS verdict,
       CASE
       WHEN outcome <> 'observed' THEN 'node ' || outcome || ': ' || reason
       WHEN fips_enabled IS NOT NULL
            THEN '/proc/sys/crypto/fips_enabled is ' || fips_enabled
       WHEN NOT live THEN 'an image does not show how its kernel runs'
       WHEN fips_enabled_outcome = 'absent' AND kernel_release IS NOT NULL
            THEN '/proc/sys/crypto/fips_enabled is absent: a kernel built '
                 || 'without FIPS mode'
       ELSE '/proc/sys/crypto/fips_enabled: '
            || coalesce(fips_enabled_outcome, 'not read')
       END AS reason
  FROM node;
