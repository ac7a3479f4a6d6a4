-- title: TLS endpoints
-- order: 400
-- kinds: tls.endpoint tls.suite tls.group
-- catalogs: tls-suites tls-groups
-- about: What each endpoint accepts, asked from outside, and what a client that keeps
--   to approved algorithms would get. Approved speaks of algorithms: whether a
--   validated module computes them, an endpoint does not show. Endpoints that are
--   alike share a row.
WITH suites AS (
	SELECT s.scope, sum(c.approved = 'yes') AS yes, sum(c.approved = 'conditional') AS maybe,
	       sum(coalesce(c.approved, 'no') = 'no') AS no
	  FROM (SELECT DISTINCT scope, id FROM tls_suite WHERE outcome = 'observed') s
	  LEFT JOIN catalog_tls_suites c ON c.id = s.id
	 GROUP BY s.scope),
groups AS (
	SELECT scope, group_concat(name, ' ') AS list
	  FROM (SELECT DISTINCT g.scope, g.name
		  FROM tls_group g LEFT JOIN catalog_tls_groups c ON c.name = g.name
		 WHERE g.outcome = 'observed' AND coalesce(c.approved, 'no') <> 'yes'
		 ORDER BY g.scope, g.name)
	 GROUP BY scope)
SELECT CASE count(*) WHEN 1 THEN min(e.key)
            ELSE min(e.key) || ' ... ' || max(e.key) END AS "endpoint",
       count(*) AS "how many",
       CASE WHEN e.outcome <> 'observed' THEN e.outcome || ': ' || e.reason
            WHEN json_array_length(e.versions) = 0 THEN 'none accepted'
            ELSE replace(replace(replace(e.versions, '["', ''), '"]', ''), '","', ', ')
            END AS "versions",
       s.yes AS "approved suites", s.maybe AS "conditional suites", s.no AS "other suites",
       g.list AS "groups not approved or conditional",
       CASE e.fips_client WHEN 'negotiated'
            THEN e.fips_version || ', ' || e.fips_suite || coalesce(', ' || e.fips_group, '')
            ELSE e.fips_client END AS "a FIPS-only client gets"
  FROM tls_endpoint e
  LEFT JOIN suites s ON s.scope = e.scope
  LEFT JOIN groups g ON g.scope = e.scope
 GROUP BY 3, 4, 5, 6, 7, 8
 ORDER BY 1;
