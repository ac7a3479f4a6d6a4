/*
 * What exhibit keeps of load balancers, and of what AWS itself recorded: its
 * trails, the calls that were really made, and GuardDuty.
 */
#include "collector/aws/kinds_data.h"

#include "collector/kit/columns.h"

static const struct column load_balancer_columns[] = {
	{ "dns_name", T, ".DNSName", "host name" },
	{ "scheme", T, ".Scheme", "internet-facing or internal" },
	{ "type", T, ".Type", "application, network, gateway or classic" },
	{ "vpc", T, ".VpcId", "VPC it is in" },
	END,
};
const struct kind aws_load_balancer_kind = { "aws.load_balancer",
	"a load balancer", "name; of a classic one classic/NAME",
	"elasticloadbalancing:DescribeLoadBalancers", load_balancer_columns };

static const struct column listener_columns[] = {
	{ "alpn", J, ".AlpnPolicy[]", "ALPN policy" },
	{ "certificates", J, ".Certificates[].CertificateArn",
	    "ARNs of its certificates" },
	{ "load_balancer", T, "the load balancer", "key of its load balancer" },
	{ "mutual_tls", T, ".MutualAuthentication.Mode",
	    "off, passthrough or verify" },
	{ "port", I, "Port, LoadBalancerPort", "port" },
	{ "protocol", T, "Protocol",
	    "HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, GENEVE, SSL" },
	{ "redirect", T, "DefaultActions",
	    "where its default action sends a client, as in HTTPS:443; null: "
	    "it does not redirect" },
	{ "rules_forward", I, "DescribeRules",
	    "rules beside the default action that hand requests on; null: not "
	    "asked" },
	{ "ssl_policy", T, "SslPolicy, Reference-Security-Policy",
	    "security policy; of a classic one the policy it refers to" },
	{ "type", T, "the load balancer",
	    "application, network, gateway or classic" },
	UNREAD,
	END,
};
const struct kind aws_listener_kind = { "aws.listener",
	"a listener of a load balancer", "LOAD-BALANCER/PORT/PROTOCOL",
	"elasticloadbalancing:DescribeListeners, "
	"elasticloadbalancing:DescribeRules, "
	"elasticloadbalancing:DescribeLoadBalancerPolicies",
	listener_columns };

static const struct column ssl_policy_columns[] = {
	{ "ciphers", J, ".Ciphers[].Name",
	    "names of its suites, as OpenSSL has them" },
	{ "load_balancer_types", J, ".SupportedLoadBalancerTypes[]",
	    "types that may have it" },
	{ "protocols", J, ".SslProtocols[]", "TLSv1.3, TLSv1.2 ..." },
	END,
};
const struct kind aws_ssl_policy_kind = { "aws.ssl_policy",
	"a security policy of load balancers, as the account sees it",
	"policy name", "elasticloadbalancing:DescribeSSLPolicies",
	ssl_policy_columns };

static const struct column trail_columns[] = {
	{ "arn", T, ".TrailARN", "ARN" },
	{ "bucket", T, ".S3BucketName", "bucket it writes to" },
	{ "global_events", B, ".IncludeGlobalServiceEvents",
	    "records calls of IAM and other global services" },
	{ "home_region", T, ".HomeRegion", "region it was made in" },
	{ "kms_key", T, ".KmsKeyId", "key of its files; null: one of S3" },
	{ "log_group", T, ".CloudWatchLogsLogGroupArn",
	    "log group it writes to" },
	{ "logging", B, ".Status.IsLogging", "it records now" },
	{ "management", T, "GetEventSelectors",
	    "calls that manage resources: all, all but SOURCE, read, write or "
	    "none" },
	{ "multi_region", B, ".IsMultiRegionTrail", "records every region" },
	{ "organization", B, ".IsOrganizationTrail",
	    "records every account of the organization" },
	{ "selectors", J, "GetEventSelectors",
	    "what it records, one text for each selector" },
	UNREAD,
	{ "validation", B, ".LogFileValidationEnabled",
	    "its files are signed in a chain" },
	END,
};
const struct kind aws_trail_kind = { "aws.trail",
	"a trail of CloudTrail, in every region it records",
	"trail ARN; none: the region has none",
	"cloudtrail:DescribeTrails, cloudtrail:GetTrailStatus, "
	"cloudtrail:GetEventSelectors",
	trail_columns };

static const struct column api_use_columns[] = {
	{ "cipher", T, ".cipher",
	    "suite of the connection; null: CloudTrail does not say" },
	{ "host", T, ".host",
	    "host that was called; null: CloudTrail does not say" },
	{ "principal", T, ".principal",
	    "who called: a role, user or service, without the session" },
	{ "principal_type", T, ".principal_type",
	    "AssumedRole, IAMUser, Root, AWSService ..." },
	{ "region", T, ".region", "region that answered" },
	{ "service", T, ".service", "service without .amazonaws.com" },
	{ "tls_version", T, ".tls_version",
	    "TLSv1.3, TLSv1.2 ...; null: CloudTrail does not say" },
	END,
};
const struct kind aws_api_use_kind = { "aws.api_use",
	"calls that CloudTrail recorded, one for each principal, service, "
	"host, version of TLS and suite",
	"PRINCIPAL SERVICE HOST VERSION SUITE", "cloudtrail:LookupEvents",
	api_use_columns };

static const struct column api_window_columns[] = {
	{ "complete", B, "the pages of LookupEvents",
	    "false: there were more events than were looked at" },
	{ "covered_hours", I, "the pages of LookupEvents",
	    "hours back from the run that were looked at whole" },
	{ "hours", I, "the request", "hours back from the run, as asked for" },
	END,
};
const struct kind aws_api_window_kind = { "aws.api_window",
	"what of CloudTrail's event history was looked at for aws.api_use",
	"LookupEvents", "cloudtrail:LookupEvents", api_window_columns };

static const struct column guardduty_detector_columns[] = {
	{ "eks_addon", T, "GetDetector EKS_ADDON_MANAGEMENT",
	    "ENABLED: GuardDuty puts its agent on EKS nodes" },
	{ "eks_audit_logs", T, "GetDetector EKS_AUDIT_LOGS",
	    "ENABLED: it reads the audit logs of EKS clusters" },
	{ "eks_runtime", T,
	    "GetDetector RUNTIME_MONITORING, EKS_RUNTIME_MONITORING",
	    "ENABLED: it looks at processes on EKS nodes" },
	{ "status", T, ".status", "ENABLED or DISABLED" },
	UNREAD,
	END,
};
const struct kind aws_guardduty_detector_kind = { "aws.guardduty_detector",
	"a GuardDuty detector, of its features those for EKS",
	"detector id; none: the region has none",
	"guardduty:ListDetectors, guardduty:GetDetector",
	guardduty_detector_columns };
