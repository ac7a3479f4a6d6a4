-- id: image-module-validated
-- order: 710
-- title: The cryptographic modules in images are validated
-- severity: high
-- layer: validated
-- controls: nist-800-53r5 sc-13 ia-7; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: image.reference image image.module image.package image.binary kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
-- rationale: What a workload computes with is in its image. Each module must be the
--   build of a certificate, or of its stream where the profile accepts that. A library
--   without a certificate beside a validated one is told by another check; here an
--   image passes when what it has of validated kinds is validated. A module whose
--   version cannot be read, or that the catalogue does not know, is unknown.
-- remediation: 'exhibit query modules' names each module, where it is and why. Build on
--   an image whose maker ships a validated module, and see that it is the one in use.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT subject,
       CASE WHEN count(*) FILTER (WHERE accepted = 1) > 0
             AND count(*) FILTER (WHERE accepted = 0 AND certificate IS NOT NULL
                                     OR match = 'different') = 0
            THEN iif(count(*) FILTER (WHERE accepted IS NULL) > 0, 'unknown', 'satisfied')
            WHEN count(*) FILTER (WHERE accepted = 0) > 0 THEN 'not-satisfied'
            ELSE 'unknown' END AS verdict,
       group_concat(text, '; ') AS reason
  FROM (SELECT subject, accepted, certificate, match,
               layer || coalesce(' ' || name, '') || coalesce(' ' || version, '')
               || ': ' || match || ', ' || why AS text
          FROM ledger ORDER BY subject, layer, name, version)
 GROUP BY subject;
