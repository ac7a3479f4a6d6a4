/* One question, start to end. See ask.h. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "collector/aws_client/answer.h"
#include "collector/aws_client/ask.h"

struct keeping {
	const struct aws_call *call;
	json_t **tree;
};

static int
keep(void *ctx, json_t *v, struct fault *f)
{
	struct keeping *k = ctx;

	if (aws_answer_item(k->call, v, f) == -1)
		return -1;
	json_decref(*k->tree);
	*k->tree = json_incref(v);
	return 0;
}

static int
prepare(void *ctx, struct http_headers *h, struct fault *f)
{
	struct aws_ask *a = ctx;

	if (a->who != NULL)
		return aws_ask_sign(a, h, f);
	if (a->type != NULL)
		http_add_header(h, "Content-Type", a->type);
	return 0;
}

/* "9 minutes behind" */
static void
how_far(int64_t behind, char *out, size_t size)
{
	int64_t off = behind < 0 ? -behind : behind;
	const char *way = behind < 0 ? "ahead of" : "behind";

	if (off < 120)
		(void)snprintf(
		    out, size, "%lld seconds %s", (long long)off, way);
	else
		(void)snprintf(
		    out, size, "%lld minutes %s", (long long)(off / 60), way);
}

static int
refused(
    const struct aws_ask *a, const struct http_answer *answer, struct fault *f)
{
	const char *what = a->call->operation;
	struct aws_problem p;
	char far[64];

	aws_problem_of(&p, a->session, answer);
	how_far(p.behind, far, sizeof(far));
	if (aws_code_is(p.code, a->call->absent))
		return fault(f, FAULT_ABSENT, "%s: %s", what, p.code);
	switch (p.refusal) {
	case AWS_CLOCK:
		return fault(f, FAULT_DENIED,
		    "%s: %s: this host's clock is %s AWS's; set the clock",
		    what, p.code, far);
	case AWS_EXPIRED:
		return fault(f, FAULT_DENIED,
		    "%s: %s: the session has expired; take a new one", what,
		    p.code);
	case AWS_NO_KEYS:
		return fault(f, FAULT_DENIED,
		    "%s: %s: AWS does not accept these keys", what, p.code);
	case AWS_BUSY:
		return fault(f, FAULT_REMOTE, "%s: %s", what, p.code);
	default:
		return fault(f,
		    p.refusal == AWS_REFUSED ? FAULT_DENIED : FAULT_FORMAT,
		    "%s: %s%s%.400s", what, p.code,
		    p.message[0] != '\0' ? ": " : "", p.message);
	}
}

static int
read_answer(const struct aws_ask *a, const struct http_answer *answer,
    json_t **tree, struct fault *f)
{
	struct keeping k = { a->call, tree };
	struct answer_sink sink = { keep, &k };
	struct aws_answer *r = aws_answer_new(a->call, &sink, f);
	const json_t *around;
	int rc = r == NULL ? -1 : 0;

	if (rc == 0 && answer->text.len > 0)
		rc = aws_answer_feed(r, answer->text.p, answer->text.len, f);
	if (rc == 0)
		rc = aws_answer_end(r, &around, f);
	aws_answer_free(r);
	return rc;
}

static int
send_call(struct aws_ask *a, json_t **tree, struct fault *f)
{
	struct http_request q = { .method = a->method,
		.url = a->url.p,
		.body = a->body.len > 0 ? a->body.p : NULL,
		.body_len = a->body.len,
		.plain = a->to.plain,
		.prepare = prepare,
		.again = aws_is_busy,
		.ctx = a,
		.text_max = AWS_BODY_MAX };
	struct http_answer answer;
	int rc;

	if (http_call(a->session->side, &q, &answer, f) == -1)
		return -1;
	if (answer.status >= 200 && answer.status < 300)
		rc = read_answer(a, &answer, tree, f);
	else
		rc = refused(a, &answer, f);
	http_answer_free(&answer);
	return rc;
}

int
aws_ask_once(struct aws_session *s, struct aws_credentials *who,
    const struct aws_call *call, const char *region, const json_t *input,
    json_t **tree, struct fault *f)
{
	json_t *none = input == NULL ? json_object() : NULL;
	struct aws_ask a;
	int rc;

	*tree = NULL;
	aws_ask_init(&a);
	a.call = call;
	a.session = s;
	a.who = who;
	rc = aws_endpoint_of(aws_catalog(s->request->texts), s->endpoint_url,
	    call->service, region, &a.to, f);
	if (rc == 0)
		rc = aws_ask_build(&a, input != NULL ? input : none, f);
	if (rc == 0)
		rc = send_call(&a, tree, f);
	aws_ask_free(&a);
	json_decref(none);
	return rc;
}
