-- id: image-unvalidated-beside
-- order: 730
-- title: Programs in an image use no unvalidated cryptography beside a validated module
-- severity: medium
-- controls: nist-800-53r5 sc-13 cm-7; nist-800-171r2 3.13.11
-- kinds: image.reference image image.module image.package image.link image.binary kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
-- rationale: A validated module in an image says nothing of a program that is linked
--   with another library, or carries one in itself. Which of them protects federal data
--   has to be known.
-- remediation: Remove the library, build the program against the validated module, or
--   record for what the other cryptography is used.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT a.subject,
       CASE WHEN a.gap IS NOT NULL THEN 'unknown'
            WHEN coalesce(m.has, 0) = 0 THEN iif(m.unsure > 0, 'unknown', 'not-applicable')
            WHEN b.text IS NOT NULL OR c.text IS NOT NULL THEN 'not-satisfied'
            WHEN m.unsure > 0 OR u.subject IS NOT NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN a.gap IS NOT NULL THEN a.gap
            WHEN coalesce(m.has, 0) = 0 THEN iif(m.unsure > 0, 'whether it has a validated module cannot '
                 || 'be told; image-module-validated says why', 'it has no validated module')
            WHEN b.text IS NOT NULL OR c.text IS NOT NULL
            THEN coalesce(b.text, '') || iif(b.text IS NOT NULL AND c.text IS NOT NULL, '; ', '')
                 || coalesce(c.text, '')
            WHEN m.unsure > 0 THEN 'some modules in it cannot be told; image-module-validated says why'
            WHEN u.subject IS NOT NULL THEN 'of which module a library in it is was not told'
            ELSE 'no other cryptography was recognised' END AS reason
  FROM looked_image a
  LEFT JOIN (SELECT subject, count(*) FILTER (WHERE match IN ('exact', 'stream')) AS has,
                    count(*) FILTER (WHERE match = 'cannot tell') AS unsure
               FROM ledger GROUP BY subject) m ON m.subject = a.subject
  LEFT JOIN (SELECT DISTINCT l.subject FROM looked_image l JOIN image_link k
                 ON k.scope = l.inside AND k.outcome = 'observed' AND k.module IS NULL) u
         ON u.subject = a.subject
  -- linked with a library that no row of the ledger accepts
  LEFT JOIN (SELECT subject, group_concat(text, '; ') AS text
               FROM (SELECT l.subject, coalesce(k.library, 'a library of ' || k.module) || ' is needed by '
                            || coalesce(k.binaries || ' files', 'files')
                            || coalesce(', for instance ' || json_extract(k.examples, '$[0]'), '')
                            AS text
                       FROM looked_image l JOIN image_link k ON k.scope = l.inside
                      WHERE EXISTS (SELECT 1 FROM ledger g
                                     WHERE g.subject = l.subject AND g.layer = k.module)
                        AND NOT EXISTS (SELECT 1 FROM ledger g
                                     WHERE g.subject = l.subject AND g.layer = k.module
                                       AND g.match IN ('exact', 'stream', 'cannot tell'))
                      ORDER BY l.subject, k.library)
              GROUP BY subject) b ON b.subject = a.subject
  -- carried in a program, or by a runtime
  LEFT JOIN (SELECT subject, group_concat(text, '; ') AS text
               FROM (SELECT DISTINCT g.subject, coalesce(g.name, g.layer) || coalesce(' ' || g.version, '')
                            || ' is in it: ' || g.why AS text
                       FROM ledger g
                      WHERE g.match = 'none'
                        AND g.layer NOT IN ('libgcrypt', 'gnutls', 'nss', 'image')
                        AND NOT EXISTS (SELECT 1 FROM looked_image l
                                         JOIN image_link k ON k.scope = l.inside
                                        WHERE l.subject = g.subject AND k.module = g.layer)
                      ORDER BY 1, 2)
              GROUP BY subject) c ON c.subject = a.subject;
