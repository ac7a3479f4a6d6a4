-- id: aws-sns-tls
-- order: 739
-- title: Topics refuse what does not come by TLS
-- severity: low
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.sns_topic aws.call aws.scope
-- rationale: SNS answers plain HTTP too. Only a policy of the topic that denies
--   everyone every action when aws:SecureTransport is false refuses it.
-- remediation: Add to the topic's policy a statement with Effect Deny, Principal *,
--   Action sns:* and the condition Bool aws:SecureTransport false.
-- references: https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR unread ->> 'Attributes' IS NOT NULL
                 OR tls_only IS NULL THEN 'unknown'
            WHEN tls_only = 'yes' THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'topic ' || outcome || ': ' || reason
            WHEN unread ->> 'Attributes' IS NOT NULL OR tls_only IS NULL
            THEN 'its policy could not be read: ' || coalesce(unread ->> 'Attributes', 'no answer')
            WHEN tls_only = 'yes' THEN 'its policy refuses every request without TLS'
            WHEN tls_only = 'partly' THEN 'its policy refuses some requests without TLS, not all: '
                 || 'not of everyone, not every action, not every resource, or on a further condition'
            ELSE 'no policy of it refuses requests without TLS' END AS reason
  FROM aws_sns_topic
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be topics that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'sns:ListTopics'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
