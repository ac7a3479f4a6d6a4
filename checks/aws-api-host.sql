-- id: aws-api-host
-- order: 770
-- title: Calls to AWS went to FIPS endpoints
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.api_use aws.call aws.scope
-- catalogs: aws-endpoints
-- with: aws-use
-- rationale: What is configured is a wish; CloudTrail records the host that was called.
--   It shows calls that manage resources, of the last 90 days at most, and of these
--   only as many as were looked at (aws.api_window).
-- remediation: Set AWS_USE_FIPS_ENDPOINT to true where the caller runs, and take away
--   endpoint URLs that switch it off.
-- references: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
-- since: 0.1.0
SELECT subject,
       CASE found WHEN 'listed' THEN 'satisfied' WHEN 'regular' THEN 'not-satisfied'
                  WHEN 'aws' THEN 'not-applicable' ELSE 'unknown' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'calls ' || outcome || ': ' || reason
       WHEN 'aws' THEN 'a call that AWS made itself'
       WHEN 'not-told' THEN 'CloudTrail does not say which host of ' || coalesce(service, '?')
            || ' was called'
       WHEN 'listed' THEN called || ' is ' || CASE grade WHEN 'listed-regular' THEN
            'the regular endpoint of ' || service || ', which is the FIPS one there'
            WHEN 'rules-regular' THEN 'the regular endpoint of ' || service
            || ', which the rules of AWS''s SDKs give for FIPS there'
            ELSE 'a listed FIPS endpoint of ' || service END
       WHEN 'vpce' THEN called || ' is an interface endpoint, which no list of FIPS hosts names'
       WHEN 'none-listed' THEN called || ' was called; no FIPS endpoint of ' || coalesce(service, '?')
            || ' is listed for ' || coalesce(region, 'its region')
       ELSE called || ' was called; the FIPS endpoint of ' || service || ' is ' || fips_host
            END AS reason
  FROM judged
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be calls that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'cloudtrail:LookupEvents'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
