-- id: aws-listener-tls
-- order: 755
-- title: Load balancers end TLS under a FIPS policy
-- severity: high
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.listener aws.ssl_policy aws.call aws.scope
-- catalogs: elb-policies tls-openssl-names tls-suites
-- rationale: Only listeners with a FIPS policy compute with AWS-LC in its FIPS build.
--   Two old FIPS policies and one with hybrid groups still allow TLS 1.0 or 1.1; the
--   extended ones allow RSA key transport, which SP 800-131A disallows. Other policies
--   may be as strict, but say nothing of a validated module. The policy made by API,
--   CLI and templates, ELBSecurityPolicy-2016-08, is none.
-- remediation: Set the listener's policy to
--   ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04 or
--   ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04; let a plain HTTP listener redirect to
--   HTTPS; replace a classic load balancer.
-- references: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html https://doi.org/10.6028/NIST.SP.800-52r2
-- since: 0.1.0
WITH described AS ( -- a policy as the account sees it
	SELECT p.scope, p.key,
	       (SELECT group_concat(value, ', ') FROM (SELECT value FROM json_each(p.protocols)
	         WHERE value NOT IN ('TLSv1.2', 'TLSv1.3') ORDER BY value)) AS old,
	       (SELECT min(c.value) FROM json_each(p.ciphers) c
	          LEFT JOIN catalog_tls_openssl_names n ON n.name = c.value
	          LEFT JOIN catalog_tls_suites s ON s.id = n.id OR s.name = c.value
	         WHERE coalesce(s.approved, 'no') <> 'yes') AS bad
	  FROM aws_ssl_policy p
	 WHERE p.outcome = 'observed' AND json_array_length(p.protocols) > 0
	   AND json_array_length(p.ciphers) > 0),
what AS (
	SELECT l.*, c.fips, c.min_tls, c.max_tls, c.rsa_transport, c.hybrid, d.old, d.bad, CASE
	       WHEN l.outcome <> 'observed' THEN 'gone'
	       WHEN l.protocol = 'HTTP' AND l.redirect LIKE 'HTTPS:%' AND l.rules_forward = 0
	       THEN 'redirect'
	       WHEN l.protocol = 'HTTP' AND l.redirect LIKE 'HTTPS:%' AND l.rules_forward > 0
	       THEN 'rules'
	       WHEN l.protocol = 'HTTP' AND l.redirect LIKE 'HTTPS:%' THEN 'rules-unread'
	       WHEN l.protocol = 'HTTP' THEN 'plain'
	       WHEN l.protocol = 'GENEVE' THEN 'appliance'
	       WHEN l.protocol IN ('TCP', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC') THEN 'through'
	       WHEN l.protocol IS NULL OR l.protocol NOT IN ('HTTPS', 'TLS', 'SSL') THEN 'odd'
	       WHEN l.type = 'classic' THEN 'classic'
	       WHEN l.ssl_policy IS NULL THEN 'unread'
	       WHEN d.old IS NOT NULL AND c.fips IS NOT 'no' THEN 'account-old'
	       WHEN c.policy IS NULL AND d.bad IS NOT NULL THEN 'account-bad'
	       WHEN c.policy IS NULL AND d.key IS NULL THEN 'not-known'
	       WHEN c.policy IS NULL AND l.ssl_policy NOT LIKE '%FIPS%' THEN 'account-no'
	       WHEN c.policy IS NULL THEN 'account-fips'
	       WHEN c.fips = 'yes' AND c.min_tls < '1.2' THEN 'fips-old'
	       WHEN c.fips = 'yes' AND c.rsa_transport = 'yes' THEN 'fips-rsa'
	       WHEN c.fips = 'yes' THEN 'fips'
	       WHEN c.min_tls >= '1.2' AND c.rsa_transport = 'no' THEN 'strong'
	       ELSE 'weak' END AS found
	  FROM aws_listener l LEFT JOIN catalog_elb_policies c ON c.policy = l.ssl_policy
	  LEFT JOIN described d ON d.scope = l.scope AND d.key = l.ssl_policy)
SELECT subject,
       CASE WHEN found IN ('fips', 'redirect') THEN 'satisfied'
            WHEN found IN ('gone', 'odd', 'unread', 'through', 'not-known', 'account-fips',
                 'rules-unread')
            THEN 'unknown'
            WHEN found = 'appliance' THEN 'not-applicable' ELSE 'not-satisfied' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'listener ' || outcome || ': ' || reason
       WHEN 'redirect' THEN 'plain HTTP, which only sends clients to HTTPS'
       WHEN 'rules' THEN 'plain HTTP: its default action sends clients to HTTPS, but '
            || iif(rules_forward = 1, 'a rule hands', rules_forward || ' rules hand')
            || ' requests on'
       WHEN 'rules-unread' THEN 'plain HTTP: its default action sends clients to HTTPS; its '
            || 'rules could not be read: ' || coalesce(unread ->> 'Rules', 'no answer')
       WHEN 'plain' THEN 'plain HTTP, without TLS'
       WHEN 'appliance' THEN 'hands packets to appliances as they are'
       WHEN 'through' THEN protocol || ' is passed through: TLS, if any, ends behind it; '
            || 'look at its targets'
       WHEN 'odd' THEN 'protocol ' || coalesce(protocol, 'not named') || ' is not known'
       WHEN 'classic' THEN 'a classic load balancer, for which there is no FIPS policy'
            || coalesce(' (' || ssl_policy || ')', '')
       WHEN 'unread' THEN 'its security policy could not be read: '
            || coalesce(unread ->> 'Policy', 'no answer')
       WHEN 'account-old' THEN ssl_policy || ' allows ' || old || ', as the account describes it'
       WHEN 'account-bad' THEN ssl_policy || ' is not in the catalogue; it allows ' || bad
            || ', as the account describes it'
       WHEN 'account-no' THEN ssl_policy || ' is not in the catalogue; its protocols and suites '
            || 'are approved, as the account describes it, but it is not named a FIPS policy'
       WHEN 'account-fips' THEN ssl_policy || ' is not in the catalogue; its protocols and suites '
            || 'are approved, as the account describes it, and only its name says that a '
            || 'validated module computes them'
       WHEN 'not-known' THEN ssl_policy || ' is neither in the catalogue nor described by the account'
       WHEN 'fips-old' THEN ssl_policy || ' is a FIPS policy that still allows TLS ' || min_tls
       WHEN 'fips-rsa' THEN ssl_policy || ' is a FIPS policy that allows RSA key transport, '
            || 'which is disallowed since 2024'
       WHEN 'fips' THEN ssl_policy || ': approved algorithms, TLS ' || min_tls
            || iif(max_tls <> min_tls, ' and ' || max_tls, '') || ', computed by AWS-LC in its '
            || 'FIPS build' || iif(hybrid = 'yes', '; hybrid groups rest on its ML-KEM', '')
       WHEN 'strong' THEN ssl_policy || ' is strong (TLS ' || min_tls || ' and later, forward '
            || 'secrecy), but not a FIPS policy: nothing says that a validated module computes'
       ELSE ssl_policy || ' is not a FIPS policy, and allows '
            || iif(min_tls < '1.2', 'TLS ' || min_tls, '')
            || iif(min_tls < '1.2' AND rsa_transport = 'yes', ' and ', '')
            || iif(rsa_transport = 'yes', 'RSA key transport', '') END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be listeners that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeListeners')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
