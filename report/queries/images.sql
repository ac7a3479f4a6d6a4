-- title: Images: what their names claim, which modules are in them, and where they run
-- param: scope [*] scopes that match, as in image/registry.example/*
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
SELECT a.reference, a.platform, a.image,
       (SELECT group_concat(value, ' ') FROM json_each(a.claim)) AS claim, a.os_pretty AS system,
       l.layer, l.name, l.version, l.match, l.certificate, l.standard, l.status,
       coalesce(l.why, a.gap) AS why,
       (SELECT group_concat(DISTINCT k.scope) FROM kube_image k
         WHERE a.scope = 'image/' || k.key OR k.digest IN (r.digest, r.index_digest)) AS clusters,
       (SELECT group_concat(DISTINCT w.scope || ' ' || w.key) FROM kube_workload w,
               json_each(w.containers) c
         WHERE json_extract(c.value, '$.image') IN (SELECT v.value FROM kube_image k,
               json_each(k."references") v
                WHERE k.scope = w.scope AND (a.scope = 'image/' || k.key
                      OR k.digest IN (r.digest, r.index_digest)))) AS workloads
  FROM looked_image a JOIN asked_image r ON r.subject = a.subject
  LEFT JOIN ledger l ON l.subject = a.subject
 WHERE a.scope GLOB :scope
 ORDER BY a.reference, a.platform, l.layer, l.name, l.version;
