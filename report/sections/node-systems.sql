-- title: Systems in the fleet
-- order: 100
-- kinds: node
-- about: Operating systems, kernels and the FIPS flag of the kernel, as the hosts
--   give them. A flag says that the kernel booted in FIPS mode, not that its
--   module is validated.
SELECT CASE WHEN outcome = 'observed' THEN coalesce(os_pretty, os_family, 'not read')
            ELSE outcome END AS "system",
       kernel_release AS kernel,
       CASE fips_enabled WHEN 1 THEN 'on' WHEN 0 THEN 'off'
            ELSE coalesce(fips_enabled_outcome, 'not read') END AS "FIPS flag",
       count(*) AS nodes,
       CASE count(*) WHEN 1 THEN min(key) ELSE min(key) || ' ... ' || max(key) END
            AS "from ... to"
  FROM node
 GROUP BY 1, 2, 3
 ORDER BY 4 DESC, 1, 2, 3;
