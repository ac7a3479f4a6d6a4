-- id: aws-kms-module
-- order: 704
-- title: The modules that keep keys of KMS have an active certificate
-- severity: high
-- controls: nist-800-53r5 sc-12 sc-13; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: aws.kms_key aws.scope
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
--   module-packages package-vendors
-- with: module-ledger
-- rationale: Keys of KMS are kept and used in HSMs that AWS runs. AWS documents their
--   certificate, and the catalogue knows its status; which build serves a key no API
--   shows. So it is the provider's word: unknown, unless the profile accepts it. A key
--   held elsewhere (CloudHSM, a key manager outside of AWS) rests on other modules.
-- remediation: Attach the provider's own statement (AWS Artifact), or judge by a profile
--   whose parameter inherited is accept. A certificate that is historical needs the
--   agency's risk decision.
-- references: https://csrc.nist.gov/projects/cryptographic-module-validation-program
-- since: 0.1.0
SELECT l.subject,
       CASE WHEN l.state IN ('historical', 'not yet validated') THEN 'not-satisfied'
            WHEN l.layer = 'aws-kms' AND l.state = 'active' AND p.inherited = 'accept'
             AND instr(' ' || p.standards || ' ', ' ' || l.standard || ' ') > 0
            THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       l.why || coalesce('; ' || l.status, '') ||
       iif(l.layer = 'aws-kms' AND l.state = 'active',
           iif(p.inherited = 'accept', ', inherited from AWS',
               '; the profile does not accept a module that is inherited'), '') AS reason
  FROM ledger l CROSS JOIN policy p WHERE l.layer IN ('aws-kms', 'aws-cloudhsm')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
