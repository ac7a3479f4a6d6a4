/*
 * A registry by the OCI distribution specification 1.1: manifests, blobs, and
 * tokens as its registries hand them out (distribution.github.io, "Token
 * Authentication Specification"). Reads only: GET.
 *
 * Registries answer for a blob with a redirect to where it is stored. One is
 * followed, for blobs alone, to https (or this host, with --plain-http), and
 * without our credentials: whatever comes must have the digest asked for. No
 * other redirect is followed, here or elsewhere in exhibit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base/base64.h"
#include "collector/http/http.h"
#include "collector/image/image.h"
#include "collector/image/registry_auth.h"

#define URL_BYTES_MAX 8192
#define LAYER_TIME_MS (4L * 3600 * 1000) /* of one blob, whole */
#define BLOB_BYTES_MAX (64LL * 1024 * 1024 * 1024)
#define TRIES 5

#define ACCEPT                                                                 \
	"Accept: application/vnd.oci.image.index.v1+json, "                    \
	"application/vnd.oci.image.manifest.v1+json, "                         \
	"application/vnd.docker.distribution.manifest.list.v2+json, "          \
	"application/vnd.docker.distribution.manifest.v2+json"

struct registry {
	const struct request *r;
	struct http *http;
	struct http_setup setup;
	bool plain;
	char host[256], path[REFERENCE_MAX], name[REFERENCE_MAX];
	struct buf login;	  /* "user:password", or empty */
	struct buf authorization; /* header's value; empty: none yet */
};

/* ---- one call ---- */

struct call {
	struct registry *g;
	const char *authorization; /* NULL: without */
	blob_take *take;	   /* NULL: the body is kept */
	void *ctx;
	uint64_t passed, skip; /* bytes handed on; to skip when begun anew */
};

static int
prepare(void *ctx, struct http_headers *h, struct fault *f)
{
	struct call *c = ctx;

	(void)f;
	if (c->authorization != NULL)
		http_add_header(h, "Authorization", c->authorization);
	return 0;
}

/* Begun anew, the same bytes come again: who checks the digest sees to it. */
static int
on_data(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct call *c = ctx;
	size_t skip = c->skip < len ? (size_t)c->skip : len;

	c->skip -= skip;
	if (skip == len)
		return 0;
	c->passed += len - skip;
	return c->take(c->ctx, p + skip, len - skip, f);
}

static void
on_restart(void *ctx)
{
	struct call *c = ctx;

	c->skip = c->passed;
}

static bool
url_allowed(const struct registry *g, const char *url)
{
	const char *place;

	if (strncmp(url, "https://", 8) == 0)
		return true;
	if (!g->plain || strncmp(url, "http://", 7) != 0)
		return false;
	place = http_plain_place(url);
	return place != NULL && strcmp(place, "loopback") == 0;
}

static int
get(struct call *c, const char *url, const char *accept, size_t text_max,
    struct http_answer *a, struct fault *f)
{
	const char *const headers[] = { accept, NULL };
	struct http_request q = { .method = "GET",
		.url = url,
		.headers = accept != NULL ? headers : NULL,
		.plain = c->g->plain,
		.prepare = prepare,
		.data = c->take != NULL ? on_data : NULL,
		.restart = on_restart,
		.ctx = c,
		.text_max = text_max,
		.tries = TRIES };

	if (!url_allowed(c->g, url))
		return fault(f, FAULT_DENIED,
		    "%.300s: neither https nor, with --plain-http, this host",
		    url);
	if (c->take != NULL) {
		q.time_ms = LAYER_TIME_MS;
		q.body_max = BLOB_BYTES_MAX;
	}
	return http_call(c->g->http, &q, a, f);
}

/* ---- tokens ---- */

static int
basic(struct registry *g, struct buf *out, struct fault *f)
{
	buf_reset(out);
	buf_puts(out, "Basic ");
	base64_put(out, g->login.p, g->login.len);
	return buf_done(out, "credentials", f);
}

static int
take_token(struct registry *g, const struct http_answer *a, struct fault *f)
{
	json_auto_t *doc = json_loadb(a->text.len > 0 ? a->text.p : "",
	    a->text.len, JSON_REJECT_DUPLICATES, NULL);
	const char *token = json_string_value(json_object_get(doc, "token"));

	if (token == NULL)
		token = json_string_value(json_object_get(doc, "access_token"));
	if (token == NULL || token[0] == '\0')
		return fault(f, FAULT_DENIED,
		    "%.200s: its token service gave no token", g->host);
	buf_reset(&g->authorization);
	buf_printf(&g->authorization, "Bearer %s", token);
	return buf_done(&g->authorization, "token", f);
}

static void
put_parameter(struct buf *url, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	buf_putc(url, memchr(url->p, '?', url->len) != NULL ? '&' : '?');
	buf_printf(url, "%s=", name);
	http_encode(url, value, strlen(value), false);
}

static int
fetch_token(struct registry *g, const struct challenge *ch, struct fault *f)
{
	struct call c = { .g = g };
	struct http_answer a = { 0 };
	BUF_AUTO(url, URL_BYTES_MAX);
	struct buf own = { .max = REGISTRY_SECRET_MAX };
	char scope[REFERENCE_MAX + 32];
	int rc = 0;

	(void)snprintf(scope, sizeof(scope), "repository:%s:pull", g->path);
	buf_puts(&url, ch->realm);
	put_parameter(&url, "service", ch->service);
	/* never more than reading, whatever it asks us to ask for */
	put_parameter(&url, "scope", scope);
	if (g->login.len > 0) {
		rc = basic(g, &own, f);
		c.authorization = own.p;
	}
	if (rc == 0 && (rc = buf_done(&url, "token service", f)) == 0 &&
	    (rc = get(&c, url.p, NULL, REGISTRY_SECRET_MAX, &a, f)) == 0) {
		rc = a.status == 200
			 ? take_token(g, &a, f)
			 : fault(f, FAULT_DENIED,
			       "%.200s: its token service answered %ld%s",
			       g->host, a.status,
			       g->login.len == 0 ? "; log in to it first" : "");
		if (a.text.p != NULL)
			OPENSSL_cleanse(a.text.p, a.text.cap);
		http_answer_free(&a);
	}
	if (own.p != NULL)
		OPENSSL_cleanse(own.p, own.cap);
	buf_free(&own);
	return rc;
}

/* It refused: do as it asks, once. */
static int
authorize(struct registry *g, const struct http_answer *a, struct fault *f)
{
	char header[2048];
	struct challenge ch;

	if (!http_header(a, "WWW-Authenticate", header, sizeof(header)) ||
	    challenge_read(&ch, header) == -1)
		return fault(f, FAULT_DENIED,
		    "%.200s: refuses, and does not say how to log in", g->host);
	if (ch.bearer)
		return fetch_token(g, &ch, f);
	if (g->login.len == 0)
		return fault(f, FAULT_DENIED,
		    "%.200s: wants a login; docker login %.200s keeps one",
		    g->host, g->host);
	return basic(g, &g->authorization, f);
}

/* ---- manifests and blobs ---- */

static int
refused(
    const struct registry *g, const char *what, long status, struct fault *f)
{
	enum fault_kind kind = status == 404			? FAULT_ABSENT
			       : status == 401 || status == 403 ? FAULT_DENIED
								: FAULT_REMOTE;

	return fault(f, kind, "%.200s: %s of %.200s: the registry answered %ld",
	    g->host, what, g->path, status);
}

/* With our credentials, and again once after a refusal. */
static int
get_authorized(struct call *c, const char *url, const char *accept,
    size_t text_max, struct http_answer *a, struct fault *f)
{
	struct registry *g = c->g;

	for (int again = 0;; again++) {
		c->authorization =
		    g->authorization.len > 0 ? g->authorization.p : NULL;
		if (get(c, url, accept, text_max, a, f) == -1)
			return -1;
		if (a->status != 401 || again > 0)
			return 0;
		if (authorize(g, a, f) == -1) {
			http_answer_free(a);
			return -1;
		}
		http_answer_free(a);
	}
}

static int
url_of(const struct registry *g, const char *what, const char *name,
    struct buf *url, struct fault *f)
{
	buf_printf(url, "%s://%s/v2/", g->plain ? "http" : "https", g->host);
	http_encode(url, g->path, strlen(g->path), true);
	buf_printf(url, "/%s/%s", what, name);
	return buf_done(url, "URL", f);
}

static int
registry_manifest(
    void *self, const char *reference, struct buf *out, struct fault *f)
{
	struct registry *g = self;
	struct call c = { .g = g };
	struct http_answer a = { 0 };
	BUF_AUTO(url, URL_BYTES_MAX);
	int rc;

	if (url_of(g, "manifests", reference != NULL ? reference : g->name,
		&url, f) == -1 ||
	    get_authorized(&c, url.p, ACCEPT, MANIFEST_MAX, &a, f) == -1)
		return -1;
	if (a.status != 200) {
		rc = refused(g, "the manifest", a.status, f);
	} else {
		buf_put(out, a.text.p, a.text.len);
		rc = buf_done(out, "manifest", f);
	}
	http_answer_free(&a);
	return rc;
}

/* Where a redirect leads, as a whole URL. */
static int
location(const struct registry *g, const struct http_answer *a, struct buf *url,
    struct fault *f)
{
	char to[URL_BYTES_MAX];

	if (!http_header(a, "Location", to, sizeof(to)) ||
	    strlen(to) + 1 >= sizeof(to))
		return fault(f, FAULT_FORMAT,
		    "%.200s: redirects, and does not say where to", g->host);
	if (to[0] == '/' && to[1] != '/')
		buf_printf(
		    url, "%s://%s%s", g->plain ? "http" : "https", g->host, to);
	else
		buf_puts(url, to);
	return buf_done(url, "URL of a redirect", f);
}

static bool
is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

static int
registry_blob(
    void *self, const char *name, blob_take *take, void *ctx, struct fault *f)
{
	struct registry *g = self;
	struct call c = { .g = g, .take = take, .ctx = ctx };
	struct http_answer a = { 0 };
	BUF_AUTO(url, URL_BYTES_MAX);
	BUF_AUTO(to, URL_BYTES_MAX);
	int rc;

	if (url_of(g, "blobs", name, &url, f) == -1 ||
	    get_authorized(&c, url.p, NULL, 0, &a, f) == -1)
		return -1;
	if (is_redirect(a.status)) {
		rc = location(g, &a, &to, f);
		http_answer_free(&a);
		c.authorization = NULL; /* it is for the registry alone */
		if (rc == -1 || get(&c, to.p, NULL, 0, &a, f) == -1)
			return -1;
	}
	rc = a.status == 200 ? 0 : refused(g, "a blob", a.status, f);
	http_answer_free(&a);
	return rc;
}

static void
registry_free(void *self)
{
	struct registry *g = self;
	struct buf *const secrets[] = { &g->login, &g->authorization };

	for (size_t i = 0; i < 2; i++) {
		if (secrets[i]->p != NULL)
			OPENSSL_cleanse(secrets[i]->p, secrets[i]->cap);
		buf_free(secrets[i]);
	}
	http_free(g->http);
	free(g);
}

int
registry_open(struct image_source *out, const struct request *r,
    const struct reference *ref, struct fault *f)
{
	struct registry *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return fault_memory(f);
	g->r = r;
	g->plain = request_get(r, "plain-http") != NULL;
	g->setup.ca_file = request_get(r, "registry-ca");
	g->login.max = g->authorization.max = REGISTRY_SECRET_MAX;
	(void)snprintf(g->host, sizeof(g->host), "%s", ref->host);
	(void)snprintf(g->path, sizeof(g->path), "%s", ref->path);
	(void)snprintf(g->name, sizeof(g->name), "%s", ref->name);
	if ((g->http = http_new(&g->setup, f)) == NULL ||
	    registry_login(r, g->host, &g->login, f) == -1) {
		registry_free(g);
		return -1;
	}
	*out = (struct image_source){ registry_manifest, registry_blob,
		registry_free, g };
	return 0;
}
