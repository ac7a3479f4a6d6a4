-- id: aws-template-imds
-- order: 624
-- title: Launch templates require session tokens for instance metadata
-- severity: medium
-- controls: nist-800-53r5 ac-3 ac-6 ia-5 cm-6
-- kinds: aws.launch_template aws.call aws.scope
-- rationale: What a launch template does not say, the image or the account decides, and
--   that differs from start to start. Version 1 of the instance metadata service hands
--   the credentials of a node to whoever can make it send one request.
-- remediation: Make a version with HttpTokens required and HttpPutResponseHopLimit 1, and
--   use that.
-- references: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN imds = 'disabled' THEN 'satisfied'
            WHEN http_tokens IS NULL THEN 'unknown'
            WHEN http_tokens <> 'required' THEN 'not-satisfied'
            WHEN hop_limit > 1 THEN 'not-satisfied'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'launch template ' || outcome || ': ' || reason
            WHEN imds = 'disabled' THEN 'the instance metadata service is off'
            WHEN http_tokens IS NULL THEN 'it leaves the instance metadata service to the image''s or the account''s default'
            WHEN http_tokens <> 'required' THEN 'version 1 of the instance metadata service is allowed'
            WHEN hop_limit > 1 THEN 'tokens are required, but go ' || hop_limit || ' hops far: containers get them'
            ELSE 'tokens are required' || iif(hop_limit = 1, ', and go to the host only', '') END AS reason
  FROM aws_launch_template
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be launch templates that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeLaunchTemplateVersions'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
