-- title: Kubernetes: volumes by storage class
-- order: 230
-- kinds: kube.volume
-- about: What the class asks for today, and what AWS says of the disks behind its volumes.
--   A class does not show how a volume was made; a disk nobody asked AWS about is not known.
SELECT p.scope AS cluster, coalesce(p.storage_class, 'no class') AS "storage class",
       p.driver, c.encrypted AS "class encrypts", count(*) AS volumes,
       sum(v.verdict = 'satisfied') AS encrypted, sum(v.verdict = 'not-satisfied') AS "not",
       sum(v.verdict = 'unknown') AS "not known",
       group_concat(DISTINCT CASE WHEN v.verdict <> 'satisfied' THEN v.reason END) AS "why"
  FROM kube_volume p LEFT JOIN kube_storage_class c
    ON c.scope = p.scope AND c.key = p.storage_class AND c.outcome = 'observed'
  LEFT JOIN verdict v ON v.subject = p.subject AND v.check_id = 'kube-volume-encrypted'
 WHERE p.outcome = 'observed'
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 7 DESC, 8 DESC, 2;
