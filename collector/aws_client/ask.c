/* Making one request of a call. See ask.h. */
#include "collector/aws_client/ask.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

void
aws_ask_init(struct aws_ask *a)
{
	*a = (struct aws_ask){ 0 };
	a->path.max = a->query.max = a->url.max = AWS_URL_MAX;
	a->body.max = AWS_BODY_MAX;
}

void
aws_ask_free(struct aws_ask *a)
{
	buf_wipe(&a->path);
	buf_wipe(&a->query);
	buf_wipe(&a->body);
	buf_wipe(&a->url);
}

/* ---- inputs as text ---- */

/* A scalar's text; false: it is none. */
static bool
scalar(const json_t *v, char number[32], const char **text)
{
	*text = number;
	if (json_is_string(v))
		*text = json_string_value(v);
	else if (json_is_integer(v))
		(void)snprintf(
		    number, 32, "%lld", (long long)json_integer_value(v));
	else if (json_is_boolean(v))
		*text = json_is_true(v) ? "true" : "false";
	else
		return false;
	return true;
}

static void
pair(struct buf *out, const char *name, const json_t *v)
{
	const char *text;
	char number[32];

	if (!scalar(v, number, &text))
		return;
	if (out->len > 0)
		buf_putc(out, '&');
	http_encode(out, name, strlen(name), false);
	buf_putc(out, '=');
	http_encode(out, text, strlen(text), false);
}

/* "ImageId.#" and a list: ImageId.1, ImageId.2 … */
static void
numbered(struct buf *out, const char *name, const json_t *list)
{
	size_t at = strcspn(name, "#"), i;
	const json_t *v;
	char one[256];

	json_array_foreach (list, i, v) {
		(void)snprintf(one, sizeof(one), "%.*s%zu%s", (int)at, name,
		    i + 1, name[at] == '#' ? name + at + 1 : "");
		pair(out, one, v);
	}
}

static void
form(struct aws_ask *a, const json_t *input)
{
	const char *name;
	json_t *v;

	buf_printf(&a->body, "Action=%s&Version=%s", a->call->operation,
	    a->call->service->version);
	json_object_foreach ((json_t *)input, name, v) {
		if (json_is_array(v))
			numbered(&a->body, name, v);
		else
			pair(&a->body, name, v);
	}
	a->method = "POST";
	a->type = "application/x-www-form-urlencoded; charset=utf-8";
	buf_putc(&a->path, '/');
}

/* ---- inputs as JSON ---- */

/* "a.b" below object: a is made where it is not there. */
static int
set_member(json_t *object, const char *name, json_t *v)
{
	char part[128];
	size_t len = strcspn(name, ".[");
	json_t *below;

	(void)snprintf(part, sizeof(part), "%.*s", (int)len, name);
	if (name[len] != '.') /* "names[]": the list is the value */
		return json_object_set(object, part, v);
	below = json_object_get(object, part);
	if (below == NULL) {
		below = json_object();
		if (json_object_set_new(object, part, below) == -1)
			return -1;
	}
	return set_member(below, name + len + 1, v);
}

static int
put_json(struct buf *out, const json_t *v, struct fault *f)
{
	char *text = json_dumps(v, JSON_COMPACT);

	if (text == NULL)
		return fault_memory(f);
	buf_puts(out, text);
	OPENSSL_cleanse(text, strlen(text));
	free(text);
	return 0;
}

static int
json_body(
    struct aws_ask *a, const json_t *input, const json_t *but, struct fault *f)
{
	json_t *body = json_object(), *v;
	const char *name;
	int rc = body == NULL ? fault_memory(f) : 0;

	json_object_foreach ((json_t *)input, name, v) {
		if (rc == 0 && json_object_get(but, name) == NULL &&
		    set_member(body, name, v) == -1)
			rc = fault_memory(f);
	}
	if (rc == 0)
		rc = put_json(&a->body, body, f);
	json_decref(body);
	return rc;
}

static int
json_call(struct aws_ask *a, const json_t *input, struct fault *f)
{
	const struct aws_service *s = a->call->service;

	a->method = "POST";
	a->type = s->version != NULL && strcmp(s->version, "1.0") == 0
		      ? "application/x-amz-json-1.0"
		      : "application/x-amz-json-1.1";
	(void)snprintf(a->target, sizeof(a->target), "%s.%s", s->target,
	    a->call->operation);
	buf_putc(&a->path, '/');
	return json_body(a, input, NULL, f);
}

/* ---- REST ---- */

/* The path of the call with its braces filled; used gets their names. */
static int
rest_path(struct aws_ask *a, const json_t *input, json_t *used, struct fault *f)
{
	const char *p = a->call->path, *end, *text;
	char name[128], number[32];

	for (; *p != '\0' && *p != '?'; p++) {
		if (*p != '{') {
			buf_putc(&a->path, *p);
			continue;
		}
		end = p + strcspn(p, "}");
		(void)snprintf(
		    name, sizeof(name), "%.*s", (int)(end - p - 1), p + 1);
		if (!scalar(json_object_get(input, name), number, &text) ||
		    text[0] == '\0')
			return fault(f, FAULT_USAGE,
			    "%s: nothing to put for {%.60s}",
			    a->call->operation, name);
		http_encode(&a->path, text, strlen(text), false);
		if (json_object_set_new(used, name, json_true()) == -1)
			return fault_memory(f);
		p = end;
	}
	if (*p == '?')
		buf_puts(&a->query, p + 1);
	return 0;
}

static void
rest_query(struct aws_ask *a, const json_t *input, const json_t *used)
{
	const json_t *one;
	const char *name;
	json_t *v;
	size_t i;

	json_object_foreach ((json_t *)input, name, v) {
		char plain[128];

		if (json_object_get(used, name) != NULL)
			continue;
		(void)snprintf(plain, sizeof(plain), "%.*s",
		    (int)strcspn(name, "["), name);
		if (!json_is_array(v))
			pair(&a->query, plain, v);
		json_array_foreach (v, i, one) {
			pair(&a->query, plain, one);
		}
	}
}

static int
rest_call(struct aws_ask *a, const json_t *input, struct fault *f)
{
	json_t *used = json_object();
	bool body;
	int rc;

	a->method = a->call->method != NULL ? a->call->method : "GET";
	body = strcmp(a->method, "POST") == 0 || strcmp(a->method, "PUT") == 0;
	rc = used == NULL ? fault_memory(f) : rest_path(a, input, used, f);
	if (rc == 0 && !body)
		rest_query(a, input, used);
	if (rc == 0 && body) {
		a->type = "application/json";
		rc = json_body(a, input, used, f);
	}
	json_decref(used);
	return rc;
}

int
aws_ask_build(struct aws_ask *a, const json_t *input, struct fault *f)
{
	int rc = 0;

	switch (a->call->service->protocol) {
	case AWS_QUERY:
	case AWS_EC2:
		form(a, input);
		break;
	case AWS_JSON:
		rc = json_call(a, input, f);
		break;
	default:
		rc = rest_call(a, input, f);
	}
	buf_puts(&a->url, a->to.base);
	buf_puts(&a->url, a->path.p != NULL ? a->path.p : "/");
	if (a->query.len > 0)
		buf_printf(&a->url, "?%s", a->query.p);
	if (rc == -1 || buf_done(&a->path, "path", f) == -1 ||
	    buf_done(&a->query, "query", f) == -1 ||
	    buf_done(&a->body, "request", f) == -1)
		return -1;
	return buf_done(&a->url, "URL", f);
}

/* ---- signing ---- */

int
aws_ask_sign(void *ask, struct http_headers *h, struct fault *f)
{
	const struct aws_ask *a = ask;
	const struct aws_service *s = a->call->service;
	struct sigv4_key key = { 0 };
	struct sigv4_signed out;
	char type[128], target[AWS_ACTION_MAX + 16];
	const char *headers[3] = { NULL };
	size_t n = 0;
	int rc;

	if (credentials_key(a->who, &key, f) == -1)
		return -1;
	(void)snprintf(type, sizeof(type), "Content-Type: %s",
	    a->type != NULL ? a->type : "");
	(void)snprintf(target, sizeof(target), "X-Amz-Target: %s", a->target);
	if (a->type != NULL)
		headers[n++] = type;
	if (a->target[0] != '\0')
		headers[n++] = target;
	struct sigv4_request r = { .method = a->method,
		.host = a->to.host,
		.path = a->path.p,
		.query = a->query.p,
		.headers = headers,
		.body = a->body.p,
		.body_len = a->body.len,
		.region = a->to.region,
		.service = s->signing != NULL ? s->signing : s->name,
		.time = aws_now(a->session),
		.s3 = strcmp(s->name, "s3") == 0 };
	rc = sigv4_sign(a->session->request->crypto, &key, &r, &out, f);
	if (rc == 0) {
		http_add_header(h, "Authorization", out.authorization.p);
		http_add_header(h, "X-Amz-Date", out.date);
		if (key.token != NULL)
			http_add_header(h, "X-Amz-Security-Token", key.token);
		if (r.s3)
			http_add_header(
			    h, "X-Amz-Content-Sha256", out.body_sha256);
		if (a->type != NULL)
			http_add_header(h, "Content-Type", a->type);
		if (a->target[0] != '\0')
			http_add_header(h, "X-Amz-Target", a->target);
	}
	sigv4_free(&out);
	return rc;
}
