/*
 * Certificates, load balancers, and what AWS recorded: ACM, Elastic Load
 * Balancing, CloudTrail, GuardDuty. Each call follows the API reference of
 * its service.
 */
#include "collector/aws/calls.h"
#include "collector/aws/hooks_data.h"
#include "collector/aws/kinds_data.h"

/* ---- ACM: unless told, it lists RSA_1024 and RSA_2048 alone ---- */

static const struct aws_service acm = { .name = "acm",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "CertificateManager" };

static const struct aws_call list_certificates = {
	.kind = &aws_acm_certificate_kind,
	.service = &acm,
	.operation = "ListCertificates",
	.input = INPUT({ "Includes.keyTypes[]", NULL,
	    "[\"RSA_1024\",\"RSA_2048\",\"RSA_3072\",\"RSA_4096\","
	    "\"EC_prime256v1\",\"EC_secp384r1\",\"EC_secp521r1\"]" }),
	.items = ".CertificateSummaryList[]",
	.pager = { ".NextToken", "NextToken", "MaxItems", 1000, NULL, 0 },
	.key = ".CertificateArn",
	.fill = aws_fill_acm_certificate,
	.must = ".CertificateArn=arn",
};
static const struct aws_call describe_certificate = {
	.service = &acm,
	.operation = "DescribeCertificate",
	.input = INPUT({ "CertificateArn", ".CertificateArn", NULL }),
	.items = ".Certificate",
	.each = &list_certificates,
	.into = "Detail",
	.must = ".CertificateArn=arn .Status=name",
};

/* ---- load balancers of today ---- */

static const struct aws_service elb = { .name = "elasticloadbalancing",
	.protocol = AWS_QUERY,
	.version = "2015-12-01",
	.xmlns = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/" };

static const struct aws_call describe_load_balancers = {
	.kind = &aws_load_balancer_kind,
	.service = &elb,
	.operation = "DescribeLoadBalancers",
	.items = ".LoadBalancers[]",
	.pager = { ".NextMarker", "Marker", "PageSize", 400, NULL, 0 },
	.key = ".LoadBalancerName",
	.must = ".LoadBalancerName=name .LoadBalancerArn=arn .Type=name",
};
static const struct aws_call describe_listeners = {
	.kind = &aws_listener_kind,
	.service = &elb,
	.operation = "DescribeListeners",
	.input = INPUT({ "LoadBalancerArn", ".LoadBalancerArn", NULL }),
	.items = ".Listeners[]",
	.lists = "DefaultActions",
	.pager = { ".NextMarker", "Marker", "PageSize", 100, NULL, 0 },
	.key = "^.LoadBalancerName .Port .Protocol",
	.each = &describe_load_balancers,
	.absent = "LoadBalancerNotFound", /* gone since it was listed */
	.wanted = aws_has_port,
	.fill = aws_fill_listener,
	.echo = ".LoadBalancerArn",
	.asked = ".LoadBalancerArn",
	.must = ".ListenerArn=name .DefaultActions[]=object",
};
static const struct aws_call describe_rules = {
	.service = &elb,
	.operation = "DescribeRules",
	.input = INPUT({ "ListenerArn", ".ListenerArn", NULL }),
	.items = ".Rules[]",
	.lists = "Actions",
	.pager = { ".NextMarker", "Marker", "PageSize", 100, NULL, 0 },
	.each = &describe_listeners,
	.into = "Rules",
	.must = ".RuleArn=name .Actions[]=object",
};
static const struct aws_call describe_ssl_policies = {
	.kind = &aws_ssl_policy_kind,
	.service = &elb,
	.operation = "DescribeSSLPolicies",
	.items = ".SslPolicies[]",
	.pager = { ".NextMarker", "Marker", "PageSize", 100, NULL, 0 },
	.key = ".Name",
	.must = ".Name=text .SslProtocols[]=text .Ciphers[].Name=text",
};

/* ---- classic load balancers: listeners stand within their balancer ---- */

static const struct aws_service classic = { .name = "elasticloadbalancing",
	.protocol = AWS_QUERY,
	.version = "2012-06-01",
	.xmlns = "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/" };

static const struct aws_call describe_classic_balancers = {
	.kind = &aws_load_balancer_kind,
	.service = &classic,
	.operation = "DescribeLoadBalancers",
	.items = ".LoadBalancerDescriptions[]",
	.pager = { ".NextMarker", "Marker", "PageSize", 400, NULL, 0 },
	.key = "classic .LoadBalancerName",
	.fill = aws_fill_classic_balancer,
	.must = ".LoadBalancerName=name .ListenerDescriptions[]=object",
};
static const struct aws_call describe_classic_listeners = {
	.kind = &aws_listener_kind,
	.service = &classic,
	.operation = "DescribeLoadBalancers",
	.input =
	    INPUT({ "LoadBalancerNames.member.1", ".LoadBalancerName", NULL }),
	.items = ".LoadBalancerDescriptions[].ListenerDescriptions[]",
	.key = "classic ^.LoadBalancerName .Listener.LoadBalancerPort "
	       ".Listener.Protocol",
	.each = &describe_classic_balancers,
	.absent = "LoadBalancerNotFound AccessPointNotFound",
	.fill = aws_fill_classic_listener,
	.must = ".Listener.LoadBalancerPort=number "
		".Listener.Protocol=text",
};
static const struct aws_call describe_classic_policies = {
	.service = &classic,
	.operation = "DescribeLoadBalancerPolicies",
	.input = INPUT({ "LoadBalancerName", "^.LoadBalancerName", NULL }),
	.items = ".PolicyDescriptions[]",
	.each = &describe_classic_listeners,
	.into = "Policies",
	.must = ".PolicyName=text .PolicyTypeName=text "
		".PolicyAttributeDescriptions[]=object?",
};

/* ---- CloudTrail ---- */

static const struct aws_service cloudtrail = { .name = "cloudtrail",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101" };

static const struct aws_call describe_trails = {
	.kind = &aws_trail_kind,
	.service = &cloudtrail,
	.operation = "DescribeTrails",
	.items = ".trailList[]",
	.key = ".TrailARN",
	.none = "no trail records this region",
	.wanted = aws_is_home_trail,
	.fill = aws_fill_trail,
	.must = ".TrailARN=arn .Name=name .HomeRegion=name? .KmsKeyId=key? "
		".IsMultiRegionTrail=flag .LogFileValidationEnabled=flag?",
};
static const struct aws_call get_trail_status = {
	.service = &cloudtrail,
	.operation = "GetTrailStatus",
	.input = INPUT({ "Name", ".TrailARN", NULL }),
	.region = ".HomeRegion",
	.each = &describe_trails,
	.into = "Status",
	.must = ".IsLogging=flag",
};
static const struct aws_call get_event_selectors = {
	.service = &cloudtrail,
	.operation = "GetEventSelectors",
	.input = INPUT({ "TrailName", ".TrailARN", NULL }),
	.region = ".HomeRegion", /* elsewhere: TrailNotFoundException */
	.each = &describe_trails,
	.into = "Selectors",
	.must = ".TrailARN=arn? "
		".EventSelectors[]|.AdvancedEventSelectors[]=object",
};
/* Two requests a second, of fifty events each, is all CloudTrail grants. */
static const struct aws_call lookup_events = {
	.kind = &aws_api_use_kind,
	.service = &cloudtrail,
	.operation = "LookupEvents",
	.items = ".Events[]",
	.pager = { ".NextToken", "NextToken", "MaxResults", 50, NULL,
	    USE_PAGES },
	.pace_ms = 550,
	.prepare = aws_use_prepare,
	.fold = aws_use_fold,
	.whole = &aws_api_window_kind,
	.tell = aws_use_window,
	.must = ".CloudTrailEvent=text",
};

/* ---- GuardDuty ---- */

static const struct aws_service guardduty = { .name = "guardduty",
	.protocol = AWS_REST_JSON };

static const struct aws_call list_detectors = {
	.service = &guardduty,
	.operation = "ListDetectors",
	.path = "/detector",
	.items = ".detectorIds[]",
	.pager = { ".nextToken", "nextToken", "maxResults", 50, NULL, 0 },
	.must = ".=name",
};
static const struct aws_call get_detector = {
	.kind = &aws_guardduty_detector_kind,
	.service = &guardduty,
	.operation = "GetDetector",
	.path = "/detector/{detectorId}",
	.input = INPUT({ "detectorId", ".", NULL }),
	.key = "^.",
	.each = &list_detectors,
	.none = "no detector in this region",
	.fill = aws_fill_guardduty_detector,
	.must = ".status=in:ENABLED,DISABLED",
};

const struct aws_call *const aws_calls_edge[] = { &list_certificates,
	&describe_certificate, &describe_load_balancers, &describe_listeners,
	&describe_rules, &describe_ssl_policies, &describe_classic_balancers,
	&describe_classic_listeners, &describe_classic_policies,
	&describe_trails, &get_trail_status, &get_event_selectors,
	&lookup_events, &list_detectors, &get_detector, NULL };
