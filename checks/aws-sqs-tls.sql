-- id: aws-sqs-tls
-- order: 738
-- title: Queues refuse what does not come by TLS
-- severity: low
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.sqs_queue aws.call aws.scope
-- rationale: SQS answers plain HTTP too. Only a policy of the queue that denies
--   everyone every action when aws:SecureTransport is false refuses it.
-- remediation: Add to the queue's policy a statement with Effect Deny, Principal *,
--   Action sqs:* and the condition Bool aws:SecureTransport false.
-- references: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
-- since: 0.1.0
-- gone: queue
-- lists: queues by sqs:ListQueues sqs:GetQueueAttributes
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
  FROM aws_sqs_queue;
