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
WITH what AS (
	SELECT c.*, CASE
	       WHEN c.outcome <> 'observed' THEN 'gone'
	       WHEN c.status IS NULL OR c.in_use IS NULL OR c.type IS NULL THEN 'odd'
	       WHEN c.status IN ('EXPIRED', 'REVOKED', 'FAILED', 'VALIDATION_TIMED_OUT')
	       THEN iif(c.in_use = 1, 'bad', 'unused')
	       WHEN c.status IN ('PENDING_VALIDATION', 'INACTIVE')
	       THEN iif(c.in_use = 1, 'pending', 'unused')
	       WHEN c.not_after IS NULL THEN 'odd'
	       WHEN c.not_after < date(t.as_of) THEN iif(c.in_use = 1, 'late', 'unused')
	       WHEN c.not_after < date(t.as_of, '+30 days') AND c.type = 'IMPORTED' THEN 'soon'
	       ELSE 'fine' END AS found
	  FROM aws_acm_certificate c, asked t)
SELECT subject,
       CASE found WHEN 'fine' THEN 'satisfied' WHEN 'unused' THEN 'not-applicable'
                  WHEN 'gone' THEN 'unknown' WHEN 'odd' THEN 'unknown'
                  WHEN 'pending' THEN 'unknown' ELSE 'not-satisfied' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'certificate ' || outcome || ': ' || reason
       WHEN 'odd' THEN 'the answer does not say until when it is valid, who renews it or '
            || 'whether it is used'
       WHEN 'unused' THEN 'not valid (' || status || '), and no service uses it'
       WHEN 'bad' THEN 'its status is ' || status || ', and a service uses it'
       WHEN 'pending' THEN 'its status is ' || status
       WHEN 'late' THEN 'ended on ' || not_after || ', and a service uses it'
       WHEN 'soon' THEN 'imported, and ends on ' || not_after || ': ACM does not renew it'
       ELSE 'valid; ' || iif(type = 'IMPORTED', 'imported: somebody must replace it in time',
            'ACM renews it') END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be certificates that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'acm:ListCertificates'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
