/*
 * Every wrong shape of a shared table as the answer of every call: nothing may
 * be absent, no column may get a value, and what rests on the call has a gap.
 * In one process: the pool of requests (collector/http/http.h) is played here,
 * from the answers of fixtures/aws.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "base/length.h"
#include "base/text.h"
#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"
#include "collector/aws_client/answer.h"
#include "collector/http/flight.h"
#include "tests/unit/contract.h"
#include "tests/wrong_shapes.h"

extern const struct text report_text[]; /* the catalogues */
extern const struct collector aws_collector;

/* ---- good answers ---- */

#define ANSWERS_MAX 512

static struct answer {
	char name[256]; /* "ec2.DescribeInstances", with "#TEXT" or "@TOKEN" */
	long status;
	char *body; /* owned */
} answers[ANSWERS_MAX];
static size_t nanswers;

static void
add_answer(const char *name, long status, const char *body, size_t len)
{
	struct answer *a = &answers[nanswers++];

	assert_true(nanswers <= ANSWERS_MAX);
	(void)snprintf(a->name, sizeof(a->name), "%s", name);
	a->status = status;
	a->body = strndup(body, len);
}

/* "== NAME", "STATUS TYPE", body on one line. */
static void
read_list(const char *path)
{
	BUF_AUTO(text, 1 << 22);
	struct fault f = { 0 };
	char *line, *name = NULL, *state = NULL;
	long status = 0;

	assert_int_equal(file_read(path, &text, &f), 0);
	for (line = strtok_r(text.p, "\n", &state); line != NULL;
	     line = strtok_r(NULL, "\n", &state)) {
		if (strncmp(line, "== ", 3) == 0) {
			name = line + 3;
			status = 0;
		} else if (name != NULL && status == 0) {
			status = strtol(line, NULL, 10);
		} else if (name != NULL) {
			add_answer(name, status, line, strlen(line));
			name = NULL;
		}
	}
}

/* A folder of HTTP answers, as tests/aws_server.c has them. */
static void
read_folder(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[768];
		const char *body;
		struct fault f = { 0 };
		BUF_AUTO(text, 1 << 22);

		if (e->d_name[0] == '.' ||
		    strcmp(e->d_name, "sts.GetCallerIdentity") == 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		assert_int_equal(file_read(path, &text, &f), 0);
		body = strstr(text.p, "\n\n");
		assert_non_null(body);
		add_answer(e->d_name, strtol(text.p + 9, NULL, 10), body + 2,
		    text.len - (size_t)(body + 2 - text.p));
	}
	(void)closedir(d);
}

static const struct answer *
find_answer(const char *name, const char *body, const char *query)
{
	const struct answer *plain = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < nanswers; i++) {
		const struct answer *a = &answers[i];

		if (strcmp(a->name, name) == 0)
			plain = a;
		else if (strncmp(a->name, name, len) == 0 &&
			 a->name[len] == '#' &&
			 (strstr(body, a->name + len + 1) != NULL ||
			     strstr(query, a->name + len + 1) != NULL))
			return a;
	}
	return plain;
}

/* ---- the pool, played ---- */

static struct buf paged = { .max = 1 << 22 };

static struct playing {
	const struct aws_call
	    *broken; /* whose answers are of the wrong shape */
	const char *shape;
	size_t asked; /* requests that were answered with it */
	/* ... or with what this writes of the request's number */
	void (*page)(size_t n, struct buf *out);
	int64_t page_ms; /* that long each page takes */
	int64_t byte_ms; /* ... and each byte, which then come one by one */
} playing;

static int64_t played_clock = 1000;

/* Instead of base/clock.c's: no test waits. */
int64_t
clock_ms(void)
{
	return played_clock;
}

struct queued {
	struct http_request r;
	char *url;
	struct queued *next;
};

struct http {
	struct queued *first, **last;
	size_t n;
};

struct http *
http_new(const struct http_setup *setup, struct fault *f)
{
	struct http *h = calloc(1, sizeof(*h));

	(void)setup;
	(void)f;
	h->last = &h->first;
	return h;
}

void
http_free(struct http *h)
{
	free(h);
}

/* "us-east-1/ec2" of the signature's scope. */
static void
service_of(const struct http_headers *h, char *out, size_t size)
{
	out[0] = '\0';
	for (struct curl_slist *l = h->list; l != NULL; l = l->next) {
		const char *at = strstr(l->data, "Credential=");

		for (int i = 0; at != NULL && i < 3; i++)
			at = strchr(at + 1, '/');
		if (at != NULL)
			(void)snprintf(out, size, "%.*s",
			    (int)strcspn(at + 1, "/"), at + 1);
	}
}

static const char *
target_of(const struct http_headers *h)
{
	for (struct curl_slist *l = h->list; l != NULL; l = l->next)
		if (strncmp(l->data, "X-Amz-Target: ", 14) == 0)
			return strrchr(l->data, '.') + 1;
	return NULL;
}

/* A member of a form, a query or a body of JSON. */
static bool
value_of(const char *text, const char *name, char *out, size_t size)
{
	char want[80];
	const char *p;

	(void)snprintf(want, sizeof(want), "\"%s\":\"", name);
	if ((p = strstr(text, want)) != NULL) {
		p += strlen(want);
		(void)snprintf(out, size, "%.*s", (int)strcspn(p, "\""), p);
		return true;
	}
	(void)snprintf(want, sizeof(want), "&%s=", name);
	if ((p = strstr(text, want)) == NULL)
		return false;
	p += strlen(want);
	(void)snprintf(out, size, "%.*s", (int)strcspn(p, "&"), p);
	return true;
}

/* The name of a request, as tests/aws_server.c makes it; op gets the
 * operation's, or for REST the path. */
static void
name_of(const struct http_request *r, const struct http_headers *h, char *name,
    size_t size, char *query, size_t query_size)
{
	static const char *const tokens[] = { "NextToken", "nextToken",
		"Marker", "marker", "continuation-token", "NextMarker",
		"ExclusiveStartTableName" };
	const char *path = strchr(strstr(r->url, "://") + 3, '/');
	const char *target = target_of(h), *body = r->body ? r->body : "";
	char service[64], token[128] = "", action[128], all[4096];

	service_of(h, service, sizeof(service));
	(void)snprintf(query, query_size, "%s",
	    strchr(path, '?') != NULL ? strchr(path, '?') + 1 : "");
	(void)snprintf(all, sizeof(all), "&%.2000s&%.2000s", body, query);
	if (target != NULL)
		(void)snprintf(name, size, "%s.%s", service, target);
	else if (value_of(all, "Action", action, sizeof(action)))
		(void)snprintf(name, size, "%s.%s", service, action);
	else
		(void)snprintf(name, size, "%s.%s%.*s", service, r->method,
		    (int)strcspn(path, "?"), path);
	for (char *p = name; *p != '\0'; p++)
		if (*p == '/')
			*p = ',';
	if (strcmp(service, "s3") == 0 && query[0] != '\0' &&
	    strpbrk(query, "=&") == NULL)
		(void)snprintf(
		    name + strlen(name), size - strlen(name), "?%.200s", query);
	for (size_t i = 0; token[0] == '\0' && i < LENGTH(tokens); i++)
		(void)value_of(all, tokens[i], token, sizeof(token));
	if (token[0] != '\0')
		(void)snprintf(
		    name + strlen(name), size - strlen(name), "@%s", token);
}

/* Who asks? The engine's context is a job, and side's an ask. */
static const struct aws_call *asked_call(const struct http_request *r);

static void
answer(const struct http_request *r, struct http_answer *a, const char **body)
{
	struct http_headers h = { 0 };
	struct fault f = { 0 };
	const struct answer *good;
	char name[1024], query[2048];

	if (r->prepare != NULL)
		assert_int_equal(r->prepare(r->ctx, &h, &f), 0);
	name_of(r, &h, name, sizeof(name), query, sizeof(query));
	headers_wipe(h.list);
	good = find_answer(name, r->body != NULL ? r->body : "", query);
	a->status = good != NULL ? good->status : 400;
	*body = good != NULL ? good->body : "{\"__type\":\"NoSuchFixture\"}";
	if (playing.broken == asked_call(r)) {
		a->status = 200;
		*body = playing.shape;
		if (playing.page != NULL) {
			buf_reset(&paged);
			playing.page(playing.asked, &paged);
			*body = paged.p;
		}
		playing.asked++;
		played_clock += playing.page_ms;
	}
}

/* One byte at a time, until nobody wants them. */
static void
drip(const struct http_request *r, const char *body, struct fault *why)
{
	for (; *body != '\0' && why->kind == FAULT_NONE; body++) {
		played_clock += playing.byte_ms;
		(void)r->data(r->ctx, body, 1, why);
	}
}

static void
finish_one(const struct http_request *r)
{
	struct http_answer a = { .tries = 1, .text.max = 1 << 22 };
	struct fault why = { 0 };
	const char *body;
	bool good;

	answer(r, &a, &body);
	if (r->restart != NULL)
		r->restart(r->ctx);
	good = a.status >= 200 && a.status < 300;
	if (good && r->head != NULL)
		r->head(r->ctx, &a);
	if (good && r->data != NULL && playing.byte_ms > 0)
		drip(r, body, &why);
	else if (good && r->data != NULL && body[0] != '\0')
		(void)r->data(r->ctx, body, strlen(body), &why);
	else
		buf_puts(&a.text, body);
	r->done(r->ctx, &a, why.kind != FAULT_NONE ? &why : NULL);
	http_answer_free(&a);
}

int
http_start(struct http *h, const struct http_request *r, struct fault *f)
{
	struct queued *q = calloc(1, sizeof(*q));

	(void)f;
	q->r = *r;
	q->r.url = q->url = strdup(r->url);
	*h->last = q;
	h->last = &q->next;
	h->n++;
	return 0;
}

int
http_turn(struct http *h, struct fault *f)
{
	struct queued *q = h->first;

	(void)f;
	assert_non_null(q);
	h->first = q->next;
	if (h->first == NULL)
		h->last = &h->first;
	h->n--;
	finish_one(&q->r);
	free(q->url);
	free(q);
	return 0;
}

int
http_call(struct http *h, const struct http_request *r, struct http_answer *a,
    struct fault *f)
{
	const char *body;

	(void)h;
	(void)f;
	*a = (struct http_answer){ .tries = 1, .text.max = 1 << 22 };
	answer(r, a, &body);
	buf_puts(&a->text, body);
	return 0;
}

#include "collector/aws/engine.h"

static const struct aws_call *
asked_call(const struct http_request *r)
{
	const struct job *j = r->ctx;
	const struct aws_ask *a = r->ctx;

	return r->done != NULL ? j->asking->call : a->call;
}

static const struct seen *known_of; /* what "the store" has */

static int
known(void *ctx, const char *query,
    int (*take)(void *take_ctx, const char *text, struct fault *),
    void *take_ctx, struct fault *f)
{
	const char *name;
	json_t *v;

	(void)ctx;
	assert_string_equal(query, "aws-known");
	if (known_of == NULL)
		return 0;
	json_object_foreach (known_of->rows, name, v) {
		char text[512];
		const char *second = strchr(strchr(name, ' ') + 1, ' ');

		(void)snprintf(
		    text, sizeof(text), "%.*s", (int)(second - name), name);
		if (take(take_ctx, text, f) == -1)
			return -1;
	}
	return 0;
}

static void
collect(struct seen *s, const char *services)
{
	static char *const environment[] = { (char *)"AWS_ACCESS_KEY_ID=AKIAX",
		(char *)"AWS_SECRET_ACCESS_KEY=x",
		(char *)"AWS_EC2_METADATA_DISABLED=true", NULL };
	static struct crypto *crypto;
	const struct request_option options[] = { { "regions", "us-east-1" },
		{ "services", services } };
	struct request r = { .now = "2026-11-24T00:00:00Z",
		.options = options,
		.noptions = LENGTH(options),
		.environment = environment,
		.known = known,
		.texts = report_text };
	struct sink sink = seen_sink(s);
	struct fault f = { 0 };

	if (crypto == NULL)
		crypto = crypto_new(false, &f);
	r.crypto = crypto;
	seen_init(s);
	if (aws_collector.collect(&r, &sink, &f) == -1)
		fail_msg("%s %s: the run ended: %s",
		    playing.broken != NULL ? playing.broken->operation : "",
		    playing.shape != NULL ? playing.shape : "", f.text);
}

static bool
is_about_calls(const char *name)
{
	return strstr(name, " aws.call ") != NULL ||
	       strstr(name, " aws.scope ") != NULL ||
	       strstr(name, " aws.identity ") != NULL;
}

static void
throw_at(const struct aws_call *c, const char *services,
    const struct seen *good, const char *shape)
{
	struct seen bad;
	char what[400];

	(void)snprintf(what, sizeof(what), "%s %s: '%.250s'", c->service->name,
	    c->operation, shape);
	playing = (struct playing){ .broken = c, .shape = shape };
	known_of = good;
	collect(&bad, services);
	known_of = NULL;
	if (playing.asked > 0 && !bad.partial)
		fail_msg("%s: the run is complete", what);
	contract_holds(what, is_about_calls, good, &bad);
	seen_free(&bad);
	playing.broken = NULL;
}

/* ---- the shapes ---- */

/* Is "GET,clusters,prod" an answer of "/clusters/{name}"? */
static bool
is_of_path(const char *name, const char *path)
{
	size_t n, len;

	if (strncmp(name, "GET", 3) != 0)
		return false;
	for (name += 3; *path != '\0' && *path != '?'; path += n) {
		if (*name++ != ',')
			return false;
		path++;
		n = strcspn(path, "/?");
		len = strcspn(name, ",?");
		if (path[0] != '{' &&
		    (n != len || strncmp(path, name, len) != 0))
			return false;
		name += len;
	}
	return *name == '\0';
}

/* The first body of the call's good answers, or NULL. */
static const char *
good_body(const struct aws_call *c)
{
	const char *dot;

	for (size_t i = 0; i < nanswers; i++) {
		dot = strchr(answers[i].name, '.');
		if (answers[i].status == 200 && dot != NULL &&
		    c->path != NULL && is_of_path(dot + 1, c->path))
			return answers[i].body;
		if (answers[i].status == 200 && dot != NULL &&
		    strncmp(dot + 1, c->operation, strlen(c->operation)) == 0 &&
		    strpbrk(dot + 1, "#@") == NULL)
			return answers[i].body;
	}
	return NULL;
}

/* "<OpResponse xmlns=..><OpResult>INNER</OpResult></OpResponse>" */
static void
xml_of(const struct aws_call *c, const char *xmlns, const char *inner,
    struct buf *out)
{
	bool query = c->service->protocol == AWS_QUERY;
	const char *root = c->root;
	char own[128];

	if (root == NULL)
		(void)snprintf(own, sizeof(own), "%sResponse", c->operation);
	buf_printf(out, "<%s xmlns=\"%s\">", root != NULL ? root : own, xmlns);
	if (query)
		buf_printf(out, "<%sResult>", c->operation);
	buf_puts(out, inner);
	if (query)
		buf_printf(out, "</%sResult>", c->operation);
	buf_printf(out, "</%s>", root != NULL ? root : own);
}

/* The name of the first step to the items, or the first member that must be
 * there, without what stands after it. */
static void
first_name(const struct aws_call *c, char out[128])
{
	const char *p = c->items != NULL ? c->items : c->must;

	(void)snprintf(out, 128, "%.*s", (int)strcspn(p + 1, ".[=|? "), p + 1);
}

static void
throw_xml(
    const struct aws_call *c, const char *services, const struct seen *good)
{
	/* what stands in the list's element; NULL: the element is another */
	static const char *const inners[] = { NULL, "text",
		"<strange>x</strange>", "<member/><item/>",
		"<member>x</member>", "<item>x</item>" };
	char name[128], inner[512];

	first_name(c, name);
	for (size_t i = 0; i < LENGTH(inners); i++) {
		BUF_AUTO(body, 4096);

		if (inners[i] == NULL)
			(void)snprintf(
			    inner, sizeof(inner), "<%sOther/>", name);
		else
			(void)snprintf(inner, sizeof(inner), "<%s>%s</%s>",
			    name, inners[i], name);
		xml_of(c, c->service->xmlns, inner, &body);
		throw_at(c, services, good, body.p);
	}
	(void)snprintf(inner, sizeof(inner), "<%s/>", name);
	for (size_t i = 0; i < 2; i++) {
		BUF_AUTO(body, 4096);

		xml_of(c, i == 0 ? "" : "http://example.com/", inner, &body);
		throw_at(c, services, good, body.p);
	}
}

static void
throw_json(
    const struct aws_call *c, const char *services, const struct seen *good)
{
	char name[128], body[512];

	first_name(c, name);
	for (size_t i = 0; i < LENGTH(wrong_lists); i++) {
		(void)snprintf(
		    body, sizeof(body), "{\"%s\":%s}", name, wrong_lists[i]);
		throw_at(c, services, good, body);
	}
	if (c->pager.next == NULL)
		return;
	for (size_t i = 0; i < LENGTH(wrong_tokens); i++) {
		(void)snprintf(body, sizeof(body), "{\"%s\":[],\"%s\":%s}",
		    name, c->pager.next + 1, wrong_tokens[i]);
		throw_at(c, services, good, body);
	}
	if (c->pager.more != NULL) {
		(void)snprintf(body, sizeof(body), "{\"%s\":[],\"%s\":true}",
		    name, c->pager.more + 1);
		throw_at(c, services, good, body);
	}
}

/* Half of a good answer, and one that ends a byte early. */
static void
throw_halves(
    const struct aws_call *c, const char *services, const struct seen *good)
{
	const char *body = good_body(c);
	char *part;

	/* where one answer is played for several parents, the items before the
	 * break are another parent's, and whole */
	if (body == NULL || (c->each != NULL && c->items != NULL &&
				aws_answer_form(c) == SHAPE_OF_XML))
		return;
	part = strndup(body, strlen(body) / 2);
	throw_at(c, services, good, part);
	free(part);
	part = strndup(body, strlen(body) - 2);
	throw_at(c, services, good, part);
	free(part);
}

/* What leads to a call may be another service's; who asks is always asked. */
static void
services_of(const struct aws_call *c, char *out, size_t size)
{
	size_t n;

	if (strcmp(c->service->name, "sts") == 0) {
		(void)snprintf(out, size, "kms");
		return;
	}
	n = (size_t)snprintf(out, size, "%s%s", c->service->name,
	    strcmp(c->service->name, "ssm") == 0 ? ",eks" : "");
	for (; c->each != NULL && n < size; c = c->each)
		if (strcmp(c->each->service->name, c->service->name) != 0)
			n += (size_t)snprintf(
			    out + n, size - n, ",%s", c->each->service->name);
}

/* A good answer about another thing of the same kind. */
static void
throw_another(
    const struct aws_call *c, const char *services, const struct seen *good)
{
	enum aws_protocol p = c->service->protocol;
	bool json = p == AWS_JSON || p == AWS_REST_JSON;
	const char *body = c->echo != NULL && json ? good_body(c) : NULL, *at;
	char want[80];
	BUF_AUTO(out, 1 << 20);

	if (body == NULL)
		return;
	(void)snprintf(want, sizeof(want), "\"%s\"", c->echo + 1);
	assert_non_null(at = strstr(body, want));
	at += strlen(want);
	at += strspn(at, ": ") + 1; /* into the text */
	buf_put(&out, body, (size_t)(at - body));
	buf_puts(&out, c->echo[1] == 'p' ? "arn:aws:iam::1:role/" : "another-");
	buf_puts(&out, at);
	throw_at(c, services, good, out.p);
}

static void
throw_all(const struct aws_call *c)
{
	char services[128];
	enum aws_protocol p = c->service->protocol;
	struct seen good;

	services_of(c, services, sizeof(services));
	playing = (struct playing){ 0 };
	collect(&good, services);
	for (size_t i = 0; i < LENGTH(wrong_shapes); i++)
		throw_at(c, services, &good, wrong_shapes[i]);
	if (p == AWS_JSON || p == AWS_REST_JSON)
		throw_json(c, services, &good);
	else
		throw_xml(c, services, &good);
	throw_halves(c, services, &good);
	throw_another(c, services, &good);
	seen_free(&good);
}

static void
no_wrong_shape_says_that_there_is_none(void **state)
{
	size_t calls = 0;

	(void)state;
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++, calls++)
			throw_all(aws_calls[t][i]);
	throw_all(&aws_get_caller_identity);
	assert_true(calls > 70);
}

/* ---- lists without an end, and answers that never come whole ---- */

static const struct aws_call *
call_named(const char *service, const char *operation)
{
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			if (strcmp(aws_calls[t][i]->service->name, service) ==
				0 &&
			    strcmp(aws_calls[t][i]->operation, operation) == 0)
				return aws_calls[t][i];
	fail_msg("%s:%s is not asked", service, operation);
	return NULL;
}

/* Another token each time, and the same key. */
static void
same_key(size_t n, struct buf *out)
{
	buf_printf(out,
	    "{\"Keys\":[{\"KeyId\":\"k-own\",\"KeyArn\":\"arn:aws:kms:"
	    "us-east-1:111122223333:key/k-own\"}],\"Truncated\":true,"
	    "\"NextMarker\":\"m%zu\"}",
	    n);
}

/* Another key each time, for ever. */
static void
more_keys(size_t n, struct buf *out)
{
	buf_printf(out,
	    "{\"Keys\":[{\"KeyId\":\"k-%zu\",\"KeyArn\":\"arn:aws:kms:"
	    "us-east-1:111122223333:key/k-%zu\"}],\"Truncated\":true,"
	    "\"NextMarker\":\"m%zu\"}",
	    n, n, n);
}

/* One answer that is whole only after a long time. */
static void
all_keys(size_t n, struct buf *out)
{
	(void)n;
	buf_puts(out, "{\"Truncated\":false,\"Keys\":[");
	for (int i = 0; i < 40; i++)
		buf_printf(out,
		    "%s{\"KeyId\":\"k-%d\",\"KeyArn\":\"arn:aws:"
		    "kms:us-east-1:111122223333:key/k-%d\"}",
		    i > 0 ? "," : "", i, i);
	buf_puts(out, "]}");
}

static void
what_never_ends_is_an_error_and_nothing_is_gone(void **state)
{
	static const struct {
		const char *what;
		void (*page)(size_t n, struct buf *out);
		int64_t page_ms, byte_ms;
		size_t asked_most;
	} cases[] = {
		{ "pages that bring the same", same_key, 10, 0,
		    AWS_IDLE_PAGES_MAX + 2 },
		{ "pages that take minutes", more_keys, 60000, 0,
		    AWS_CALL_TIME_MS / 60000 + 2 },
		{ "pages without an end", more_keys, 0, 0, AWS_PAGES_MAX + 1 },
		{ "a byte a second", all_keys, 0, 1000, 1 },
	};
	const struct aws_call *list = call_named("kms", "ListKeys");
	struct seen good;

	(void)state;
	playing = (struct playing){ 0 };
	collect(&good, "kms");
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct seen bad;

		playing = (struct playing){ .broken = list,
			.page = cases[i].page,
			.page_ms = cases[i].page_ms,
			.byte_ms = cases[i].byte_ms };
		known_of = &good;
		collect(&bad, "kms");
		known_of = NULL;
		if (playing.asked > cases[i].asked_most)
			fail_msg("%s: asked %zu times", cases[i].what,
			    playing.asked);
		if (!bad.partial)
			fail_msg("%s: the run is complete", cases[i].what);
		if (json_object_get(bad.gaps, "aws/111122223333/us-east-1 "
					      "aws.kms_key") == NULL)
			fail_msg("%s: no gap of keys", cases[i].what);
		seen_free(&bad);
	}
	playing = (struct playing){ 0 };
	buf_free(&paged);
	seen_free(&good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_never_ends_is_an_error_and_nothing_is_gone),
		cmocka_unit_test(no_wrong_shape_says_that_there_is_none),
	};

	read_list("fixtures/aws/data.answers");
	read_folder("fixtures/aws/fleet");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
