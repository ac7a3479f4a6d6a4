-- What of a TLS endpoint is not known in full: tls_gap (scope, area, said), area as in
-- the column gaps. Evidence without that column, or with something else in it, lacks
-- every area if anything in it had no answer.
WITH tls_gap AS (
	SELECT e.scope, a.area,
	       CASE WHEN json_array_length(e.unanswered) > 0
	            THEN 'not determined: ' || json_extract(e.unanswered, '$[0]')
	                 || CASE WHEN json_array_length(e.unanswered) > 1 THEN ', and '
	                    || (json_array_length(e.unanswered) - 1) || ' more' ELSE '' END
	            WHEN e.unanswered IS NULL OR e.versions IS NULL
	            THEN 'the evidence lacks what had no answer, or the versions'
	            ELSE 'not determined: ' || a.area END AS said
	  FROM tls_endpoint e,
	       (SELECT column1 AS area FROM (VALUES ('versions'), ('suites'), ('groups'),
		('signatures'), ('certificates'), ('extensions'), ('fips_client'))) a
	 WHERE e.outcome = 'observed'
	   AND (e.versions IS NULL OR e.unanswered IS NULL
	        OR CASE WHEN json_type(e.gaps) = 'array'
	                THEN a.area IN (SELECT value FROM json_each(e.gaps))
	                ELSE json_array_length(e.unanswered) > 0 OR e.gaps IS NOT NULL END))
