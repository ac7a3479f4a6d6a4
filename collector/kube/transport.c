/* See transport.h. */
#include "collector/kube/transport.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <curl/curl.h>
#include <openssl/crypto.h>

#define URL_MAX (API_PATH_MAX + 2048)
#define WAIT_MS 100U /* between looks whether anything is still wanted */

/* What every connection of one user to one server has in common. */
struct common {
	pthread_mutex_t lock;	    /* of what follows */
	struct kube_access *access; /* borrowed */
	unsigned tokens;	    /* refused and read again so far */
	bool lost; /* nobody answered the last call, however often asked */
};

struct transport {
	struct common *common; /* owned by the first */
	bool first;
	const struct kube_access *access; /* but for the token, which changes */
	const struct request *r;
	CURL *curl;
	struct curl_slist *connect_to; /* for tls-server-name */
	char *base;		       /* URL without the path; owned */
	char *host;		       /* Host header, or NULL; owned */
	/* of the call that is made */
	const struct api_get *get;
	struct api_answer *answer;
	struct fault refused; /* what data() said */
	long long bytes;
	long retry_after; /* seconds, -1: not told */
	unsigned tokens;  /* of common, when the header was made */
};

/* ---- what curl hands over ---- */

static bool
stopped(const struct transport *t)
{
	return t->get->stop != NULL && atomic_load(t->get->stop);
}

static int
on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return stopped(ctx) ? 1 : 0;
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct transport *t = ctx;
	size_t len = size * n, room;
	long status = 0;

	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200) {
		room = t->answer->text.max - t->answer->text.len;
		buf_put(&t->answer->text, p, len < room ? len : room);
		return len;
	}
	t->bytes += (long long)len;
	if (t->bytes > PAGE_BYTES_MAX)
		(void)fault(&t->refused, FAULT_LIMIT,
		    "an answer of over %lld bytes", PAGE_BYTES_MAX);
	else if (t->get->data(t->get->ctx, p, len, &t->refused) == 0)
		return len;
	return 0;
}

static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	static const char retry[] = "retry-after:";
	struct transport *t = ctx;
	size_t len = size * n;
	char line[64];

	if (len >= sizeof(retry) && len < sizeof(line) &&
	    strncasecmp(p, retry, sizeof(retry) - 1) == 0) {
		(void)snprintf(line, sizeof(line), "%.*s",
		    (int)(len - sizeof(retry) + 1), p + sizeof(retry) - 1);
		t->retry_after = strtol(line, NULL, 10);
	}
	return len;
}

/* ---- set up ---- */

static struct curl_blob
blob(const struct buf *b)
{
	return (struct curl_blob){ b->p, b->len, CURL_BLOB_NOCOPY };
}

/*
 * tls-server-name is what is verified and sent as SNI; the connection still
 * goes to the server. So the URL has that name, and curl is told where it is.
 */
static int
set_server(struct transport *t, struct fault *f)
{
	const char *server = t->access->server + strlen("https://");
	const char *name = t->access->server_name;
	size_t len = strcspn(server, "/");
	bool port = server[0] == '[' ? strstr(server, "]:") != NULL
				     : memchr(server, ':', len) != NULL;
	BUF_AUTO(base, 2048);
	BUF_AUTO(to, 2048);

	if (name == NULL) {
		t->base = strdup(t->access->server);
		return t->base == NULL ? fault_memory(f) : 0;
	}
	if (name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
			      "wxyz0123456789.-")] != '\0')
		return fault(f, FAULT_USAGE,
		    "tls-server-name '%.100s': not a host name", name);
	buf_printf(&base, "https://%s%s", name, server + len);
	buf_printf(
	    &to, "%s:443:%.*s%s", name, (int)len, server, port ? "" : ":443");
	if (buf_done(&base, "server", f) == -1 ||
	    buf_done(&to, "server", f) == -1)
		return -1;
	t->base = strdup(base.p);
	t->host = strndup(server, len);
	t->connect_to = curl_slist_append(NULL, to.p);
	return t->base == NULL || t->host == NULL || t->connect_to == NULL
		   ? fault_memory(f)
		   : 0;
}

static bool
set_tls(struct transport *t)
{
	struct curl_blob ca = blob(&t->access->ca),
			 cert = blob(&t->access->cert),
			 key = blob(&t->access->key);
	CURL *c = t->curl;
	bool good = true;

	if (ca.len > 0)
		good =
		    curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &ca) == CURLE_OK &&
		    curl_easy_setopt(c, CURLOPT_CAPATH, NULL) == CURLE_OK;
	if (good && cert.len > 0)
		good =
		    curl_easy_setopt(c, CURLOPT_SSLCERT_BLOB, &cert) ==
			CURLE_OK &&
		    curl_easy_setopt(c, CURLOPT_SSLKEY_BLOB, &key) == CURLE_OK;
	return good && curl_easy_setopt(c, CURLOPT_SSLVERSION,
			   (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
}

static bool
set_options(struct transport *t)
{
	CURL *c = t->curl;
	const char *proxy = t->access->proxy;

#define SET(option, value)                                                     \
	(curl_easy_setopt(c, CURLOPT_##option, value) == CURLE_OK)
	return SET(PROTOCOLS_STR, "https") && SET(FOLLOWLOCATION, 0L) &&
	       SET(NOSIGNAL, 1L) &&
	       SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) &&
	       SET(ACCEPT_ENCODING, "gzip") && SET(BUFFERSIZE, 512L * 1024) &&
	       SET(CONNECTTIMEOUT, (long)CONNECT_TIME_S) &&
	       SET(TIMEOUT, (long)CALL_TIME_S) &&
	       SET(LOW_SPEED_LIMIT, (long)STALL_BYTES) &&
	       SET(LOW_SPEED_TIME, (long)STALL_TIME_S) &&
	       SET(PROXY, proxy != NULL ? proxy : "") && SET(NOPROXY, "") &&
	       SET(NETRC, (long)CURL_NETRC_IGNORED) &&
	       SET(USERAGENT, "exhibit/" EXHIBIT_VERSION) &&
	       SET(CONNECT_TO, t->connect_to) && SET(WRITEFUNCTION, on_body) &&
	       SET(WRITEDATA, t) && SET(HEADERFUNCTION, on_header) &&
	       SET(HEADERDATA, t) && SET(XFERINFOFUNCTION, on_progress) &&
	       SET(XFERINFODATA, t) && SET(NOPROGRESS, 0L) && set_tls(t);
}

static struct transport *
open_one(struct common *common, const struct request *r, struct fault *f)
{
	struct transport *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	t->common = common;
	t->access = common->access;
	t->r = r;
	if ((t->curl = curl_easy_init()) == NULL) {
		(void)fault_memory(f);
	} else if (set_server(t, f) == 0) {
		if (set_options(t))
			return t;
		(void)fault(f, FAULT_IO, "libcurl lacks what is needed here");
	}
	transport_free(t);
	return NULL;
}

static void
common_free(struct common *c)
{
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

struct transport *
transport_new(struct kube_access *a, const struct request *r, struct fault *f)
{
	struct common *common = calloc(1, sizeof(*common));
	struct transport *t;

	if (common == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	common->access = a;
	(void)pthread_mutex_init(&common->lock, NULL);
	if ((t = open_one(common, r, f)) == NULL)
		common_free(common);
	else
		t->first = true;
	return t;
}

void
transport_free(struct transport *t)
{
	if (t == NULL)
		return;
	curl_easy_cleanup(t->curl);
	curl_slist_free_all(t->connect_to);
	free(t->base);
	free(t->host);
	if (t->first)
		common_free(t->common);
	free(t);
}

/* ---- one call ---- */

static bool
append(struct curl_slist **list, const char *text)
{
	struct curl_slist *more = curl_slist_append(*list, text);

	if (more != NULL)
		*list = more;
	return more != NULL;
}

static bool
set_headers(struct transport *t, struct curl_slist **list)
{
	BUF_AUTO(line, CREDENTIAL_MAX + 64);
	bool good;

	buf_printf(&line, "Accept: %s", t->get->accept);
	good = line.failed == FAULT_NONE && append(list, line.p);
	if (good && t->host != NULL) {
		buf_reset(&line);
		buf_printf(&line, "Host: %s", t->host);
		good = line.failed == FAULT_NONE && append(list, line.p);
	}
	if (good && t->access->token.len > 0) {
		buf_reset(&line);
		buf_printf(
		    &line, "Authorization: Bearer %s", t->access->token.p);
		good = line.failed == FAULT_NONE && append(list, line.p);
		OPENSSL_cleanse(line.p, line.cap);
	}
	return good &&
	       curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, *list) == CURLE_OK;
}

static void
headers_free(struct curl_slist *list)
{
	for (struct curl_slist *l = list; l != NULL; l = l->next)
		OPENSSL_cleanse(l->data, strlen(l->data)); /* the token */
	curl_slist_free_all(list);
}

/* The token others may be reading anew; refused: ours was. */
static int
authorize(struct transport *t, bool refused, struct curl_slist **headers,
    struct fault *f)
{
	struct common *c = t->common;
	bool again;
	int rc;

	(void)pthread_mutex_lock(&c->lock);
	again = refused && t->tokens == c->tokens;
	rc = access_refresh(c->access, t->r, again, f);
	if (rc == 0) {
		c->tokens += again;
		t->tokens = c->tokens;
		if (!set_headers(t, headers))
			rc = fault_memory(f);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return rc;
}

static int
attempt(struct transport *t, const char *url, bool refused, CURLcode *code,
    struct fault *f)
{
	struct curl_slist *headers = NULL;
	const char *type = NULL;
	int rc;

	t->bytes = 0;
	t->retry_after = -1;
	t->refused = (struct fault){ 0 };
	buf_reset(&t->answer->text);
	t->answer->status = 0;
	rc = authorize(t, refused, &headers, f);
	if (rc == 0 && curl_easy_setopt(t->curl, CURLOPT_URL, url) != CURLE_OK)
		rc = fault_memory(f);
	if (rc == -1) {
		headers_free(headers);
		return -1;
	}
	*code = curl_easy_perform(t->curl);
	(void)curl_easy_getinfo(
	    t->curl, CURLINFO_RESPONSE_CODE, &t->answer->status);
	(void)curl_easy_getinfo(t->curl, CURLINFO_CONTENT_TYPE, &type);
	(void)snprintf(t->answer->type, sizeof(t->answer->type), "%s",
	    type != NULL ? type : "");
	(void)curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
	headers_free(headers);
	return 0;
}

/* Full jitter below a limit that doubles; what the server asks for stands. */
static void
wait_before(const struct transport *t, int tries)
{
	uint32_t most = 250U << tries;
	uint32_t ms = arc4random_uniform(most) + 1;

	if (t->retry_after >= 0)
		ms += (uint32_t)(t->retry_after > RETRY_AFTER_MAX
				     ? RETRY_AFTER_MAX
				     : t->retry_after) *
		      1000U;
	for (; ms > 0 && !stopped(t); ms -= ms < WAIT_MS ? ms : WAIT_MS)
		(void)usleep((ms < WAIT_MS ? ms : WAIT_MS) * 1000U);
}

static bool
worth_again(CURLcode code, long status)
{
	if (code == CURLE_OK)
		return status == 429 || status == 502 || status == 503 ||
		       status == 504;
	return code == CURLE_COULDNT_CONNECT || code == CURLE_GOT_NOTHING ||
	       code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
	       code == CURLE_PARTIAL_FILE || code == CURLE_HTTP2 ||
	       code == CURLE_HTTP2_STREAM || code == CURLE_COULDNT_RESOLVE_HOST;
}

static int
ended(const struct transport *t, CURLcode code, struct fault *f)
{
	if (t->refused.kind != FAULT_NONE) {
		*f = t->refused;
		return -1;
	}
	if (code == CURLE_OK)
		return 0;
	/* curl's own text: without ports, times and counts, so it is stable */
	return fault(f, code == CURLE_OUT_OF_MEMORY ? FAULT_IO : FAULT_REMOTE,
	    "%.200s: %s", t->access->server, curl_easy_strerror(code));
}

/* Was nobody there for the call before, whoever made it? */
static bool
lost_before(struct common *c)
{
	bool lost;

	(void)pthread_mutex_lock(&c->lock);
	lost = c->lost;
	(void)pthread_mutex_unlock(&c->lock);
	return lost;
}

static void
note_lost(struct common *c, bool lost)
{
	(void)pthread_mutex_lock(&c->lock);
	c->lost = lost;
	(void)pthread_mutex_unlock(&c->lock);
}

static int
transport_get(void *self, const struct api_get *get, struct api_answer *answer,
    struct fault *f)
{
	struct transport *t = self;
	bool refused = false, refreshed = false;
	CURLcode code = CURLE_OK;
	BUF_AUTO(url, URL_MAX);

	t->get = get;
	t->answer = answer;
	buf_printf(&url, "%s%s", t->base, get->path);
	if (buf_done(&url, "URL", f) == -1)
		return -1;
	for (int tries = 0;; tries++) {
		if (attempt(t, url.p, refused, &code, f) == -1)
			return -1;
		if (t->refused.kind != FAULT_NONE)
			break;
		refused = code == CURLE_OK && answer->status == 401;
		if (refused && !refreshed) {
			refreshed = true;
			continue;
		}
		refused = false;
		if (!worth_again(code, answer->status) ||
		    tries >= TRY_MAX - 1 || stopped(t) ||
		    (code != CURLE_OK && lost_before(t->common)))
			break;
		get->restart(get->ctx);
		wait_before(t, tries);
	}
	note_lost(t->common, code != CURLE_OK && t->refused.kind == FAULT_NONE);
	return ended(t, code, f);
}

static int
another(void *self, struct api *api, struct fault *f)
{
	struct transport *t = self, *more = open_one(t->common, t->r, f);

	if (more == NULL)
		return -1;
	*api = transport_api(more);
	return 0;
}

static void
close_one(void *self)
{
	transport_free(self);
}

struct api
transport_api(struct transport *t)
{
	return (struct api){ transport_get, t, another, close_one };
}
