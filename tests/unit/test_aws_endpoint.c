/* Which host is asked, where plain http may go, and what a token for EKS is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "collector/aws_client/aws_host.h"
#include "base/length.h"
#include "collector/http/http.h"
#include "collector/aws_client/session.h"

extern const struct text report_text[]; /* the catalogues */

static const struct aws_service services[] = {
	{ .name = "ec2" },
	{ .name = "eks" },
	{ .name = "api.ecr" },
	{ .name = "iam", .global = true },
	{ .name = "s3", .global = true },
	{ .name = "organizations", .global = true },
};
enum { EC2, EKS, ECR, IAM, S3, ORGANIZATIONS };

/* Hosts as botocore 1.43.11 lists them; where no FIPS host is listed the
 * regular one, by the AWS General Reference. */
static const struct {
	int service;
	const char *region, *host, *signed_for, *by;
} hosts[] = {
	{ EC2, "us-east-1", "ec2-fips.us-east-1.amazonaws.com", "us-east-1",
	    "listed" },
	{ EC2, "ca-central-1", "ec2-fips.ca-central-1.amazonaws.com",
	    "ca-central-1", "listed" },
	{ EC2, "eu-west-1", "ec2.eu-west-1.amazonaws.com", "eu-west-1",
	    "regular" },
	{ EC2, "us-gov-west-1", "ec2.us-gov-west-1.amazonaws.com",
	    "us-gov-west-1", "listed" },
	{ EKS, "us-west-2", "fips.eks.us-west-2.amazonaws.com", "us-west-2",
	    "listed" },
	{ EKS, "us-gov-west-1", "eks.us-gov-west-1.amazonaws.com",
	    "us-gov-west-1", "listed" },
	{ EKS, "ca-central-1", "eks.ca-central-1.amazonaws.com", "ca-central-1",
	    "regular" },
	{ ECR, "us-east-1", "ecr-fips.us-east-1.amazonaws.com", "us-east-1",
	    "listed" },
	{ ECR, "eu-west-1", "api.ecr.eu-west-1.amazonaws.com", "eu-west-1",
	    "regular" },
	{ IAM, "eu-west-1", "iam-fips.amazonaws.com", "us-east-1", "listed" },
	{ IAM, "us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1",
	    "listed" },
	{ IAM, "cn-north-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1",
	    "regular" },
	{ S3, "us-west-2", "s3-fips.us-west-2.amazonaws.com", "us-west-2",
	    "listed" },
	{ S3, "eu-west-1", "s3.eu-west-1.amazonaws.com", "eu-west-1",
	    "regular" },
	{ ORGANIZATIONS, "us-west-2",
	    "organizations-fips.us-east-1.amazonaws.com", "us-east-1",
	    "listed" },
};

static void
listed_hosts_are_taken_and_others_are_not_called_fips(void **state)
{
	const struct text *catalog = aws_catalog(report_text);

	(void)state;
	assert_non_null(catalog);
	for (size_t i = 0; i < LENGTH(hosts); i++) {
		struct aws_endpoint e;
		struct fault f = { 0 };

		assert_int_equal(
		    aws_endpoint_of(catalog, NULL, &services[hosts[i].service],
			hosts[i].region, &e, &f),
		    0);
		assert_string_equal(e.host, hosts[i].host);
		assert_string_equal(e.region, hosts[i].signed_for);
		assert_string_equal(e.by, hosts[i].by);
		assert_int_equal(e.fips, strcmp(e.by, "listed") == 0);
		assert_false(e.plain);
	}
}

static void
a_given_host_is_never_called_fips(void **state)
{
	static const struct {
		const char *url, *host;
		bool plain;
	} good[] = {
		{ "http://127.0.0.1:5000", "127.0.0.1:5000", true },
		{ "http://localhost:5000/", "localhost:5000", true },
		{ "https://vpce-1.ec2.us-east-1.vpce.amazonaws.com",
		    "vpce-1.ec2.us-east-1.vpce.amazonaws.com", false },
		{ "https://ec2-fips.us-east-1.amazonaws.com",
		    "ec2-fips.us-east-1.amazonaws.com", false },
	};
	static const char *const bad[] = { "http://example.com", "ftp://x",
		"https://", "https://user@host", "https://host/path",
		"https://host?x", "http://169.254.169.254", "127.0.0.1:5000",
		"http://127.0.0.1.example.com", "" };
	struct aws_endpoint e;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		assert_int_equal(aws_endpoint_of(NULL, good[i].url,
				     &services[EC2], "us-east-1", &e, &f),
		    0);
		assert_string_equal(e.host, good[i].host);
		assert_int_equal(e.plain, good[i].plain);
		assert_string_equal(e.by, "given");
		assert_false(e.fips);
	}
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_int_equal(aws_endpoint_of(NULL, bad[i], &services[EC2],
				     "us-east-1", &e, &f),
		    -1);
		assert_int_equal(f.kind, FAULT_USAGE);
	}
	assert_int_equal(aws_endpoint_of(NULL, NULL, &services[EC2],
			     "us-east-1.evil.example", &e, &f),
	    -1);
}

static void
plain_http_has_few_places(void **state)
{
	static const struct {
		const char *url, *place;
	} cases[] = {
		{ "http://127.0.0.1:80/x", "loopback" },
		{ "http://127.1.2.3", "loopback" },
		{ "http://[::1]:8080/", "loopback" },
		{ "http://localhost/", "loopback" },
		{ "http://169.254.169.254/latest", "link-local" },
		{ "http://169.254.170.2/v2", "link-local" },
		{ "http://169.254.170.23/v1/credentials", "link-local" },
		{ "http://[fd00:ec2::23]/v1", "link-local" },
		{ "http://169.254.1.1/", NULL },
		{ "http://10.0.0.1/", NULL },
		{ "http://localhost.example.com/", NULL },
		{ "http://127.0.0.1@example.com/", NULL },
		{ "http://127.0.0.1\\@example.com/", NULL },
		{ "http://127.0.0.1:80@example.com/", NULL },
		{ "http://127.0.0.1.nip.io/", NULL },
		{ "http://[::1].example.com/", NULL },
		{ "http://2130706433/", NULL },
		{ "http://127.1/", NULL },
		{ "http://", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const char *place = http_plain_place(cases[i].url);

		if (place == NULL || cases[i].place == NULL)
			assert_ptr_equal(place, cases[i].place);
		else
			assert_string_equal(place, cases[i].place);
	}
}

/* What botocore 1.43.11 makes of the same keys at the same time. */
static const char token_of_eks[] =
    "k8s-aws-v1.aHR0cHM6Ly9zdHMtZmlwcy51cy1lYXN0LTEuYW1hem9uYXdzLmNvbS8"
    "_QWN0aW9uPUdldENhbGxlcklkZW50aXR5JlZlcnNpb249MjAxMS0wNi0xNSZYLUFte"
    "i1BbGdvcml0aG09QVdTNC1ITUFDLVNIQTI1NiZYLUFtei1DcmVkZW50aWFsPUFTSUF"
    "FWEhJQklUVEVTVFJPTEUxJTJGMjAyNjExMjMlMkZ1cy1lYXN0LTElMkZzdHMlMkZhd"
    "3M0X3JlcXVlc3QmWC1BbXotRGF0ZT0yMDI2MTEyM1QxMDAwMDBaJlgtQW16LUV4cGl"
    "yZXM9NjAmWC1BbXotU2lnbmVkSGVhZGVycz1ob3N0JTNCeC1rOHMtYXdzLWlkJlgtQ"
    "W16LVNlY3VyaXR5LVRva2VuPXRva2VuJTJGb2YlMkJ0aGUlMkZyb2xlJTNEJTNEJlg"
    "tQW16LVNpZ25hdHVyZT04OGRjMzBkYjI5M2FmYTRmZTZiZGI0ZjYzZjZkOTQzMTdkZ"
    "DdhMzEzNzY5ZmVjMjljNzkxYmUwNzdjZDUyYmIw";

static void
a_token_for_eks_is_the_one_botocore_makes(void **state)
{
	static char id[] = "AWS_ACCESS_KEY_ID=ASIAEXHIBITTESTROLE1";
	static char secret[] = "AWS_SECRET_ACCESS_KEY=secret/of+the/role";
	static char session[] = "AWS_SESSION_TOKEN=token/of+the/role==";
	char *const environment[] = { id, secret, session, NULL };
	struct fault f = { 0 };
	struct request r = { .now = "2026-11-23T10:00:00Z",
		.clock = 1795428000,
		.crypto = crypto_new(false, &f),
		.environment = environment,
		.texts = report_text };
	BUF_AUTO(token, EKS_TOKEN_MAX);
	int64_t expires = 0;

	(void)state;
	assert_non_null(r.crypto);
	if (aws_eks_token(&r, NULL, "us-east-1", NULL, "prod-east", &token,
		&expires, &f) == -1)
		fail_msg("%s", f.text);
	assert_string_equal(token.p, token_of_eks);
	assert_in_range(expires, 1795428000 + 600, 1795428000 + 900);
	crypto_free(r.crypto);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    listed_hosts_are_taken_and_others_are_not_called_fips),
		cmocka_unit_test(a_given_host_is_never_called_fips),
		cmocka_unit_test(plain_http_has_few_places),
		cmocka_unit_test(a_token_for_eks_is_the_one_botocore_makes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
