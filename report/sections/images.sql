-- title: Container images
-- order: 112
-- kinds: image.reference
-- about: Each image that was asked for or that a cluster runs: what its name claims, and
--   what is in it. A word such as fips in a name is its maker's word; what counts is a
--   module with a certificate, and a configuration that activates it.
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
SELECT a.reference AS image, a.platform,
       (SELECT group_concat(value, ' ') FROM json_each(a.claim)) AS "claims",
       a.os_pretty AS system,
       (SELECT group_concat(t, '; ') FROM (
            SELECT DISTINCT layer || ': ' || match || coalesce(', certificate ' || certificate, '')
                   AS t FROM ledger l WHERE l.subject = a.subject AND l.layer <> 'image'
             ORDER BY 1)) AS "modules",
       a.gap AS "why not known",
       coalesce(u.n, 0) AS clusters
  FROM looked_image a LEFT JOIN (
	SELECT subject, count(*) AS n FROM (
		SELECT a.subject, k.subject AS used FROM asked_image a
		  JOIN (SELECT subject, 'image/' || key AS place FROM kube_image) k ON k.place = a.scope
		 UNION
		SELECT a.subject, k.subject FROM asked_image a JOIN kube_image k ON k.digest = a.digest
		 UNION
		SELECT a.subject, k.subject FROM asked_image a JOIN kube_image k ON k.digest = a.index_digest)
	 GROUP BY subject) u ON u.subject = a.subject
 ORDER BY a.reference, a.platform;
