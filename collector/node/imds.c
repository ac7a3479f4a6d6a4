/* See imds.h. */
#include "collector/node/imds.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/length.h"
#include "collector/node/source.h"

#define ENTRY "!imds"
#define URL_MAX 512
#define TOKEN_MAX 1024
#define VALUE_MAX 128 /* bytes of one value */
#define ACCOUNT_LEN 12
#define HOLD_MS 500 /* beyond IMDS_TIME_MS: the child's own start and end */
#define TTL "X-aws-ec2-metadata-token-ttl-seconds: 60"
#define TOKEN "X-aws-ec2-metadata-token: "
#define NOT_UNDERSTOOD "the metadata service answered what is not understood"

/* what is asked, the name it is kept under, and the form of its names */
static const struct value {
	const char *key, *path, *form; /* a glob */
} values[] = {
	{ "image_id", "/latest/meta-data/ami-id", "ami-[0-9a-f]*" },
	{ "instance_id", "/latest/meta-data/instance-id", "i-[0-9a-f]*" },
	{ "instance_type", "/latest/meta-data/instance-type",
	    "[a-z]*[a-z0-9].*[a-z0-9]" },
	{ "region", "/latest/meta-data/placement/region",
	    "[a-z][a-z]-*[a-z]-[0-9]" },
};
#define DOCUMENT "/latest/dynamic/instance-identity/document"

/* ---- in the child ---- */

struct client {
	CURL *curl;
	const char *url;
	int64_t deadline;
	struct buf body;
	size_t received; /* of this answer, headers included */
	long status;
	json_t *answer; /* what goes to the parent */
};

static size_t
take(char *p, size_t one, size_t len, void *ctx)
{
	struct client *c = ctx;

	(void)one;
	if ((c->received += len) > IMDS_BYTES_MAX)
		return 0; /* ends the transfer with CURLE_WRITE_ERROR */
	buf_put(&c->body, p, len);
	return c->body.failed == FAULT_NONE ? len : 0;
}

static size_t
count(char *p, size_t one, size_t len, void *ctx)
{
	struct client *c = ctx;

	(void)p;
	(void)one;
	return (c->received += len) > IMDS_BYTES_MAX ? 0 : len;
}

/* The answer becomes {"outcome":…,"reason":…}; -1. */
static int
refuse(
    struct client *c, enum outcome outcome, const char *what, const char *why)
{
	char text[VALUE_MAX * 2];

	(void)snprintf(text, sizeof(text), "%s%s%s", what,
	    why[0] == '\0' ? "" : ": ", why);
	json_decref(c->answer);
	c->answer = json_pack(
	    "{s:s, s:s}", "outcome", outcome_name(outcome), "reason", text);
	return -1;
}

static int
refuse_status(struct client *c, const char *what)
{
	bool denied = c->status == 401 || c->status == 403 || c->status == 404;
	char text[32];

	(void)snprintf(text, sizeof(text), "HTTP %ld", c->status);
	return refuse(c, denied ? OUTCOME_DENIED : OUTCOME_ERROR, what, text);
}

/* The metadata address is on the host's own link: no proxy may stand
 * between, no redirect lead away, no other protocol be spoken. */
static void
set_options(struct client *c)
{
	CURL *h = c->curl;

	(void)curl_easy_setopt(h, CURLOPT_NOPROXY, "*");
	(void)curl_easy_setopt(h, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http");
	(void)curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(
	    h, CURLOPT_CONNECTTIMEOUT_MS, (long)IMDS_CONNECT_MS);
	(void)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(h, CURLOPT_WRITEDATA, c);
	(void)curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, count);
	(void)curl_easy_setopt(h, CURLOPT_HEADERDATA, c);
}

/* One request; c->body and c->status are the answer. */
static int
ask(struct client *c, const char *method, const char *path, const char *header)
{
	int64_t left = c->deadline - clock_ms();
	struct curl_slist *headers = curl_slist_append(NULL, header);
	char url[URL_MAX];
	CURLcode rc;

	(void)snprintf(url, sizeof(url), "%s%s", c->url, path);
	buf_reset(&c->body);
	c->received = 0;
	(void)curl_easy_setopt(c->curl, CURLOPT_URL, url);
	(void)curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
	(void)curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(
	    c->curl, CURLOPT_TIMEOUT_MS, left > 0 ? (long)left : 1L);
	rc = curl_easy_perform(c->curl);
	curl_slist_free_all(headers);
	if (rc == CURLE_WRITE_ERROR)
		return refuse(c, OUTCOME_ERROR, "the metadata service",
		    "answer larger than 16384 bytes");
	if (rc != CURLE_OK)
		return refuse(c, OUTCOME_UNREACHABLE, "the metadata service",
		    curl_easy_strerror(rc));
	(void)curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &c->status);
	return 0;
}

static bool
plain(const char *p, size_t len, const char *others)
{
	for (size_t i = 0; i < len; i++) {
		bool alnum = (p[i] >= '0' && p[i] <= '9') ||
			     (p[i] >= 'a' && p[i] <= 'z') ||
			     (p[i] >= 'A' && p[i] <= 'Z');

		if (!alnum && (p[i] == '\0' || strchr(others, p[i]) == NULL))
			return false;
	}
	return len > 0;
}

/* header: TOKEN and the token, for the requests that follow. */
static int
ask_token(struct client *c, char *header, size_t size)
{
	if (ask(c, "PUT", "/latest/api/token", TTL) == -1)
		return -1;
	if (c->status != 200)
		return refuse_status(c, "token of the metadata service");
	/* base64: nothing that could begin another header */
	if (c->body.len > TOKEN_MAX || !plain(c->body.p, c->body.len, "+/=_-."))
		return refuse(c, OUTCOME_ERROR, NOT_UNDERSTOOD, "token");
	(void)snprintf(header, size, TOKEN "%s", c->body.p);
	return 0;
}

static int
ask_value(struct client *c, const char *header, const struct value *v)
{
	if (ask(c, "GET", v->path, header) == -1)
		return -1;
	if (c->status == 404) /* this platform does not have it */
		return json_object_set_new(c->answer, v->key, json_null());
	if (c->status != 200)
		return refuse_status(c, v->key);
	if (c->body.len > VALUE_MAX || !plain(c->body.p, c->body.len, "-._") ||
	    fnmatch(v->form, c->body.p, 0) != 0)
		return refuse(c, OUTCOME_ERROR, NOT_UNDERSTOOD, v->key);
	return json_object_set_new(
	    c->answer, v->key, json_stringn(c->body.p, c->body.len));
}

static int
ask_account(struct client *c, const char *header)
{
	json_t *document, *account;
	struct fault why;
	int rc;

	if (ask(c, "GET", DOCUMENT, header) == -1)
		return -1;
	if (c->status == 404)
		return json_object_set_new(c->answer, "account", json_null());
	if (c->status != 200)
		return refuse_status(c, "account");
	document = json_read(
	    c->body.len > 0 ? c->body.p : "", c->body.len, "document", &why);
	account = json_object_get(document, "accountId");
	if (json_string_length(account) != ACCOUNT_LEN ||
	    strspn(json_string_value(account), "0123456789") != ACCOUNT_LEN)
		rc = refuse(c, OUTCOME_ERROR, NOT_UNDERSTOOD, "account");
	else
		rc = json_object_set(c->answer, "account", account);
	json_decref(document);
	return rc;
}

static int
ask_all(struct client *c)
{
	char header[sizeof(TOKEN) + TOKEN_MAX];

	if (ask_token(c, header, sizeof(header)) == -1)
		return -1;
	for (size_t i = 0; i < LENGTH(values); i++)
		if (ask_value(c, header, &values[i]) == -1)
			return -1;
	return ask_account(c, header);
}

/* Nothing is freed: the child ends here. libcurl and the TLS library behind
 * it, which may load the host's providers, never start in the parent. */
static void
work(void *ctx, int fd)
{
	const struct imds_probe *p = ctx;
	struct client c = {
		.url = p->url,
		.deadline = clock_ms() + IMDS_TIME_MS,
		.body = { .max = IMDS_BYTES_MAX },
		.answer = json_object(),
	};

	if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK ||
	    (c.curl = curl_easy_init()) == NULL)
		return;
	set_options(&c);
	(void)ask_all(&c);
	if (c.answer != NULL)
		(void)json_dumpfd(c.answer, fd, JSON_COMPACT);
}

/* ---- in the parent ---- */

void
imds_start(struct imds_probe *p, const char *url)
{
	*p = (struct imds_probe){ .url = url != NULL ? url : IMDS_URL };
	p->out.max = IMDS_BYTES_MAX;
	p->child.take = child_take_buf;
	p->child.ctx = &p->out;
	may_fail(
	    child_fork(&p->child, work, p, IMDS_TIME_MS + HOLD_MS, &p->why));
}

static int
add_answer(struct snapshot *s, const json_t *v, struct fault *f)
{
	const char *name = json_string_value(json_object_get(v, "outcome"));
	const char *reason = json_string_value(json_object_get(v, "reason"));
	enum outcome outcome;

	if (json_object_size(v) == LENGTH(values) + 1 /* and the account */)
		return snapshot_add_json(s, ENTRY, v, f);
	if (name == NULL || reason == NULL ||
	    outcome_of_name(name, &outcome) == -1)
		return snapshot_add_refused(s, ENTRY, OUTCOME_ERROR,
		    "the child's answer was not understood", f);
	return snapshot_add_refused(s, ENTRY, outcome, reason, f);
}

static int
finish(struct imds_probe *p, struct snapshot *s, struct fault *f)
{
	struct fault why;
	json_t *v;
	int rc;

	if (p->child.end == CHILD_NONE)
		return snapshot_add_refused(
		    s, ENTRY, OUTCOME_ERROR, p->why.text, f);
	if (p->child.end == CHILD_TIMED_OUT)
		return snapshot_add_refused(s, ENTRY, OUTCOME_UNREACHABLE,
		    "the metadata service: Timeout was reached", f);
	if (p->child.end != CHILD_EXITED || p->out.len == 0 ||
	    (v = json_read(p->out.p, p->out.len, "answer", &why)) == NULL)
		return snapshot_add_refused(s, ENTRY, OUTCOME_ERROR,
		    "asking the metadata service failed", f);
	rc = add_answer(s, v, f);
	json_decref(v);
	return rc;
}

int
imds_finish(struct imds_probe *p, struct snapshot *s, struct fault *f)
{
	int rc;

	child_finish(&p->child);
	rc = finish(p, s, f);
	buf_free(&p->out);
	return rc;
}

void
imds_stop(struct imds_probe *p)
{
	child_stop(&p->child);
	buf_free(&p->out);
}
