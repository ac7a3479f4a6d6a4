/* See registry_auth.h. */
#include "collector/image/registry_auth.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <openssl/crypto.h>

#include "base/length.h"
#include "base/base64.h"
#include "base/child.h"
#include "base/file.h"
#include "base/span.h"

/* ---- the file ---- */

/* Where docker and podman keep it. true: path is set. */
static bool
candidate(const struct request *r, size_t i, struct buf *path)
{
	static const struct {
		const char *variable, *rest;
	} places[] = {
		{ "REGISTRY_AUTH_FILE", "" },
		{ "DOCKER_CONFIG", "/config.json" },
		{ "HOME", "/.docker/config.json" },
		{ "XDG_RUNTIME_DIR", "/containers/auth.json" },
		{ "HOME", "/.config/containers/auth.json" },
	};
	const char *value;

	buf_reset(path);
	if (i >= LENGTH(places))
		return false;
	value = request_env(r, places[i].variable);
	if (value != NULL && value[0] == '/')
		buf_printf(path, "%s%s", value, places[i].rest);
	return true;
}

static int
read_config(const char *path, json_t **doc, struct fault *f)
{
	SECRET_AUTO(text, DOCKER_CONFIG_MAX);

	if (file_read(path, &text, f) == -1)
		return -1;
	*doc = json_loadb(
	    text.len > 0 ? text.p : "", text.len, JSON_REJECT_DUPLICATES, NULL);
	return json_is_object(*doc)
		   ? 0
		   : fault(f, FAULT_USAGE, "%.300s: no JSON object", path);
}

/* *doc stays NULL when there is none anywhere. */
static int
find_config(const struct request *r, json_t **doc, struct fault *f)
{
	const char *given = request_get(r, "docker-config");
	struct fault why;
	BUF_AUTO(path, 4096);

	if (given != NULL) {
		if (read_config(given, doc, f) == 0)
			return 0;
		f->kind = FAULT_USAGE;
		return -1;
	}
	for (size_t i = 0; candidate(r, i, &path); i++) {
		if (path.len == 0)
			continue;
		if (read_config(path.p, doc, &why) == 0)
			return 0;
		if (why.kind != FAULT_ABSENT && why.kind != FAULT_DENIED) {
			*f = why;
			f->kind = FAULT_USAGE;
			return -1;
		}
	}
	return 0;
}

/* Docker's Hub has its login under a name of old. */
static json_t *
of_host(json_t *object, const char *host)
{
	static const struct {
		const char *before, *behind;
	} forms[] = { { "", "" }, { "https://", "" }, { "https://", "/" },
		{ "https://", "/v1/" }, { "https://", "/v2/" },
		{ "http://", "" } };
	bool hub = strcmp(host, "registry-1.docker.io") == 0;
	json_t *v = NULL;

	for (size_t i = 0; v == NULL && i < LENGTH(forms); i++) {
		BUF_AUTO(key, 1024);

		buf_printf(
		    &key, "%s%s%s", forms[i].before, host, forms[i].behind);
		v = key.p != NULL ? json_object_get(object, key.p) : NULL;
	}
	if (v == NULL && hub)
		v = json_object_get(object, "https://index.docker.io/v1/");
	if (v == NULL && hub)
		v = json_object_get(object, "docker.io");
	return v;
}

/* ---- helpers ---- */

static int
helper_answer(const struct buf *answer, const char *name, struct buf *out,
    struct fault *f)
{
	json_t *doc = json_loadb(answer->len > 0 ? answer->p : "", answer->len,
	    JSON_REJECT_DUPLICATES, NULL);
	const char *user = json_string_value(json_object_get(doc, "Username"));
	const char *secret = json_string_value(json_object_get(doc, "Secret"));
	int rc = 0;

	if (user == NULL || secret == NULL)
		rc = fault(f, FAULT_DENIED,
		    "docker-credential-%.100s: its answer has no Username and "
		    "Secret",
		    name);
	else if (strcmp(user, "<token>") == 0)
		rc = fault(f, FAULT_DENIED,
		    "docker-credential-%.100s: gave an identity token, which "
		    "is not used; log in with a password or access token",
		    name);
	else
		buf_printf(out, "%s:%s", user, secret);
	json_decref(doc);
	return rc == 0 ? buf_done(out, "credentials", f) : -1;
}

static int
ask_helper(const struct request *r, const char *name, const char *host,
    struct buf *out, struct fault *f)
{
	char program[160];
	const char *argv[] = { program, "get", NULL };
	SECRET_AUTO(answer, REGISTRY_SECRET_MAX);
	struct child c = { .take = child_take_buf, .ctx = &answer };
	struct child_program p = { .file = program,
		.argv = argv,
		.env = (const char *const *)r->environment,
		.input = host,
		.input_len = strlen(host),
		.time_ms = HELPER_TIME_MS };

	if (strlen(name) > 128 || name[strspn(name, ALNUM "._-")] != '\0')
		return fault(f, FAULT_USAGE,
		    "docker's configuration: '%.100s' is no credential helper",
		    name);
	(void)snprintf(program, sizeof(program), "docker-credential-%s", name);
	if (child_spawn(&c, &p, f) == -1)
		return f->kind == FAULT_ABSENT
			   ? fault(f, FAULT_DENIED,
				 "%s: docker's configuration names it, and it "
				 "is not installed",
				 program)
			   : -1;
	child_finish(&c);
	if (c.end == CHILD_TIMED_OUT)
		return fault(f, FAULT_REMOTE,
		    "%s: no answer within %d s; does it wait for a person?",
		    program, HELPER_TIME_MS / 1000);
	/* its status tells no credentials from an error only in its words */
	if (c.end != CHILD_EXITED || c.status != 0)
		return fault(f, FAULT_DENIED,
		    "%s: it failed (status %d); run it by hand to see why",
		    program, c.status);
	return helper_answer(&answer, name, out, f);
}

static int
login_of(
    const json_t *entry, const char *host, struct buf *out, struct fault *f)
{
	const char *auth = json_string_value(json_object_get(entry, "auth"));
	const char *user =
	    json_string_value(json_object_get(entry, "username"));
	const char *secret =
	    json_string_value(json_object_get(entry, "password"));

	if (auth != NULL && auth[0] != '\0') {
		if (!base64_read(out, auth, strlen(auth)) ||
		    memchr(out->p, ':', out->len) == NULL)
			return fault(f, FAULT_USAGE,
			    "docker's configuration: what it has for %.200s "
			    "is no login",
			    host);
	} else if (user != NULL && secret != NULL) {
		buf_printf(out, "%s:%s", user, secret);
	}
	return buf_done(out, "credentials", f);
}

int
registry_login(
    const struct request *r, const char *host, struct buf *out, struct fault *f)
{
	json_auto_t *doc = NULL;
	const char *helper;
	json_t *entry;

	if (find_config(r, &doc, f) == -1)
		return -1;
	helper = json_string_value(
	    of_host(json_object_get(doc, "credHelpers"), host));
	if (helper != NULL)
		return ask_helper(r, helper, host, out, f);
	entry = of_host(json_object_get(doc, "auths"), host);
	if (entry == NULL)
		return 0;
	helper = json_string_value(json_object_get(doc, "credsStore"));
	if (json_object_get(entry, "auth") == NULL && helper != NULL)
		return ask_helper(r, helper, host, out, f);
	return login_of(entry, host, out, f);
}

/* ---- challenges ---- */

/* name="value" or name=token; steps behind it and its comma. */
static bool
parameter(const char **p, struct span *name, struct span *value)
{
	*p += strspn(*p, " ,\t");
	*name = (struct span){ *p, strcspn(*p, "=, ") };
	if (name->len == 0 || (*p)[name->len] != '=')
		return false;
	*p += name->len + 1;
	if (**p == '"') {
		*value = (struct span){ *p + 1, strcspn(*p + 1, "\"") };
		if ((*p)[1 + value->len] != '"')
			return false;
		*p += value->len + 2;
	} else {
		*value = (struct span){ *p, strcspn(*p, ", ") };
		*p += value->len;
	}
	return true;
}

static bool
take(char *to, size_t size, struct span s)
{
	if (s.len >= size)
		return false;
	memcpy(to, s.p, s.len);
	to[s.len] = '\0';
	return true;
}

int
challenge_read(struct challenge *c, const char *header)
{
	struct span name, value;

	memset(c, 0, sizeof(*c));
	if (strncasecmp(header, "Basic", 5) == 0 &&
	    (header[5] == '\0' || header[5] == ' '))
		return 0;
	if (strncasecmp(header, "Bearer ", 7) != 0)
		return -1;
	c->bearer = true;
	header += 7;
	while (parameter(&header, &name, &value)) {
		bool good = true;

		if (span_is(name, "realm"))
			good = take(c->realm, sizeof(c->realm), value);
		else if (span_is(name, "service"))
			good = take(c->service, sizeof(c->service), value);
		else if (span_is(name, "scope"))
			good = take(c->scope, sizeof(c->scope), value);
		if (!good)
			return -1;
	}
	return c->realm[0] != '\0' ? 0 : -1;
}
