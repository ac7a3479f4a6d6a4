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
       (SELECT count(*) FROM kube_image k WHERE a.scope = 'image/' || k.key
           OR k.digest IN (a.digest, a.index_digest)) AS clusters
  FROM (SELECT l.*, r.digest, r.index_digest FROM looked_image l
          LEFT JOIN asked_image r ON r.subject = l.subject) a
 ORDER BY a.reference, a.platform;
