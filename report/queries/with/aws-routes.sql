-- Where a subnet's traffic may go: way (scope, subnet, vpc, known, internet, out). A
-- subnet has the route table that names it, else the main one of its VPC. internet:
-- a route to an internet gateway, so that addresses in it are reachable from outside
-- if they are public; out: a default route by a gateway, NAT, transit or firewall.
WITH way AS MATERIALIZED (
	SELECT s.scope, s.key AS subnet, s.vpc, s.subject, r.key IS NOT NULL AS known,
	       EXISTS (SELECT 1 FROM json_each(r.routes) x
	                WHERE x.value ->> '$.to' IN ('0.0.0.0/0', '::/0')
	                  AND x.value ->> '$.via' GLOB 'igw-*') AS internet,
	       EXISTS (SELECT 1 FROM json_each(r.routes) x
	                WHERE x.value ->> '$.to' IN ('0.0.0.0/0', '::/0')) AS out
	  FROM aws_subnet s
	  LEFT JOIN aws_route_table r ON r.scope = s.scope AND r.outcome = 'observed'
	   AND r.key = coalesce(
	       (SELECT n.key FROM aws_route_table n JOIN json_each(n.subnets) j
	         WHERE n.scope = s.scope AND n.outcome = 'observed' AND j.value = s.key),
	       (SELECT n.key FROM aws_route_table n
	         WHERE n.scope = s.scope AND n.outcome = 'observed' AND n.vpc = s.vpc AND n.main))
	 WHERE s.outcome = 'observed')
