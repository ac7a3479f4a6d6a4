-- id: aws-evidence-complete
-- order: 699
-- title: Every AWS account, region and call that was requested answered in full
-- severity: medium
-- controls: nist-800-53r5 ca-7 ca-2
-- kinds: aws.call aws.scope
-- rationale: A call that was denied, or did not answer, is no evidence of absence:
--   what rests on it is unknown or missing. The population is what was requested:
--   an account or region that refused is in it.
-- remediation: Grant the permission that the reason names ('exhibit kinds --format
--   iam-policy' prints all of them). Pass --services with the services in use to
--   collect those alone.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'observed' AND result = 'answered' THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'not evaluated: call ' || outcome || ': ' || reason
            WHEN result = 'answered' THEN 'complete response'
                 || iif(requested_again, '; empty, and empty again when requested twice', '')
            WHEN result = 'denied' THEN 'denied: ' || coalesce(error, '?') || ' (permission '
                 || coalesce(permission, '?') || ')'
            ELSE coalesce(result, 'not known') || coalesce(': ' || error, '') END AS reason
  FROM aws_call
 UNION ALL -- the scopes that were requested
SELECT subject, iif(outcome = 'observed', 'satisfied', 'unknown'),
       iif(outcome = 'observed', key || ' answered',
           'not evaluated: ' || key || ' ' || outcome || ': ' || reason)
  FROM aws_scope;
