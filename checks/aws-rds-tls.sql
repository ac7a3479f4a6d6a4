-- id: aws-rds-tls
-- order: 721
-- title: Databases refuse connections without TLS
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.rds_instance aws.rds_cluster aws.rds_parameter_group aws.call aws.scope
-- rationale: Every engine offers TLS, and takes plain connections unless a parameter
--   forbids them: rds.force_ssl for PostgreSQL and SQL Server, require_secure_transport
--   for MySQL and MariaDB. Of a cluster it stands in the cluster's parameter group.
-- remediation: Set rds.force_ssl or require_secure_transport to 1 in the parameter
--   group, and reboot where the parameter asks for it.
-- references: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
-- since: 0.1.0
WITH groups AS ( -- the groups that govern an instance: its own, or its cluster's
	SELECT i.subject, CASE WHEN i.cluster IS NOT NULL THEN 'cluster/' || c.parameter_group
	       ELSE 'instance/' || g.value END AS name, i.scope
	  FROM aws_rds_instance i
	  LEFT JOIN aws_rds_cluster c ON c.scope = i.scope AND c.key = i.cluster
	  LEFT JOIN json_each(i.parameter_groups) g
	 WHERE i.outcome = 'observed'),
said AS (
	SELECT i.subject, i.outcome, i.reason, i.engine, min(n.name) AS name,
	       max(p.outcome) AS group_outcome, max(p.reason) AS group_reason,
	       max(p.unread ->> 'Parameters') AS unread,
	       max(CASE WHEN i.engine LIKE '%postgres%' OR i.engine LIKE 'sqlserver%'
	                THEN p.force_ssl
	                WHEN i.engine LIKE '%mysql' OR i.engine = 'mariadb'
	                THEN p.require_secure_transport
	                WHEN i.engine = 'docdb' THEN p.tls
	                WHEN i.engine = 'neptune' THEN p.neptune_enforce_ssl END) AS value,
	       CASE WHEN i.engine LIKE '%postgres%' OR i.engine LIKE 'sqlserver%'
	            THEN 'rds.force_ssl'
	            WHEN i.engine LIKE '%mysql' OR i.engine = 'mariadb'
	            THEN 'require_secure_transport'
	            WHEN i.engine = 'docdb' THEN 'tls'
	            WHEN i.engine = 'neptune' THEN 'neptune_enforce_ssl' END AS parameter
	  FROM aws_rds_instance i LEFT JOIN groups n ON n.subject = i.subject
	  LEFT JOIN aws_rds_parameter_group p ON p.scope = n.scope AND p.key = n.name
	 GROUP BY i.subject),
what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN engine IS NULL THEN 'engine'
	       WHEN parameter IS NULL THEN 'option'
	       WHEN coalesce(group_outcome, '') <> 'observed' OR unread IS NOT NULL THEN 'group'
	       WHEN lower(value) IN ('1', 'on', 'true', 'enabled', 'fips-140-3', 'tls1.2+',
	            'tls1.3+') THEN 'on'
	       WHEN lower(value) IN ('0', 'off', 'false', 'disabled') THEN 'off'
	       WHEN value IS NULL THEN 'unset' ELSE 'odd' END AS found
	  FROM said)
SELECT subject,
       CASE found WHEN 'on' THEN 'satisfied' WHEN 'off' THEN 'not-satisfied'
                  WHEN 'unset' THEN 'not-satisfied' ELSE 'unknown' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'database ' || outcome || ': ' || reason
       WHEN 'engine' THEN 'the answer does not name its engine'
       WHEN 'option' THEN engine || ' asks for TLS by an option or at the client, which is not read'
       WHEN 'group' THEN 'parameter group ' || coalesce(name, 'not named') || ': '
            || coalesce(unread, group_outcome || ': ' || group_reason, 'not collected')
       WHEN 'on' THEN parameter || ' is ' || iif(parameter = 'tls', value, 'on')
            || ': connections without TLS are refused'
       WHEN 'unset' THEN parameter || ' is not set: connections without TLS are taken'
       WHEN 'off' THEN parameter || ' is ' || value || ': connections without TLS are taken'
       ELSE parameter || ' is ' || value || ', which is not known' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be databases that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'rds:DescribeDBInstances'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
