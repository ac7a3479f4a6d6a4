-- id: aws-acm-expiry
-- order: 751
-- title: Certificates are valid, and somebody renews them
-- severity: medium
-- controls: nist-800-53r5 sc-12 sc-17; nist-800-171r2 3.13.10
-- kinds: aws.acm_certificate aws.call aws.scope
-- rationale: ACM renews what it issued as long as it can validate the name; what was
--   imported somebody must replace before it ends.
-- remediation: Import the next certificate, or let ACM validate the name again.
-- references: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
-- since: 0.1.0
-- gone: certificate
-- lists: certificates by acm:ListCertificates
-- code: fine satisfied valid; {renewal}
-- code: unused not-applicable not valid ({status}), and no service uses it
-- code: odd unknown the answer does not say until when it is valid, who renews it or
--   whether it is used
-- code: pending unknown its status is {status}
-- code: bad not-satisfied its status is {status}, and a service uses it
-- code: late not-satisfied ended on {not_after}, and a service uses it
-- code: soon not-satisfied imported, and ends on {not_after}: ACM does not renew it
SELECT c.subject,
       CASE WHEN c.status IS NULL OR c.in_use IS NULL OR c.type IS NULL THEN 'odd'
            WHEN c.status IN ('EXPIRED', 'REVOKED', 'FAILED', 'VALIDATION_TIMED_OUT')
            THEN iif(c.in_use = 1, 'bad', 'unused')
            WHEN c.status IN ('PENDING_VALIDATION', 'INACTIVE')
            THEN iif(c.in_use = 1, 'pending', 'unused')
            WHEN c.not_after IS NULL THEN 'odd'
            WHEN c.not_after < date(t.as_of) THEN iif(c.in_use = 1, 'late', 'unused')
            WHEN c.not_after < date(t.as_of, '+30 days') AND c.type = 'IMPORTED' THEN 'soon'
            ELSE 'fine' END AS code,
       c.status, c.not_after,
       iif(c.type = 'IMPORTED', 'imported: somebody must replace it in time', 'ACM renews it')
       AS renewal
  FROM aws_acm_certificate c, asked t;
