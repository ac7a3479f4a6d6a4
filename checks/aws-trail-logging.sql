-- id: aws-trail-logging
-- order: 760
-- title: Trails record, and record every call that manages resources
-- severity: high
-- controls: nist-800-53r5 au-2 au-12; nist-800-171r2 3.3.1 3.3.2; cmmc-l2 AU.L2-3.3.1
-- kinds: aws.trail aws.call aws.scope
-- rationale: A trail may be there and stopped, or leave out reads or writes.
-- remediation: Start logging, and let the trail record management events of reads and
--   writes.
-- references: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'absent' THEN 'not-satisfied'
            WHEN outcome <> 'observed' THEN 'unknown' WHEN logging = 0 THEN 'not-satisfied'
            WHEN unread ->> 'Status' IS NOT NULL OR logging IS NULL THEN 'unknown'
            WHEN management <> 'all' THEN 'not-satisfied'
            WHEN unread ->> 'Selectors' IS NOT NULL OR management IS NULL THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'trail ' || outcome || ': ' || reason
            WHEN logging = 0 THEN 'it is stopped'
            WHEN unread ->> 'Status' IS NOT NULL OR logging IS NULL
            THEN 'whether it records could not be read: '
                 || coalesce(unread ->> 'Status', 'no answer')
            WHEN management = 'none' THEN 'it records no calls that manage resources'
            WHEN management IN ('read', 'write')
            THEN 'of the calls that manage resources it records only those that ' || management
            WHEN management LIKE 'all but %'
            THEN 'of the calls that manage resources it records ' || management
            WHEN unread ->> 'Selectors' IS NOT NULL OR management IS NULL
            THEN 'what it records could not be read: '
                 || coalesce(unread ->> 'Selectors', 'no answer')
            ELSE 'it records every call that manages resources' END AS reason
  FROM aws_trail
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be trails that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'cloudtrail:DescribeTrails'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
