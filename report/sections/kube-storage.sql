-- title: Kubernetes: volumes by storage class
-- order: 230
-- kinds: kube.storage_class
-- about: Whether the class asks for encryption, and how many volumes are of it.
SELECT c.scope AS cluster, c.key AS "storage class", c.provisioner AS driver, c.encrypted,
       c.kms_key AS key, v.verdict, (SELECT count(*) FROM kube_volume p
         WHERE p.scope = c.scope AND p.storage_class = c.key) AS volumes
  FROM kube_storage_class c LEFT JOIN verdict v
    ON v.subject = c.subject AND v.check_id = 'kube-storage-encrypted'
 ORDER BY 1, 2;
