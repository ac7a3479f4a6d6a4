/* See provider.h. Calls: OSSL_PROVIDER(3), OSSL_LIB_CTX(3), EVP_MD_fetch. */
#include "collector/node/provider.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "collector/node/source.h"

#define ENTRY "!providers"
#define VARIABLE "OPENSSL_"
#define REASON_TEXT_MAX 400

/* ---- in the child ---- */

/* The host's configuration, not the caller's (openssl-env(7)). */
static void
clear_environment(void)
{
	char name[256];
	size_t i = 0;

	while (environ != NULL && environ[i] != NULL) {
		size_t len = strcspn(environ[i], "=");

		if (strncmp(environ[i], VARIABLE, strlen(VARIABLE)) != 0 ||
		    len >= sizeof(name)) {
			i++;
			continue;
		}
		(void)memcpy(name, environ[i], len);
		name[len] = '\0';
		if (unsetenv(name) == -1) /* else environ[i] is the next */
			i++;
	}
}

static json_t *
text_or_null(const char *s)
{
	size_t len;

	if (s == NULL)
		return json_null();
	len = strnlen(s, PROVIDER_TEXT_MAX);
	return json_text(s, len);
}

static int
add_provider(OSSL_PROVIDER *prov, void *ctx)
{
	json_t *list = ctx;
	const char *name = NULL, *version = NULL, *buildinfo = NULL;
	int status = 0;
	OSSL_PARAM p[] = {
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_NAME, &name, 0),
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_VERSION, &version, 0),
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_BUILDINFO, &buildinfo, 0),
		OSSL_PARAM_int(OSSL_PROV_PARAM_STATUS, &status),
		OSSL_PARAM_END,
	};

	/* one that answers nothing has not passed its self-tests either */
	if (OSSL_PROVIDER_get_params(prov, p) != 1)
		status = 0;
	return json_array_append_new(list,
		   json_pack("{s:b, s:o, s:o, s:o, s:o}", "active", status == 1,
		       "buildinfo", text_or_null(buildinfo), "key",
		       text_or_null(OSSL_PROVIDER_get0_name(prov)), "name",
		       text_or_null(name), "version", text_or_null(version))) ==
	       0;
}

/* Negative control: what is not approved must not be there under fips=yes
 * defaults. */
static json_t *
ask_md5(OSSL_LIB_CTX *lib)
{
	EVP_MD *md = EVP_MD_fetch(lib, "MD5", NULL);
	json_t *answer = json_string(md != NULL ? "available" : "refused");

	EVP_MD_free(md);
	return answer;
}

/* A provider listed is not a provider that works: ask it for something. */
static json_t *
ask_fips(OSSL_LIB_CTX *lib)
{
	EVP_MD *md = EVP_MD_fetch(lib, "SHA2-256", "fips=yes");
	json_t *answer;

	if (md == NULL)
		return json_null();
	answer =
	    text_or_null(OSSL_PROVIDER_get0_name(EVP_MD_get0_provider(md)));
	EVP_MD_free(md);
	return answer;
}

/* {"error":…,"outcome":…}: the oldest error is the cause, with its data (the
 * file that could not be loaded). */
static json_t *
refusal(const char *outcome, const char *what)
{
	char text[REASON_TEXT_MAX];
	const char *data = NULL;
	int flags = 0;
	unsigned long e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
	const char *why = ERR_reason_error_string(e);

	(void)snprintf(text, sizeof(text), "%s%s%s%s%s", what,
	    e != 0 ? ": " : "", e != 0 && why != NULL ? why : "",
	    data != NULL && data[0] != '\0' ? ": " : "",
	    data != NULL && (flags & ERR_TXT_STRING) ? data : "");
	return json_pack("{s:o, s:s}", "error",
	    json_text(text, strnlen(text, sizeof(text))), "outcome", outcome);
}

static json_t *
examine(const char *given)
{
	OSSL_LIB_CTX *lib = OSSL_LIB_CTX_new();
	char *own = given == NULL ? CONF_get1_default_config_file() : NULL;
	const char *config = given == NULL ? own : given;
	json_t *list = json_array(), *served, *md5;

	if (lib == NULL || config == NULL || list == NULL)
		return refusal("error", "library context");
	if (access(config, R_OK) == 0) {
		ERR_clear_error();
		if (OSSL_LIB_CTX_load_config(lib, config) != 1)
			return refusal("error", "configuration did not load");
	} else if (errno != ENOENT && errno != ENOTDIR) {
		return refusal("denied", "configuration cannot be read");
	}
	served = ask_fips(lib);
	md5 = ask_md5(lib);
	if (OSSL_PROVIDER_do_all(lib, add_provider, list) != 1)
		return refusal("error", "listing the providers");
	return json_pack("{s:o, s:s, s:o, s:o}", "fips_served_by", served,
	    "library_version", OpenSSL_version(OPENSSL_VERSION_STRING), "md5",
	    md5, "providers", list);
}

/* Nothing is freed: the child ends here, and a provider's tear-down is one
 * more thing that could hang. */
static void
work(void *ctx, int fd)
{
	const struct provider_probe *p = ctx;
	json_t *answer;

	clear_environment();
	answer = examine(p->config);
	if (answer != NULL)
		(void)json_dumpfd(answer, fd, JSON_COMPACT);
}

/* ---- in the parent ---- */

void
provider_start(struct provider_probe *p, const char *config)
{
	*p = (struct provider_probe){ .config = config };
	p->out.max = PROVIDER_BYTES_MAX;
	p->child.take = child_take_buf;
	p->child.ctx = &p->out;
	may_fail(child_fork(&p->child, work, p, PROVIDER_TIME_MS, &p->why));
}

static bool
is_text(const json_t *v)
{
	return json_is_null(v) ||
	       (json_is_string(v) &&
		   json_string_length(v) <= 4 * PROVIDER_TEXT_MAX + 4);
}

static bool
is_provider(const json_t *v)
{
	return json_object_size(v) == 5 &&
	       json_is_boolean(json_object_get(v, "active")) &&
	       is_text(json_object_get(v, "buildinfo")) &&
	       json_is_string(json_object_get(v, "key")) &&
	       is_text(json_object_get(v, "key")) &&
	       is_text(json_object_get(v, "name")) &&
	       is_text(json_object_get(v, "version"));
}

/* Foreign code ran where this was written: take no more than the shape. */
static bool
is_answer(const json_t *v)
{
	const json_t *list = json_object_get(v, "providers"), *one;
	const char *md5 = json_string_value(json_object_get(v, "md5"));
	size_t i;

	if (json_object_size(v) != 4 || !json_is_array(list) || md5 == NULL ||
	    (strcmp(md5, "available") != 0 && strcmp(md5, "refused") != 0) ||
	    !is_text(json_object_get(v, "fips_served_by")) ||
	    !is_text(json_object_get(v, "library_version")) ||
	    json_array_size(list) > PROVIDERS_MAX)
		return false;
	json_array_foreach (list, i, one) {
		if (!is_provider(one))
			return false;
	}
	return true;
}

static int
by_key(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;

	return strcmp(json_string_value(json_object_get(x, "key")),
	    json_string_value(json_object_get(y, "key")));
}

/* Providers come in the order they were loaded, which says nothing. */
static int
sort_providers(json_t *answer, struct fault *f)
{
	json_t *list = json_object_get(answer, "providers"), *sorted, *one;
	json_t *v[PROVIDERS_MAX];
	size_t n = 0;

	json_array_foreach (list, n, one)
		v[n] = one;
	if (n > 1)
		qsort(v, n, sizeof(v[0]), by_key);
	sorted = json_array();
	for (size_t i = 0; sorted != NULL && i < n; i++)
		if (json_array_append(sorted, v[i]) == -1) {
			json_decref(sorted);
			sorted = NULL;
		}
	if (sorted == NULL ||
	    json_object_set_new(answer, "providers", sorted) == -1)
		return fault_memory(f);
	return 0;
}

static int
add_answer(struct snapshot *s, json_t *v, struct fault *f)
{
	const char *error = json_string_value(json_object_get(v, "error"));
	const char *kind = json_string_value(json_object_get(v, "outcome"));

	if (error != NULL && kind != NULL && strlen(error) < TEXT_MAX)
		return snapshot_add_refused(s, ENTRY,
		    strcmp(kind, "denied") == 0 ? OUTCOME_DENIED
						: OUTCOME_ERROR,
		    error, f);
	if (!is_answer(v))
		return snapshot_add_refused(s, ENTRY, OUTCOME_ERROR,
		    "the answer of the child was not understood", f);
	if (sort_providers(v, f) == -1)
		return -1;
	return snapshot_add_json(s, ENTRY, v, f);
}

static int
read_answer(struct provider_probe *p, struct snapshot *s, struct fault *f)
{
	struct fault why = { 0 };
	json_t *v;
	int rc;

	if (p->child.status != 0 || p->out.len == 0)
		return snapshot_add_refused(s, ENTRY, OUTCOME_ERROR,
		    "the child ended without an answer", f);
	v = json_read(p->out.p, p->out.len, "answer", &why);
	if (v == NULL)
		return snapshot_add_refused(s, ENTRY, OUTCOME_ERROR,
		    "the answer of the child was not understood", f);
	rc = add_answer(s, v, f);
	json_decref(v);
	return rc;
}

static int
finish(struct provider_probe *p, struct snapshot *s, struct fault *f)
{
	char text[64];

	switch (p->child.end) {
	case CHILD_EXITED:
		return read_answer(p, s, f);
	case CHILD_SIGNALLED:
		(void)snprintf(text, sizeof(text),
		    "a provider crashed: signal %d", p->child.status);
		break;
	case CHILD_TIMED_OUT:
		(void)snprintf(text, sizeof(text),
		    "no answer within %d seconds", PROVIDER_TIME_MS / 1000);
		break;
	case CHILD_REFUSED:
		(void)snprintf(text, sizeof(text),
		    "answer larger than %d bytes", PROVIDER_BYTES_MAX);
		break;
	default:
		return snapshot_add_refused(
		    s, ENTRY, OUTCOME_ERROR, p->why.text, f);
	}
	return snapshot_add_refused(s, ENTRY, OUTCOME_ERROR, text, f);
}

int
provider_finish(struct provider_probe *p, struct snapshot *s, struct fault *f)
{
	int rc;

	child_finish(&p->child);
	rc = finish(p, s, f);
	buf_free(&p->out);
	return rc;
}

void
provider_stop(struct provider_probe *p)
{
	child_stop(&p->child);
	buf_free(&p->out);
}
