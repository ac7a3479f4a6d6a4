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
SELECT subject,
       CASE WHEN outcome <> 'observed' OR unread ->> 'Attributes' IS NOT NULL
                 OR tls_only IS NULL THEN 'unknown'
            WHEN tls_only = 'yes' THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'queue ' || outcome || ': ' || reason
            WHEN unread ->> 'Attributes' IS NOT NULL OR tls_only IS NULL
            THEN 'its policy could not be read: ' || coalesce(unread ->> 'Attributes', 'no answer')
            WHEN tls_only = 'yes' THEN 'its policy refuses every request without TLS'
            WHEN tls_only = 'partly' THEN 'its policy refuses some requests without TLS, not all: '
                 || 'not of everyone, not every action, not every resource, or on a further condition'
            ELSE 'no policy of it refuses requests without TLS' END AS reason
  FROM aws_sqs_queue
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be queues that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('sqs:ListQueues', 'sqs:GetQueueAttributes')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
