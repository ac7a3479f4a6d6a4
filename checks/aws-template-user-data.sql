-- id: aws-template-user-data
-- order: 626
-- title: User data leaves FIPS mode and FIPS endpoints alone
-- severity: high
-- controls: nist-800-53r5 cm-2 cm-6 sc-8 sc-13; nist-800-171r2 3.13.11
-- kinds: aws.launch_template aws.call aws.scope
-- rationale: User data runs at the first boot of a node. It can switch FIPS endpoints off,
--   as AWS itself advises where a region has none, or name an endpoint, which switches
--   them off silently. A script that switches FIPS mode on needs a reboot while the node
--   joins; FIPS mode belongs into the image. Only findings are kept of user data, never
--   its text.
-- remediation: Take out what is named, in a new version of the launch template; use a FIPS
--   image instead of making one at boot.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html
-- since: 0.1.0
WITH means(finding, place, text) AS (VALUES
	('fips-off', 1, 'switches FIPS mode off'),
	('fips-endpoint-off', 2, 'switches FIPS endpoints off'),
	('endpoint-url', 3, 'names an endpoint that is no FIPS host, which switches FIPS endpoints off silently'),
	('fips-on', 4, 'switches FIPS mode on, which needs a reboot while the node joins; do it in the image'),
	('reboot', 5, 'reboots the node while it joins'),
	('admin-container', 6, 'enables the admin container, a way to log in')),
told AS (
	SELECT subject, group_concat(text, '; ') AS texts FROM (
		SELECT t.subject, m.text FROM aws_launch_template t
		  JOIN json_each(t.user_data_findings) f JOIN means m ON m.finding = f.value
		 ORDER BY t.subject, m.place)
	 GROUP BY subject)
SELECT t.subject,
       CASE WHEN t.outcome <> 'observed' OR t.user_data IN ('unreadable', 'other') THEN 'unknown'
            WHEN w.texts IS NOT NULL THEN 'not-satisfied' ELSE 'satisfied' END AS verdict,
       CASE WHEN t.outcome <> 'observed' THEN 'launch template ' || t.outcome || ': ' || t.reason
            WHEN t.user_data = 'unreadable' THEN 'its user data could not be read'
            WHEN t.user_data = 'other' THEN 'its user data is of a form that is not understood'
            WHEN w.texts IS NOT NULL THEN 'its user data (' || t.user_data || ') ' || w.texts
            WHEN t.user_data IS NULL THEN 'it has no user data'
            ELSE 'its user data (' || t.user_data || ') leaves them alone' END AS reason
  FROM aws_launch_template t LEFT JOIN told w ON w.subject = t.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be launch templates that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeLaunchTemplateVersions'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
