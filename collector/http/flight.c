/* One request: its attempts, its answer, its end. See http.h. */
#include "collector/http/flight.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "base/clock.h"
#include "base/child.h"

/* ---- birth and end ---- */

void
headers_wipe(struct curl_slist *list)
{
	for (struct curl_slist *l = list; l != NULL; l = l->next)
		OPENSSL_cleanse(l->data, strlen(l->data));
	curl_slist_free_all(list);
}

static bool
append(struct curl_slist **list, const char *line)
{
	struct curl_slist *more;

	if (strpbrk(line, "\r\n") != NULL ||
	    (more = curl_slist_append(*list, line)) == NULL)
		return false;
	*list = more;
	return true;
}

static int
check_url(const struct http_request *r, struct fault *f)
{
	const char *url = r->url;
	size_t host;

	if (strncmp(url, "https://", 8) == 0) {
		host = strcspn(url + 8, "/?#");
		if (host == 0 || memchr(url + 8, '@', host) != NULL)
			return fault(f, FAULT_USAGE,
			    "a URL without a host, or with a user in it");
		return 0;
	}
	if (strncmp(url, "http://", 7) != 0)
		return fault(f, FAULT_USAGE,
		    "'%.60s': the URL must begin with https://", url);
	if (!r->plain || http_plain_place(url) == NULL)
		return fault(f, FAULT_USAGE,
		    "'%.100s': plain http is spoken to this host alone; use "
		    "https://",
		    url);
	return 0;
}

struct flight *
flight_new(struct http *pool, const struct http_request *r, struct fault *f)
{
	struct flight *t;
	bool good;

	if (check_url(r, f) == -1)
		return NULL;
	if ((t = calloc(1, sizeof(*t))) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	t->pool = pool;
	t->r = *r;
	t->answer.text.max = r->text_max > 0 ? r->text_max : HTTP_TEXT_MAX;
	t->answer.headers.max = HTTP_HEADERS_MAX;
	t->r.url = t->url = strdup(r->url);
	t->r.method = t->method = strdup(r->method);
	t->r.headers = NULL;
	good = t->url != NULL && t->method != NULL;
	for (size_t i = 0; good && r->headers != NULL && r->headers[i] != NULL;
	     i++)
		good = append(&t->given, r->headers[i]);
	if (good)
		return t;
	flight_free(t);
	(void)fault_memory(f);
	return NULL;
}

void
http_answer_free(struct http_answer *a)
{
	if (a->text.p != NULL)
		OPENSSL_cleanse(a->text.p, a->text.cap); /* may hold keys */
	buf_free(&a->text);
	buf_free(&a->headers);
}

void
flight_free(struct flight *t)
{
	if (t == NULL)
		return;
	if (t->curl != NULL)
		curl_easy_cleanup(t->curl);
	headers_wipe(t->given);
	headers_wipe(t->sent.list);
	http_answer_free(&t->answer);
	free(t->url);
	free(t->method);
	free(t);
}

/* ---- what curl hands over ---- */

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct flight *t = ctx;
	struct buf *text = &t->answer.text;
	size_t len = size * n, room = text->max - text->len;
	long long body_max = t->r.body_max > 0 ? t->r.body_max : HTTP_BODY_MAX;
	long status = 0;
	bool good;

	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	good = status >= 200 && status < 300;
	if (good && t->bytes == 0 && t->r.head != NULL)
		t->r.head(t->r.ctx, &t->answer);
	t->bytes += (long long)len;
	if (t->bytes > body_max)
		(void)fault(&t->refused, FAULT_LIMIT,
		    "an answer of over %lld bytes", body_max);
	else if (good && t->r.data != NULL)
		(void)t->r.data(t->r.ctx, p, len, &t->refused);
	else if (good && len > room)
		(void)fault(&t->refused, FAULT_LIMIT,
		    "an answer of over %zu bytes", text->max);
	else
		buf_put(text, p, len < room ? len : room);
	return t->refused.kind == FAULT_NONE ? len : 0;
}

static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct flight *t = ctx;
	size_t len = size * n, keep = len;

	if (len >= 5 && memcmp(p, "HTTP/", 5) == 0) {
		buf_reset(&t->answer.headers); /* 100, or a proxy's answer */
		return len;
	}
	while (keep > 0 && (p[keep - 1] == '\n' || p[keep - 1] == '\r'))
		keep--;
	buf_put(&t->answer.headers, p, keep);
	buf_putc(&t->answer.headers, '\n');
	return t->answer.headers.failed == FAULT_NONE ? len : 0;
}

bool
http_header(
    const struct http_answer *a, const char *name, char *out, size_t size)
{
	const char *p = a->headers.p, *end;
	size_t len = strlen(name);
	bool found = false;

	out[0] = '\0';
	for (; p != NULL && *p != '\0'; p = end + 1) {
		end = p + strcspn(p, "\n");
		if (strncasecmp(p, name, len) == 0 && p[len] == ':') {
			const char *v = p + len + 1;

			v += strspn(v, " \t");
			if (v > end)
				v = end;
			(void)snprintf(out, size, "%.*s", (int)(end - v), v);
			found = true;
		}
		if (*end == '\0')
			break;
	}
	return found;
}

/* ---- an attempt ---- */

/* "https://host:port" of the URL: its path may be somebody's secret. */
static int
authority(const char *url)
{
	const char *host = strstr(url, "://") + 3;

	return (int)(host - url + (long)strcspn(host, "/?#"));
}

void
http_add_header(struct http_headers *h, const char *name, const char *value)
{
	size_t size = strlen(name) + strlen(value) + 3;
	char *line = malloc(size);

	if (line == NULL) {
		h->failed = true;
		return;
	}
	(void)snprintf(line, size, "%s: %s", name, value);
	if (!append(&h->list, line))
		h->failed = true;
	OPENSSL_cleanse(line, size);
	free(line);
}

/* The first option that libcurl would not take is kept, with its reason. */
#define SET(option, value)                                                     \
	taken(t, #option, curl_easy_setopt(t->curl, CURLOPT_##option, value))

static bool
taken(struct flight *t, const char *option, CURLcode code)
{
	if (code != CURLE_OK && t->refused.kind == FAULT_NONE)
		(void)fault(&t->refused, FAULT_IO,
		    "%.*s: libcurl refused %s: %s", authority(t->url), t->url,
		    option, curl_easy_strerror(code));
	return code == CURLE_OK;
}

static bool
set_connection(struct flight *t, const struct http_setup *s)
{
	bool plain = strncmp(t->url, "http://", 7) == 0;
	const char *proxy = plain || s->proxy == NULL ? "" : s->proxy;
	const char *direct = s->no_proxy != NULL ? s->no_proxy : "";
	const long tls = CURL_SSLVERSION_TLSv1_2;

	if (s->ca_file != NULL &&
	    !(SET(CAINFO, s->ca_file) && SET(CAPATH, NULL)))
		return false;
	return SET(PROTOCOLS_STR, plain ? "http" : "https") &&
	       SET(SSLVERSION, tls) && SET(FOLLOWLOCATION, 0L) &&
	       SET(NOSIGNAL, 1L) && SET(NETRC, (long)CURL_NETRC_IGNORED) &&
	       SET(PROXY, proxy) && SET(NOPROXY, direct) &&
	       SET(CONNECTTIMEOUT_MS,
		   t->r.connect_ms > 0 ? t->r.connect_ms : HTTP_CONNECT_MS) &&
	       SET(TIMEOUT_MS,
		   t->r.time_ms > 0 ? t->r.time_ms : HTTP_TIME_MS) &&
	       SET(LOW_SPEED_LIMIT, (long)HTTP_STALL_BYTES) &&
	       SET(LOW_SPEED_TIME, (long)HTTP_STALL_S) &&
	       SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
}

static bool
set_request(struct flight *t)
{
	if (strcmp(t->method, "HEAD") == 0 && !SET(NOBODY, 1L))
		return false;
	if ((t->r.body != NULL || strcmp(t->method, "POST") == 0) &&
	    !(SET(POST, 1L) &&
		SET(POSTFIELDSIZE_LARGE, (curl_off_t)t->r.body_len) &&
		SET(POSTFIELDS, t->r.body != NULL ? t->r.body : "")))
		return false;
	return SET(URL, t->url) && SET(CUSTOMREQUEST, t->method) &&
	       SET(USERAGENT, "exhibit/" EXHIBIT_VERSION) &&
	       SET(ACCEPT_ENCODING, "gzip") && SET(WRITEFUNCTION, on_body) &&
	       SET(WRITEDATA, t) && SET(HEADERFUNCTION, on_header) &&
	       SET(HEADERDATA, t) && SET(PRIVATE, t) &&
	       SET(HTTPHEADER, t->sent.list);
}

/* libcurl takes a size of its buffer before the first attempt alone: one that
 * ended without an answer leaves the buffer behind (7.88). */
static bool
new_handle(struct flight *t)
{
	t->curl = curl_easy_init();
	return t->curl != NULL && SET(BUFFERSIZE, 64L * 1024);
}

static int
refused_setup(struct flight *t, struct fault *f)
{
	if (t->refused.kind == FAULT_NONE)
		return fault(f, FAULT_IO,
		    "%.*s: a header with a line break in it, or no memory",
		    authority(t->url), t->url);
	*f = t->refused;
	return -1;
}

int
flight_prepare(
    struct flight *t, const struct http_setup *setup, struct fault *f)
{
	t->bytes = 0;
	t->refused = (struct fault){ 0 };
	t->answer.status = 0;
	t->answer.tries++;
	t->answer.type[0] = '\0';
	buf_reset(&t->answer.text);
	buf_reset(&t->answer.headers);
	headers_wipe(t->sent.list);
	t->sent = (struct http_headers){ 0 };
	if (t->curl == NULL && !new_handle(t))
		return fault_memory(f);
	if (t->r.prepare != NULL && t->r.prepare(t->r.ctx, &t->sent, f) == -1)
		return -1;
	for (struct curl_slist *l = t->given; l != NULL; l = l->next)
		if (!append(&t->sent.list, l->data))
			t->sent.failed = true;
	/* none of curl's own: the caller says what it sends */
	if (t->sent.failed || !append(&t->sent.list, "Expect:") ||
	    !set_connection(t, setup) || !set_request(t))
		return refused_setup(t, f);
	if (t->r.restart != NULL)
		t->r.restart(t->r.ctx);
	return 0;
}

/* ---- its end ---- */

bool
http_busy(void *ctx, const struct http_answer *a)
{
	(void)ctx;
	return a->status == 429 || a->status == 500 || a->status == 502 ||
	       a->status == 503 || a->status == 504;
}

static bool
broken(CURLcode code)
{
	return code == CURLE_COULDNT_CONNECT || code == CURLE_GOT_NOTHING ||
	       code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
	       code == CURLE_PARTIAL_FILE || code == CURLE_HTTP2 ||
	       code == CURLE_HTTP2_STREAM ||
	       code == CURLE_COULDNT_RESOLVE_HOST ||
	       code == CURLE_OPERATION_TIMEDOUT;
}

/* Full jitter, or what the server asks for and a little more. */
static int64_t
wait_ms(const struct flight *t)
{
	int64_t most = HTTP_BACKOFF_MS;
	char after[16];

	if (http_header(&t->answer, "Retry-After", after, sizeof(after)) &&
	    after[0] >= '0' && after[0] <= '9') {
		long s = strtol(after, NULL, 10);

		if (s > HTTP_RETRY_AFTER_MAX)
			s = HTTP_RETRY_AFTER_MAX;
		return s * 1000 + arc4random_uniform(HTTP_BACKOFF_MS / 4);
	}
	for (int i = 1; i < t->answer.tries && most < HTTP_BACKOFF_MAX_MS; i++)
		most *= 2;
	if (most > HTTP_BACKOFF_MAX_MS)
		most = HTTP_BACKOFF_MAX_MS;
	return 1 + arc4random_uniform((uint32_t)most);
}

static void
read_status(struct flight *t)
{
	const char *type = NULL;

	(void)curl_easy_getinfo(
	    t->curl, CURLINFO_RESPONSE_CODE, &t->answer.status);
	(void)curl_easy_getinfo(t->curl, CURLINFO_CONTENT_TYPE, &type);
	(void)snprintf(t->answer.type, sizeof(t->answer.type), "%s",
	    type != NULL ? type : "");
}

bool
flight_again(struct flight *t, CURLcode code)
{
	int most = t->r.tries > 0 ? t->r.tries : HTTP_TRIES;
	bool worth;

	if (code != CURLE_OK && most > HTTP_BROKEN_TRIES)
		most = HTTP_BROKEN_TRIES;
	if (code == CURLE_OPERATION_TIMEDOUT && most > HTTP_SLOW_TRIES)
		most = HTTP_SLOW_TRIES;

	read_status(t);
	if (t->refused.kind != FAULT_NONE)
		return false;
	if (code == CURLE_OK)
		worth = t->r.again != NULL ? t->r.again(t->r.ctx, &t->answer)
					   : http_busy(NULL, &t->answer);
	else
		worth = broken(code);
	if (!worth || t->answer.tries >= most)
		return false;
	t->due = clock_ms() + wait_ms(t);
	return true;
}

static void
tell(struct flight *t, const struct fault *why)
{
	if (t->over == NULL) {
		if (t->r.done != NULL)
			t->r.done(t->r.ctx, &t->answer, why);
		return;
	}
	*t->keep = t->answer;
	t->answer = (struct http_answer){ 0 };
	if (why != NULL)
		*t->why = *why;
	*t->over = true;
}

void
flight_done(struct flight *t, CURLcode code)
{
	struct fault why = t->refused;

	if (why.kind == FAULT_NONE && code != CURLE_OK) {
		t->answer.status = 0;
		/* curl's own text: without ports, times and counts */
		(void)fault(&why,
		    code == CURLE_OUT_OF_MEMORY ? FAULT_IO : FAULT_REMOTE,
		    "%.*s: %s", authority(t->url), t->url,
		    curl_easy_strerror(code));
	} else if (why.kind == FAULT_NONE &&
		   t->answer.text.failed == FAULT_IO) {
		(void)fault_memory(&why);
	}
	tell(t, why.kind == FAULT_NONE ? NULL : &why);
}
