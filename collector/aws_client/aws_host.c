/* See endpoint.h. */
#include "collector/aws_client/aws_host.h"

#include <stdio.h>
#include <string.h>

#include "collector/http/http.h"

#define CATALOG "catalogs/aws-endpoints.tsv"

static const struct partition {
	const char *prefix, *name, *suffix;
	const char *global; /* the region global services are signed for */
	const char *listed; /* ... and the one they are listed under */
} partitions[] = {
	{ "us-gov-", "aws-us-gov", "amazonaws.com", "us-gov-west-1",
	    "aws-us-gov-global" },
	{ "cn-", "aws-cn", "amazonaws.com.cn", "cn-north-1", "aws-cn-global" },
	{ "us-isob-", "aws-iso-b", "sc2s.sgov.gov", "us-isob-east-1",
	    "aws-iso-b-global" },
	{ "us-isof-", "aws-iso-f", "csp.hci.ic.gov", "us-isof-south-1",
	    "aws-iso-f-global" },
	{ "us-iso-", "aws-iso", "c2s.ic.gov", "us-iso-east-1",
	    "aws-iso-global" },
	{ "eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "eu-isoe-west-1",
	    "aws-iso-e-global" },
	{ "eusc-", "aws-eusc", "amazonaws.eu", "eusc-de-east-1",
	    "aws-eusc-global" },
	{ "", "aws", "amazonaws.com", "us-east-1", "aws-global" },
};

static const struct partition *
partition_of(const char *region)
{
	const struct partition *p = partitions;

	while (strncmp(region, p->prefix, strlen(p->prefix)) != 0)
		p++;
	return p;
}

const char *
aws_partition(const char *region)
{
	return partition_of(region)->name;
}

bool
aws_is_region(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len < AWS_REGION_MAX &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

const struct text *
aws_catalog(const struct text *texts)
{
	for (; texts != NULL && texts->path != NULL; texts++)
		if (strcmp(texts->path, CATALOG) == 0)
			return texts;
	return NULL;
}

/* The host of a row "service region host 1 grade" with one of the grades of
 * hosts that speak IPv4: dual-stack ones are not asked. */
static bool
listed(const struct text *catalog, const char *service, const char *region,
    char host[AWS_HOST_MAX])
{
	char row[160];
	const char *p = catalog->p;
	size_t len;

	(void)snprintf(row, sizeof(row), "\n%s\t%s\t", service, region);
	len = strlen(row);
	while ((p = strstr(p, row)) != NULL) {
		size_t n = strcspn(p += len, "\t\n");
		const char *rest = p + n;

		if (n < AWS_HOST_MAX &&
		    (strncmp(rest, "\t1\tlisted\n", 10) == 0 ||
			strncmp(rest, "\t1\tlisted-regular\n", 18) == 0 ||
			strncmp(rest, "\t1\trules-regular\n", 17) == 0)) {
			(void)snprintf(host, AWS_HOST_MAX, "%.*s", (int)n, p);
			return true;
		}
	}
	return false;
}

/* Hosts of global services are the partition's; the rest is by rule. */
static void
regular(const struct aws_service *s, const char *region,
    const struct partition *p, char host[AWS_HOST_MAX])
{
	bool main = strcmp(p->name, "aws") == 0;

	if (s->global && main && strcmp(s->name, "s3") != 0)
		(void)snprintf(host, AWS_HOST_MAX, "%s.%s", s->name, p->suffix);
	else
		(void)snprintf(
		    host, AWS_HOST_MAX, "%s.%s.%s", s->name, region, p->suffix);
}

static int
given(const char *url, struct aws_endpoint *out, struct fault *f)
{
	bool plain = strncmp(url, "http://", 7) == 0;
	size_t scheme = plain ? 7 : 8;
	size_t len;

	if (!plain && strncmp(url, "https://", 8) != 0)
		return fault(f, FAULT_USAGE,
		    "--endpoint-url %.100s: must begin with https://", url);
	if (plain && (http_plain_place(url) == NULL ||
			 strcmp(http_plain_place(url), "loopback") != 0))
		return fault(f, FAULT_USAGE,
		    "--endpoint-url %.100s: plain http is spoken to this host "
		    "alone; use https://",
		    url);
	len = strlen(url + scheme);
	while (len > 0 && url[scheme + len - 1] == '/')
		len--;
	if (len == 0 || len >= AWS_HOST_MAX ||
	    strcspn(url + scheme, "/?#@ ") < len)
		return fault(f, FAULT_USAGE,
		    "--endpoint-url %.100s: give a scheme, a host and a port, "
		    "and no more",
		    url);
	(void)snprintf(
	    out->host, sizeof(out->host), "%.*s", (int)len, url + scheme);
	out->plain = plain;
	out->by = "given";
	return 0;
}

int
aws_endpoint_of(const struct text *catalog, const char *url,
    const struct aws_service *service, const char *region,
    struct aws_endpoint *out, struct fault *f)
{
	const struct partition *p;

	if (!aws_is_region(region))
		return fault(
		    f, FAULT_USAGE, "'%.60s': no name of a region", region);
	p = partition_of(region);
	*out = (struct aws_endpoint){ .by = "regular" };
	(void)snprintf(out->region, sizeof(out->region), "%s",
	    service->global && strcmp(service->name, "s3") != 0 ? p->global
								: region);
	if (url != NULL) {
		if (given(url, out, f) == -1)
			return -1;
	} else if (catalog != NULL &&
		   listed(catalog, service->name,
		       service->global ? p->listed : region, out->host)) {
		out->fips = true;
		out->by = "listed";
	} else if (catalog != NULL && service->global &&
		   listed(catalog, service->name, region, out->host)) {
		out->fips = true;
		out->by = "listed";
	} else {
		regular(service, region, p, out->host);
	}
	(void)snprintf(out->base, sizeof(out->base), "%s://%s",
	    out->plain ? "http" : "https", out->host);
	return 0;
}
