-- title: Endpoints the store knows of: what 'collect endpoint --known' asks
WITH known(endpoint, why) AS (
	SELECT CASE WHEN starttls IS NULL THEN key ELSE starttls || '://' || key END,
	       'asked before'
	  FROM tls_endpoint
	UNION SELECT 'ssh://' || key, 'asked before' FROM ssh_endpoint
	UNION SELECT h.value, 'ingress ' || i.scope || ' ' || i.key
	  FROM kube_ingress i, json_each(i.tls_hosts) h
	 WHERE h.value NOT LIKE '*%'
	UNION SELECT e.url_host, 'profile ' || e.profile || ' calls it for ' || e.service
	  FROM config_aws_endpoint e
	 WHERE e.url_host <> '?' AND NOT e.url_plain
	UNION SELECT a.host, 'profile ' || e.profile || ' calls it for ' || e.service
	  FROM config_aws_endpoint e JOIN catalog_aws_endpoints a
	    ON a.service = e.service AND a.region = coalesce(e.catalog_region, e.region)
	   AND a.fips = '1' AND a.grade = 'listed'
	 WHERE e.url_host IS NULL AND e.use_fips AND NOT coalesce(e.use_dualstack, 0)
	UNION SELECT replace(c.endpoint, 'https://', ''), 'API server of ' || c.key || ' in ' || c.scope
	  FROM aws_eks_cluster c
	UNION SELECT c.oidc_issuer, 'token issuer of ' || c.key || ' in ' || c.scope
	  FROM aws_eks_cluster c
	UNION SELECT b.dns_name || ':' || l.port, 'listener of ' || b.key || ' in ' || b.scope
	  FROM aws_listener l JOIN aws_load_balancer b
	    ON b.scope = l.scope AND b.key = l.load_balancer
	 WHERE l.protocol IN ('HTTPS', 'TLS', 'SSL')
	UNION SELECT CASE WHEN d.engine LIKE '%postgres%' THEN 'postgres://'
	                  WHEN d.engine LIKE '%mysql%' OR d.engine = 'mariadb' THEN 'mysql://'
	             END || d.endpoint || ':' || d.port, 'database ' || d.key || ' in ' || d.scope
	  FROM aws_rds_instance d
	UNION SELECT u.host, 'called for ' || u.service || ' in ' || u.scope
	  FROM aws_api_use u
	UNION SELECT a.host, 'exhibit called it for ' || a.service || ' in ' || a.scope
	  FROM aws_call a WHERE a.endpoint <> 'given'
	UNION SELECT substr(r.value, 1, instr(r.value, '/') - 1), 'registry of ' || i.scope
	  FROM kube_image i, json_each(i."references") r
	 WHERE substr(r.value, 1, instr(r.value, '/') - 1) GLOB '*[.:]*')
SELECT endpoint, min(why) AS why, count(*) AS places
  FROM known WHERE endpoint <> '' GROUP BY endpoint ORDER BY endpoint;
