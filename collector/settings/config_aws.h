/*
 * Which endpoint an AWS SDK or the CLI calls, as botocore 1.43 chooses it
 * (configprovider.py, client.py; AWS SDKs and Tools Reference Guide). Nothing
 * here knows hosts: a check joins them from the catalogue.
 */
#ifndef COLLECTOR_SETTINGS_CONFIG_AWS_H
#define COLLECTOR_SETTINGS_CONFIG_AWS_H

#include "base/span.h"

/* What is set in one place, environment or file; p NULL: not set. */
struct aws_given {
	struct span region, fips, dualstack, ignore;
	struct span url;	 /* AWS_ENDPOINT_URL, endpoint_url */
	struct span service_url; /* AWS_ENDPOINT_URL_KMS, [services] */
};

/*
 * Settings: environment before file. URLs: of the service before general in
 * the environment, then of the service before general in the file; all of
 * them are dropped by the ignore flag. A URL that is left switches FIPS and
 * dual-stack off without a word.
 */
struct aws_choice {
	bool use_fips, use_dualstack;
	bool url_ignored;     /* there is one, and it is dropped */
	bool fips_overridden; /* FIPS was asked for, and the URL wins */
	struct span region;   /* "fips-us-east-1" is us-east-1 with FIPS */
	struct span url;      /* p NULL: none */
	bool url_from_env, url_of_service;
	const char *fips_by; /* what asked for FIPS, or NULL */
};

void aws_choose(const struct aws_given *env, const struct aws_given *file,
    struct aws_choice *out);

/* The host of "https://user@host:port/path", lower case not forced; p NULL:
 * not a URL. */
struct span url_host(struct span url);

#endif
