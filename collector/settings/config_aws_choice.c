/* See config_aws.h. */
#include "collector/settings/config_aws.h"

#include <string.h>
#include <strings.h>

#include "base/length.h"

/* botocore's ensure_boolean(): "true" in any case, and nothing else. */
static bool
is_true(struct span s)
{
	return s.len == 4 && strncasecmp(s.p, "true", 4) == 0;
}

static struct span
first(struct span a, struct span b)
{
	return a.p != NULL ? a : b;
}

static void
choose_url(const struct aws_given *env, const struct aws_given *file,
    struct aws_choice *out)
{
	const struct span urls[] = { env->service_url, env->url,
		file->service_url, file->url };

	for (size_t i = 0; i < LENGTH(urls); i++)
		if (urls[i].p != NULL && urls[i].len > 0) {
			out->url = urls[i];
			out->url_from_env = i < 2;
			out->url_of_service = i % 2 == 0;
			return;
		}
}

/* "fips-us-east-1" and "us-east-1-fips": region and wish in one. */
static void
choose_region(struct aws_choice *out)
{
	static const char prefix[] = "fips-", suffix[] = "-fips";
	size_t n = sizeof(prefix) - 1;

	if (span_starts(out->region, prefix)) {
		out->region.p += n;
		out->region.len -= n;
	} else if (span_ends(out->region, suffix)) {
		out->region.len -= n;
	} else {
		return;
	}
	out->use_fips = true;
	out->fips_by = "the region's name";
}

void
aws_choose(const struct aws_given *env, const struct aws_given *file,
    struct aws_choice *out)
{
	*out =
	    (struct aws_choice){ .region = first(env->region, file->region) };
	if (is_true(first(env->fips, file->fips))) {
		out->use_fips = true;
		out->fips_by = env->fips.p != NULL ? "AWS_USE_FIPS_ENDPOINT"
						   : "use_fips_endpoint";
	}
	out->use_dualstack = is_true(first(env->dualstack, file->dualstack));
	if (out->region.p != NULL)
		choose_region(out);
	choose_url(env, file, out);
	if (out->url.p == NULL)
		return;
	if (is_true(first(env->ignore, file->ignore))) {
		out->url = (struct span){ NULL, 0 };
		out->url_ignored = true;
		return;
	}
	out->fips_overridden = out->use_fips;
	out->use_fips = out->use_dualstack = false;
}

struct span
url_host(struct span url)
{
	struct span none = { NULL, 0 }, host, rest;
	const char *at;

	if (span_starts(url, "https://"))
		rest = (struct span){ url.p + 8, url.len - 8 };
	else if (span_starts(url, "http://"))
		rest = (struct span){ url.p + 7, url.len - 7 };
	else
		return none;
	host = span_until(rest, '/', &rest);
	if ((at = memchr(host.p, '@', host.len)) != NULL)
		host = (struct span){ at + 1,
			host.len - (size_t)(at + 1 - host.p) };
	if (host.len > 0 && host.p[0] == '[') /* an address */
		return host;
	host = span_until(host, ':', &rest);
	return host.len > 0 ? host : none;
}
