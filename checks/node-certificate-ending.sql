-- id: node-certificate-ending
-- order: 92
-- title: No certificate reaches its sunset within the next two quarters
-- severity: info
-- controls: nist-800-53r5 sa-4
-- kinds: node node.openssl node.provider node.bottlerocket node.package
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: module-ledger
-- rationale: A printed sunset within two quarters (184 days, or what the profile says)
--   is a warning, not a failure: a certificate whose successor is under review may
--   stay active beyond it, and one may be retired before it. So a node with such a
--   certificate is unknown here: somebody has to ask the vendor what comes next.
-- remediation: Ask the vendor for the certificate that follows, and plan the change
--   to its builds.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT l.subject,
       CASE WHEN count(*) FILTER (WHERE l.sunset IS NOT NULL) = 0
            THEN iif(count(*) FILTER (WHERE l.match = 'cannot tell') > 0, 'unknown',
                     'not-applicable')
            WHEN count(*) FILTER (WHERE l.sunset >= t.d
                     AND l.sunset <= date(t.d, '+' || p.ending_days || ' days')) > 0 THEN 'unknown'
            WHEN count(*) FILTER (WHERE l.state = 'active' AND l.sunset < t.d) > 0
              OR count(*) FILTER (WHERE l.match = 'cannot tell') > 0 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN count(*) FILTER (WHERE l.sunset IS NOT NULL) = 0
            THEN iif(count(*) FILTER (WHERE l.match = 'cannot tell') > 0, 'not evaluated: ',
                 'no certificate with a sunset applies: ') || group_concat(l.layer || ': ' || l.why, '; ')
            ELSE group_concat(CASE WHEN l.sunset IS NOT NULL
                      THEN l.layer || ': certificate ' || l.certificate
                           || ' has its sunset on ' || l.sunset
                           || iif(l.match = 'cannot tell', ' (' || l.why || ')', '')
                      WHEN l.match = 'cannot tell' THEN l.layer || ': ' || l.why END, '; ')
            END AS reason
  FROM (SELECT * FROM ledger WHERE layer IN ('kernel', 'openssl', 'go')
         ORDER BY subject, CASE layer WHEN 'kernel' THEN 1 ELSE 2 END) l
 CROSS JOIN today t CROSS JOIN policy p
 GROUP BY l.subject;
