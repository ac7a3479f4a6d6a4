/* What the user has set up, and the clock. See session.h. */
#include "collector/aws_client/session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/child.h"
#include "collector/aws_client/credentials_parts.h"
#include "collector/aws_client/aws_profile.h"
#include "base/utc.h"

#define PER_HOST 16

int64_t
aws_now(const struct aws_session *s)
{
	return s->began_utc + (clock_ms() - s->began_clock) / 1000;
}

static bool
is_true(struct span s)
{
	return s.len == 4 && strncasecmp(s.p, "true", 4) == 0;
}

static struct span
env_span(const struct request *r, const char *name)
{
	const char *s = request_env(r, name);

	return s != NULL ? span_of(s) : (struct span){ NULL, 0 };
}

/* AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_KMS … in the environment. */
static const char *
url_variable(const struct request *r)
{
	char *const *e = r->environment;

	for (; e != NULL && *e != NULL; e++)
		if (strncmp(*e, "AWS_ENDPOINT_URL", 16) == 0 &&
		    ((*e)[16] == '=' || (*e)[16] == '_') &&
		    strchr(*e, '=') != NULL && strchr(*e, '=')[1] != '\0')
			return *e;
	return NULL;
}

static int
check_urls(const struct aws_session *s, const char *profile, struct fault *f)
{
	const char *name = profile_name_of(s->request, profile);
	const char *variable = url_variable(s->request);
	struct span ignore =
	    env_span(s->request, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");

	if (ignore.p == NULL)
		ignore = profile_get(
		    s->profiles, name, "ignore_configured_endpoint_urls");
	if (s->endpoint_url != NULL || is_true(ignore))
		return 0;
	if (variable != NULL)
		return fault(f, FAULT_USAGE,
		    "%.*s is set: it would silently take the place of the "
		    "FIPS hosts; unset it, set "
		    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true, or give "
		    "--endpoint-url",
		    (int)strcspn(variable, "="), variable);
	if (profile_get(s->profiles, name, "endpoint_url").len > 0 ||
	    profile_get(s->profiles, name, "services").len > 0)
		return fault(f, FAULT_USAGE,
		    "profile %.200s sets endpoint_url or services: it would "
		    "silently take the place of the FIPS hosts; set "
		    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true, or give "
		    "--endpoint-url",
		    name);
	return 0;
}

static char *
dup_span(struct span v)
{
	return v.p != NULL && v.len > 0 ? strndup(v.p, v.len) : NULL;
}

static struct span
first(const struct request *r, const char *a, const char *b)
{
	struct span v = env_span(r, a);

	return v.len > 0 ? v : env_span(r, b);
}

static void
read_settings(struct aws_session *s, const char *profile)
{
	const struct request *r = s->request;
	const char *name = profile_name_of(r, profile);
	const char *file = request_get(r, "ca-file");
	struct span region = first(r, "AWS_REGION", "AWS_DEFAULT_REGION");
	struct span ca =
	    file != NULL ? span_of(file) : env_span(r, "AWS_CA_BUNDLE");

	if (region.len == 0)
		region = profile_get(s->profiles, name, "region");
	if (ca.len == 0)
		ca = profile_get(s->profiles, name, "ca_bundle");
	s->region = dup_span(region);
	s->ca_file = dup_span(ca);
	s->setup.ca_file = s->ca_file;
	s->setup.proxy = first(r, "HTTPS_PROXY", "https_proxy").p;
	s->setup.no_proxy = first(r, "NO_PROXY", "no_proxy").p;
	s->setup.per_host = PER_HOST;
}

struct aws_session *
aws_session_new(const struct request *r, const char *profile, struct fault *f)
{
	struct aws_session *s = calloc(1, sizeof(*s));

	if (s == NULL ||
	    (s->profiles = calloc(1, sizeof(*s->profiles))) == NULL) {
		free(s);
		(void)fault_memory(f);
		return NULL;
	}
	s->request = r;
	s->endpoint_url = request_get(r, "endpoint-url");
	s->began_clock = clock_ms();
	s->began_utc = r->clock;
	if (r->clock == 0 && utc_parse(r->now, &s->began_utc) == -1)
		(void)fault(f, FAULT_USAGE, "'%.40s': no time", r->now);
	else if (profiles_read(s->profiles, r, f) == 0 &&
		 check_urls(s, profile, f) == 0) {
		read_settings(s, profile);
		if ((s->http = http_new(&s->setup, f)) != NULL &&
		    (s->side = http_new(&s->setup, f)) != NULL)
			return s;
	}
	aws_session_free(s);
	return NULL;
}

const char *
aws_session_region(struct aws_session *s)
{
	if (s->region == NULL && !s->asked_region) {
		s->asked_region = true;
		s->region = imds_region(s);
	}
	return s->region;
}

void
aws_session_free(struct aws_session *s)
{
	if (s == NULL)
		return;
	http_free(s->http);
	http_free(s->side);
	profiles_free(s->profiles);
	free(s->profiles);
	free(s->region);
	free(s->ca_file);
	free(s);
}
