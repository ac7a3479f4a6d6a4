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
-- gone: topic
-- lists: topics by sns:ListTopics
-- code: every satisfied its policy refuses every request without TLS
-- code: some not-satisfied its policy refuses some requests without TLS, not all: not of
--   everyone, not every action, not every resource, or on a further condition
-- code: none not-satisfied no policy of it refuses requests without TLS
-- code: unread unknown its policy could not be read: {why}
SELECT subject,
       CASE WHEN unread ->> 'Attributes' IS NOT NULL OR tls_only IS NULL THEN 'unread'
            WHEN tls_only = 'yes' THEN 'every' WHEN tls_only = 'partly' THEN 'some'
            ELSE 'none' END AS code,
       coalesce(unread ->> 'Attributes', 'no answer') AS why
  FROM aws_sns_topic;
