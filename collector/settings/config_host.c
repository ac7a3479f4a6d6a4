/* See config_host.h. */
#include "collector/settings/config_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "collector/settings/config_parts.h"

#define HOST_ENV_MAX 64 /* variables of AWS that are looked at */
#define ENVIRONMENT "/etc/environment"

/* "export NAME=value", quotes around the value taken off (pam_env(8)). */
static bool
next_variable(struct span *text, struct span *name, struct span *value)
{
	struct span line;

	while (span_line(text, &line)) {
		line = span_trim(line);
		if (span_starts(line, "export ")) {
			line.p += 7;
			line.len -= 7;
		}
		*name = span_trim(span_until(line, '=', value));
		if (value->p == NULL || !span_starts(*name, "AWS_"))
			continue;
		*value = span_trim(*value);
		if (value->len > 1 &&
		    (value->p[0] == '"' || value->p[0] == '\'') &&
		    value->p[value->len - 1] == value->p[0])
			*value = (struct span){ value->p + 1, value->len - 2 };
		return true;
	}
	return false;
}

/* Only what chooses an endpoint: never a key or a token. */
static bool
chooses(struct span name)
{
	static const char *const known[] = { "AWS_REGION", "AWS_DEFAULT_REGION",
		"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" };

	for (size_t i = 0; i < LENGTH(known); i++)
		if (span_is(name, known[i]))
			return true;
	return span_starts(name, "AWS_ENDPOINT_URL");
}

bool
config_host_env(struct span environment)
{
	struct span name, value;

	while (next_variable(&environment, &name, &value))
		if (chooses(name))
			return true;
	return false;
}

struct host_env { /* of the arena */
	char *v[HOST_ENV_MAX + 1];
	size_t n;
};

static int
read_env(
    struct arena *a, struct span text, struct host_env *env, struct fault *f)
{
	struct span name, value;

	while (next_variable(&text, &name, &value)) {
		size_t len = name.len + 1 + value.len;
		char *s;

		if (!chooses(name))
			continue;
		if (env->n == HOST_ENV_MAX)
			return fault(f, FAULT_LIMIT,
			    ENVIRONMENT ": over %d variables of AWS",
			    HOST_ENV_MAX);
		if ((s = arena_alloc(a, len + 1)) == NULL)
			return fault_memory(f);
		memcpy(s, name.p, name.len);
		s[name.len] = '=';
		memcpy(s + name.len + 1, value.p, value.len);
		env->v[env->n++] = s;
	}
	return 0;
}

/* As the config collector does: a file with a problem gives only that. */
static int
read_file(struct config_file *file, struct fault *f)
{
	extern const struct config_type config_aws; /* in config_type.c */

	file->dry = true;
	if (config_aws.read(file, NULL, f) == -1)
		return -1;
	if (file->problem.kind != FAULT_NONE)
		return emit_outcome(file->e, &config_aws_endpoint_kind,
		    file->path, OUTCOME_ERROR, file->problem.text, file->path,
		    f);
	file->dry = false;
	file->subjects = 0;
	(void)json_object_clear(file->seen);
	return config_aws.read(file, NULL, f);
}

int
config_host_aws(struct emitter *e, const char *path, struct span text,
    struct span environment, struct fault *f)
{
	static const struct request_option with_env[] = { { "aws-environment",
	    "1" } };
	struct arena *a = arena_new();
	struct host_env env = { 0 };
	struct request r = {
		.options = with_env, .noptions = 1, .environment = env.v
	};
	struct config_file file = { .path = path,
		.text = text,
		.request = &r,
		.e = e,
		.seen = json_object() };
	struct fault why = { 0 };
	int rc = a == NULL || file.seen == NULL ? fault_memory(f) : 0;

	if (text.p == NULL) {
		file.path = ENVIRONMENT;
		file.text = span_of("[default]\n");
	}
	if (rc == 0 && read_env(a, environment, &env, &why) == -1)
		rc = why.kind == FAULT_LIMIT
			 ? emit_outcome(e, &config_aws_endpoint_kind,
			       ENVIRONMENT, OUTCOME_ERROR, why.text,
			       ENVIRONMENT, f)
			 : (*f = why, -1);
	else if (rc == 0)
		rc = read_file(&file, f);
	json_decref(file.seen);
	arena_free(a);
	return rc;
}
