-- id: aws-imds
-- order: 621
-- title: Instance metadata is handed out by session token, to the host only
-- severity: medium
-- controls: nist-800-53r5 ac-3 ac-6 ia-5; nist-800-171r2 3.1.1 3.1.5
-- kinds: aws.instance aws.call aws.scope
-- rationale: Version 1 of the instance metadata service hands the credentials of a node to
--   whoever can make it send one request. With a hop limit above 1, containers get them
--   too, unless the network plugin stops them.
-- remediation: Require tokens and set the hop limit to 1 (aws ec2
--   modify-instance-metadata-options), and in the launch template that starts the nodes.
-- references: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN imds = 'disabled' THEN 'satisfied'
            WHEN http_tokens = 'required' AND hop_limit = 1 THEN 'satisfied'
            WHEN http_tokens IS NULL THEN 'unknown'
            WHEN http_tokens = 'required' AND hop_limit IS NULL THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'instance ' || outcome || ': ' || reason
            WHEN imds = 'disabled' THEN 'the instance metadata service is off'
            WHEN http_tokens IS NULL THEN 'the answer does not say whether tokens are required'
            WHEN http_tokens <> 'required' THEN 'version 1 of the instance metadata service is allowed'
                 || iif(hop_limit > 1, ', and containers can reach it', '')
            WHEN hop_limit IS NULL THEN 'tokens are required; the answer does not say for how many hops'
            WHEN hop_limit = 1 THEN 'tokens are required, and go to the host only'
            ELSE 'tokens are required, but go ' || hop_limit || ' hops far: containers get them' END AS reason
  FROM aws_instance
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be instances that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeInstances'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
