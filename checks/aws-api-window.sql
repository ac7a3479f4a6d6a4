-- id: aws-api-window
-- order: 772
-- title: CloudTrail's event history was looked at whole
-- severity: info
-- controls: nist-800-53r5 au-6 ca-7
-- kinds: aws.api_window aws.scope
-- rationale: Endpoints that were in fact used are read from the event history, which is
--   asked for some hours back and a bounded number of pages. What was cut off, or
--   denied, may hold other hosts.
-- remediation: Allow cloudtrail:LookupEvents; collect more often, or ask for fewer
--   hours.
-- references: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'observed' AND complete = 1 THEN 'satisfied' ELSE 'unknown' END
       AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'event history ' || outcome || ': ' || reason
            WHEN complete = 1 THEN 'the last ' || hours || ' hours were looked at whole'
            ELSE 'cut: there were more events in the last ' || coalesce(hours || '', '?')
                 || ' hours than were looked at' END AS reason
  FROM aws_api_window
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
