-- id: aws-evidence-complete
-- order: 699
-- title: Every question to AWS was answered
-- severity: medium
-- controls: nist-800-53r5 ca-7 ca-2
-- kinds: aws.call
-- rationale: What was denied, or what did not answer, is not evidence of its absence:
--   whatever rests on such a call is unknown, or not seen at all.
-- remediation: Give the principal that collects the action named (exhibit kinds --format
--   iam-policy has them all), or say with --services what is not in use.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'observed' AND result = 'answered' THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'call ' || outcome || ': ' || reason
            WHEN result = 'answered' THEN 'answered in full'
            WHEN result = 'denied' THEN 'denied: ' || coalesce(error, '?') || '; it needs '
                 || coalesce(permission, '?')
            ELSE coalesce(result, 'not known') || coalesce(': ' || error, '') END AS reason
  FROM aws_call;
