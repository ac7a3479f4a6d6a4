/*
 * Which host answers for a service in a region. The catalogue
 * (catalogs/aws-endpoints.tsv) says where FIPS hosts are listed; names are not
 * made up where it has one. Where it has none the regular host is taken, which
 * aws.call records: no FIPS host, no claim of one.
 */
#ifndef COLLECTOR_AWS_CLIENT_AWS_HOST_H
#define COLLECTOR_AWS_CLIENT_AWS_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/aws_client/aws_call.h"
#include "base/fault.h"
#include "base/text.h"

#define AWS_HOST_MAX 256
#define AWS_REGION_MAX 64

struct aws_endpoint {
	char base[AWS_HOST_MAX + 16]; /* "https://host[:port]" */
	char host[AWS_HOST_MAX];      /* as the Host header has it */
	char region[AWS_REGION_MAX];  /* of the signature */
	bool fips;		      /* listed as a FIPS host */
	const char *by; /* "listed", "regular" or "given" (--endpoint-url) */
	bool plain;	/* http, on loopback */
};

/*
 * catalog: the text of the table. url: --endpoint-url, or NULL. FAULT_USAGE: a
 * region or URL that is none.
 */
MUST_USE int aws_endpoint_of(const struct text *catalog, const char *url,
    const struct aws_service *service, const char *region,
    struct aws_endpoint *out, struct fault *f);

/* "aws", "aws-us-gov", "aws-cn" ... */
const char *aws_partition(const char *region);

/* Letters, digits and '-' of at most AWS_REGION_MAX - 1 bytes. */
bool aws_is_region(const char *s);

/* The table among the compiled-in texts, or NULL. */
const struct text *aws_catalog(const struct text *texts);

#endif
