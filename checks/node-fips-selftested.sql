-- id: node-fips-selftested
-- order: 40
-- title: The kernel's cryptographic self-tests passed
-- severity: high
-- layer: self-tested
-- controls: nist-800-53r5 sc-13 si-7; nist-800-171r2 3.13.11; cmmc-l2
--   SC.L2-3.13.11
-- kinds: node node.bottlerocket
-- rationale: A module is only in its approved mode after its power-up self-tests.
--   In FIPS mode the kernel halts when one fails; /proc/crypto shows each
--   algorithm's result, and Bottlerocket leaves a marker for each boot check.
-- remediation: Turn FIPS mode on first. If a self-test is shown as not passed, take
--   the node out of service and look at the kernel log for 'alg:'.
-- references: https://docs.kernel.org/crypto/userspace-if.html
-- since: 0.1.0
SELECT n.subject,
       CASE
       WHEN n.outcome <> 'observed' THEN 'unknown'
       WHEN n.fips_enabled IS NULL AND NOT (n.live
            AND coalesce(n.fips_enabled_outcome, '') = 'absent'
            AND n.kernel_release IS NOT NULL) THEN 'unknown'
       WHEN n.fips_enabled IS NULL OR n.fips_enabled <> 1 THEN 'not-satisfied'
       WHEN n.os_family = 'bottlerocket' AND b.kernel_check = 'observed'
            AND b.module_check = 'observed' THEN 'satisfied'
       WHEN n.os_family = 'bottlerocket' AND 'absent' IN
            (b.kernel_check, b.module_check) THEN 'not-satisfied'
       WHEN n.os_family = 'bottlerocket' THEN 'unknown'
       WHEN coalesce(n.selftest_outcome, '') <> 'observed' THEN 'unknown'
       WHEN json_array_length(n.selftest_failed) > 0 THEN 'not-satisfied'
       ELSE 'satisfied'
       END AS verdict,
       CASE
       WHEN n.outcome <> 'observed' THEN 'node ' || n.outcome || ': ' || n.reason
       WHEN n.fips_enabled IS NULL AND NOT (n.live
            AND coalesce(n.fips_enabled_outcome, '') = 'absent'
            AND n.kernel_release IS NOT NULL)
            THEN 'it is not known whether the kernel is in FIPS mode'
       WHEN n.fips_enabled IS NULL OR n.fips_enabled <> 1
            THEN 'FIPS mode is off: self-tests are not enforced'
       WHEN n.os_family = 'bottlerocket'
            THEN 'boot checks: kernel integrity marker '
                 || coalesce(b.kernel_check, 'not read')
                 || ', module self-test marker '
                 || coalesce(b.module_check, 'not read')
       WHEN coalesce(n.selftest_outcome, '') <> 'observed'
            THEN '/proc/crypto: ' || coalesce(n.selftest_outcome, 'not read')
       WHEN json_array_length(n.selftest_failed) > 0
            THEN 'self-test not passed: ' || n.selftest_failed
       ELSE 'FIPS mode is on and /proc/crypto shows every self-test passed'
       END AS reason
  FROM node n
  LEFT JOIN node_bottlerocket b ON b.scope = n.scope
        AND b.outcome = 'observed';
