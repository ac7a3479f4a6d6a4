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
-- gone: instance
-- lists: instances by ec2:DescribeInstances
-- code: off satisfied the instance metadata service is off
-- code: host-only satisfied tokens are required, and go to the host only
-- code: no-tokens unknown the answer does not say whether tokens are required
-- code: no-hops unknown tokens are required; the answer does not say for how many hops
-- code: version-1 not-satisfied version 1 of the instance metadata service is
--   allowed{reach}
-- code: hops not-satisfied tokens are required, but go {hop_limit} hops far: containers
--   get them
SELECT subject,
       CASE WHEN imds = 'disabled' THEN 'off'
            WHEN http_tokens IS NULL THEN 'no-tokens'
            WHEN http_tokens <> 'required' THEN 'version-1'
            WHEN hop_limit IS NULL THEN 'no-hops'
            WHEN hop_limit = 1 THEN 'host-only'
            ELSE 'hops' END AS code,
       hop_limit, iif(hop_limit > 1, ', and containers can reach it', '') AS reach
  FROM aws_instance;
