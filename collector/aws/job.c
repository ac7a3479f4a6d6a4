/* One request on its way, page after page. See engine.h. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/length.h"
#include "base/child.h"
#include "collector/aws/engine.h"

#define TOKEN_MAX ((size_t)32 * 1024)

static void
job_source(const struct job *j, char out[AWS_SOURCE_MAX])
{
	(void)snprintf(out, AWS_SOURCE_MAX, "%s:%s %s%s%s",
	    j->asking->call->service->name, j->asking->call->operation,
	    j->ask.to.base, j->request_id[0] != '\0' ? " request " : "",
	    j->request_id);
}

/* ---- its end ---- */

static void
fatal(struct job *j, const struct fault *why)
{
	struct aws_run *r = j->asking->place->run;

	if (r->fatal.kind == FAULT_NONE)
		r->fatal = *why;
}

/* A list of parts is whole, or the one thing came: give it to its item. */
static int
hand_over(struct job *j, const char *why, struct fault *f)
{
	const struct aws_call *c = j->asking->call;
	json_t *v = j->part;

	if (c->into == NULL || j->parent == NULL)
		return 0;
	j->part = NULL;
	if (why == NULL && v == NULL)
		v = c->items != NULL && strstr(c->items, "[]") != NULL
			? json_array()
			: json_null();
	if (why != NULL) {
		json_decref(v);
		v = NULL;
	}
	return item_part(j->parent, c, v, why, f);
}

static int
tell_missing(struct job *j, struct fault *f)
{
	const json_t *id;
	char source[AWS_SOURCE_MAX];
	size_t i;

	if (!j->asking->call->missing || j->asking->call->kind == NULL)
		return 0;
	job_source(j, source);
	json_array_foreach (j->ids, i, id) {
		const char *key = json_string_value(id);

		if (key != NULL && json_object_get(j->got, key) == NULL &&
		    item_absent(j->asking, key, source, f) == -1)
			return -1;
	}
	return 0;
}

/* why: NULL, or what could not be had, without what varies. */
static void
finish(struct job *j, enum outcome outcome, const char *why)
{
	struct asking *a = j->asking;
	struct fault f = { 0 };
	char text[FAULT_TEXT_MAX];

	if (why != NULL)
		(void)snprintf(text, sizeof(text), "%s: %.900s",
		    outcome_name(outcome), why);
	if (why != NULL)
		asking_worse(a, outcome, why);
	else
		a->answered = true;
	if (outcome == OUTCOME_DENIED)
		a->place->e.denied++;
	if (hand_over(j, why != NULL ? text : NULL, &f) == -1 ||
	    (why == NULL && tell_missing(j, &f) == -1))
		fatal(j, &f);
	a->open--;
	a->place->run->ended = true;
	job_free(j);
}

/* ---- pages ---- */

static bool
says_more(const json_t *v)
{
	const char *s = json_string_value(v);

	return json_is_true(v) || (s != NULL && strcasecmp(s, "true") == 0);
}

static bool
says_no_more(const json_t *v)
{
	const char *s = json_string_value(v);

	return json_is_false(v) || (s != NULL && strcasecmp(s, "false") == 0);
}

/* A call that asks for no pages must not get one of several. */
static int
check_single(const struct job *j, const json_t *around, struct fault *f)
{
	static const char *const names[] = { "nextToken", "NextToken",
		"NextMarker", "Marker", "nextMarker", "ContinuationToken",
		NULL };
	static const char *const flags[] = { "IsTruncated", "Truncated",
		"HasMoreResults", NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		const json_t *v = json_object_get(around, names[i]);

		if (v != NULL && !json_is_null(v) &&
		    (!json_is_string(v) || json_string_length(v) > 0))
			return fault(f, FAULT_FORMAT,
			    "%s: the answer has more pages (%s), which are not "
			    "requested",
			    j->asking->call->operation, names[i]);
	}
	for (size_t i = 0; flags[i] != NULL; i++)
		if (says_more(json_object_get(around, flags[i])))
			return fault(f, FAULT_FORMAT,
			    "%s: the answer is cut (%s)",
			    j->asking->call->operation, flags[i]);
	return 0;
}

/* The token of the next page, owned; NULL: there is none, or a fault. */
static char *
next_token(const struct job *j, const json_t *around, struct fault *f)
{
	const struct aws_pager *g = &j->asking->call->pager;
	const json_t *v;
	const char *s, *what = j->asking->call->operation;
	char *out;

	if (g->token == NULL) {
		(void)check_single(j, around, f);
		return NULL;
	}
	if (g->more != NULL && says_no_more(path_value(around, g->more)))
		return NULL;
	v = path_value(around, g->next);
	s = json_string_value(v);
	if (v != NULL && !json_is_null(v) && s == NULL) {
		(void)fault(f, FAULT_FORMAT,
		    "%s: %s is no text, so the pages after it cannot be "
		    "requested",
		    what, g->next);
		return NULL;
	}
	if (s == NULL || s[0] == '\0') {
		if (g->more != NULL && says_more(path_value(around, g->more)))
			(void)fault(f, FAULT_FORMAT,
			    "%s: %s is true, and no %s says how to go on", what,
			    g->more, g->next);
		return NULL;
	}
	if (strlen(s) > TOKEN_MAX) {
		(void)fault(f, FAULT_LIMIT, "a page token of over %zu bytes",
		    TOKEN_MAX);
		return NULL;
	}
	if ((out = strdup(s)) == NULL)
		(void)fault_memory(f);
	return out;
}

/* Every page named once, and no more than so many. 1: the rest is cut. */
static int
note_page(struct job *j, const char *token, struct fault *f)
{
	int most = j->asking->call->pager.pages;

	if (most == 0)
		most = AWS_PAGES_MAX;
	if (j->tokens == NULL && (j->tokens = json_object()) == NULL)
		return fault_memory(f);
	j->idle_pages = j->fresh ? 0 : j->idle_pages + 1;
	if (j->idle_pages >= AWS_IDLE_PAGES_MAX)
		return fault(f, FAULT_FORMAT,
		    "the pages never end: %d in a row brought nothing new",
		    AWS_IDLE_PAGES_MAX);
	if (clock_ms() - j->began > AWS_CALL_TIME_MS)
		return fault(f, FAULT_LIMIT, "its pages take over %d minutes",
		    AWS_CALL_TIME_MS / 60000);
	if (json_object_get(j->tokens, token) != NULL)
		return fault(f, FAULT_FORMAT,
		    "the pages never end: a page names one that was read as "
		    "the next");
	if (++j->pages >= most && j->asking->call->whole != NULL) {
		j->asking->cut = true;
		return 1;
	}
	if (j->pages >= most)
		return fault(f, FAULT_LIMIT, "over %d pages", most);
	return json_object_set_new_nocheck(j->tokens, token, json_true()) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
take_gone(void *ctx, const json_t *v)
{
	return json_is_string(v) ? json_object_set_new(
				       ctx, json_string_value(v), json_false())
				 : 0;
}

/* Ids that brought no item must be named by the answer, where it does so. */
static int
note_gone(struct job *j, const json_t *around, struct fault *f)
{
	const struct aws_call *c = j->asking->call;
	const json_t *id;
	json_t *named;
	size_t i, lost = 0;

	if (c->gone == NULL || j->ids == NULL)
		return 0;
	if ((named = json_object()) == NULL ||
	    path_each(around, c->gone, take_gone, named) == -1) {
		json_decref(named);
		return fault_memory(f);
	}
	json_array_foreach (j->ids, i, id) {
		const char *key = json_string_value(id);

		lost += key != NULL && json_object_get(j->got, key) == NULL &&
			json_object_get(named, key) == NULL;
	}
	json_decref(named);
	return lost == 0 ? 0
			 : fault(f, FAULT_FORMAT,
			       "%s: the answer speaks of %zu names less than "
			       "were requested",
			       c->operation, lost);
}

/* Back to where jobs wait; when many items are unfinished, aside. */
static void
again(struct job *j)
{
	struct aws_run *r = j->asking->place->run;
	struct job **at =
	    r->waiting > AWS_ITEMS_WAITING_MAX ? &r->parked : &r->stack;

	j->next = *at;
	*at = j;
}

/*
 * A list that had things in the run before and has none now: asked a second
 * time, from its first page, before that is believed.
 */
static bool
ask_twice(struct job *j, struct fault *f)
{
	struct asking *a = j->asking;
	const struct aws_call *c = a->call;

	if (j->took || c->items == NULL || strstr(c->items, "[]") == NULL ||
	    c->into != NULL || j->ids != NULL || !item_known(a))
		return false;
	if (!j->twice) {
		j->twice = true;
		(void)snprintf(j->first_id, sizeof(j->first_id), "%s",
		    j->request_id[0] != '\0' ? j->request_id : "without an id");
		free(j->token);
		j->token = NULL;
		json_decref(j->tokens);
		j->tokens = NULL;
		j->pages = j->idle_pages = 0;
		return true;
	}
	if (c->omits) {
		(void)fault(f, FAULT_FORMAT,
		    "%s: the answer holds no list, twice, where the run before "
		    "found entries",
		    c->operation);
		return false;
	}
	a->emptied = true;
	if (a->answers == NULL &&
	    asprintf(&a->answers,
		"empty in request %s, asked again: empty in request %s",
		j->first_id,
		j->request_id[0] != '\0' ? j->request_id : "without an id") ==
		-1)
		a->answers = NULL;
	return false;
}

static void
page_ended(struct job *j)
{
	const json_t *around = NULL;
	struct fault f = { 0 };
	char *token;

	if (aws_answer_end(j->answer, &around, &f) == -1) {
		if (j->fatal.kind != FAULT_NONE)
			fatal(j, &j->fatal);
		finish(j, outcome_of_fault(&f), f.text);
		return;
	}
	token = next_token(j, around, &f);
	if ((token != NULL && note_page(j, token, &f) == 0) ||
	    (token == NULL && f.kind == FAULT_NONE &&
		j->broken.kind == FAULT_NONE && ask_twice(j, &f))) {
		free(j->token);
		j->token = token;
		again(j);
		return;
	}
	free(token);
	if (f.kind == FAULT_NONE && note_gone(j, around, &f) == 0)
		f = j->broken;
	if (f.kind != FAULT_NONE)
		finish(j, outcome_of_fault(&f), f.text);
	else
		finish(j, OUTCOME_OBSERVED, NULL);
}

/* ---- what the pool tells ---- */

static int
on_item(void *ctx, json_t *v, struct fault *f)
{
	struct job *j = ctx;
	char source[AWS_SOURCE_MAX];

	job_source(j, source);
	j->item_at = clock_ms();
	if (item_take(j, v, source, f) == 0)
		return 0;
	if (f->kind != FAULT_FORMAT && f->kind != FAULT_LIMIT) {
		j->fatal = *f;
		return -1;
	}
	if (j->broken.kind == FAULT_NONE)
		j->broken = *f; /* the others are taken */
	*f = (struct fault){ 0 };
	return 0;
}

static int
on_prepare(void *ctx, struct http_headers *h, struct fault *f)
{
	struct job *j = ctx;

	if (aws_ask_sign(&j->ask, h, f) == -1)
		return -1;
	j->taken = credentials_taken(j->asking->place->who);
	return 0;
}

static void
on_head(void *ctx, const struct http_answer *a)
{
	static const char *const names[] = { "x-amzn-requestid",
		"x-amz-request-id", "x-amzn-request-id" };
	struct job *j = ctx;
	bool found = false;

	for (size_t i = 0; !found && i < LENGTH(names); i++)
		found = http_header(
		    a, names[i], j->request_id, sizeof(j->request_id));
}

static int
on_data(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct job *j = ctx;

	if (clock_ms() - j->item_at > AWS_ITEM_TIME_MS)
		return fault(f, FAULT_REMOTE,
		    "no whole entry came within %d seconds",
		    AWS_ITEM_TIME_MS / 1000);
	return aws_answer_feed(j->answer, p, len, f);
}

static void
on_restart(void *ctx)
{
	struct job *j = ctx;

	j->item_at = clock_ms();
	aws_answer_reset(j->answer);
	while (json_array_size(j->part) > j->part_at)
		(void)json_array_remove(j->part, json_array_size(j->part) - 1);
}

/* "UnauthorizedOperation": the same from run to run. */
static void
refused(struct job *j, const struct http_answer *answer)
{
	struct asking *a = j->asking;
	struct aws_problem p;

	aws_problem_of(&p, a->place->run->session, answer);
	if (aws_code_is(p.code, a->call->absent)) {
		finish(j, OUTCOME_OBSERVED, NULL);
	} else if (p.refusal == AWS_EXPIRED && !j->renewed) {
		j->renewed = true;
		if (j->taken == credentials_taken(a->place->who))
			credentials_expire(a->place->who);
		again(j);
	} else if (p.refusal == AWS_ELSEWHERE && !j->moved) {
		j->moved = true;
		(void)snprintf(j->region, sizeof(j->region), "%s", p.region);
		again(j);
	} else {
		finish(j, aws_problem_outcome(&p), p.code);
	}
}

static void
on_done(void *ctx, const struct http_answer *answer, const struct fault *why)
{
	struct job *j = ctx;
	struct aws_run *r = j->asking->place->run;

	r->flying--;
	r->ended = true;
	if (j->fatal.kind != FAULT_NONE)
		fatal(j, &j->fatal);
	if (why != NULL)
		finish(j,
		    why->kind == FAULT_REMOTE ? OUTCOME_UNREACHABLE
					      : outcome_of_fault(why),
		    why->text);
	else if (answer->status < 200 || answer->status >= 300)
		refused(j, answer);
	else
		page_ended(j);
}

/* ---- going out ---- */

static int
make_ask(struct job *j, const json_t *input, struct fault *f)
{
	struct asking *a = j->asking;
	struct aws_session *s = a->place->run->session;

	aws_ask_free(&j->ask);
	aws_ask_init(&j->ask);
	j->ask.call = a->call;
	j->ask.session = s;
	j->ask.who = a->place->who;
	if (aws_endpoint_of(aws_catalog(s->request->texts), s->endpoint_url,
		a->call->service, j->region, &j->ask.to, f) == -1)
		return -1;
	if (a->host == NULL) {
		a->host = strdup(j->ask.to.host);
		a->fips = j->ask.to.fips;
		a->by = j->ask.to.by;
		if (a->host == NULL)
			return fault_memory(f);
	}
	return aws_ask_build(&j->ask, input, f);
}

static int
send_off(struct job *j, struct fault *f)
{
	struct asking *a = j->asking;
	struct aws_run *r = a->place->run;
	struct http_request q = { .method = j->ask.method,
		.url = j->ask.url.p,
		.body = j->ask.body.len > 0 ? j->ask.body.p : NULL,
		.body_len = j->ask.body.len,
		.plain = j->ask.to.plain,
		.prepare = on_prepare,
		.head = on_head,
		.data = on_data,
		.restart = on_restart,
		.again = aws_is_busy,
		.done = on_done,
		.ctx = j };

	if (a->call->pace_ms > 0) {
		int64_t now = clock_ms();

		q.not_before = a->next_at;
		a->next_at =
		    (now > a->next_at ? now : a->next_at) + a->call->pace_ms;
	}
	if (j->answer == NULL) {
		j->sink = (struct answer_sink){ on_item, j };
		j->answer = aws_answer_new(a->call, &j->sink, f);
	}
	if (j->answer == NULL)
		return -1;
	json_decref(j->keys);
	j->keys = NULL;
	j->part_at = json_array_size(j->part);
	j->fresh = false;
	if (j->began == 0)
		j->began = clock_ms();
	if (http_start(r->session->http, &q, f) == -1)
		return -1;
	r->flying++;
	a->place->e.calls++;
	return 0;
}

int
job_start(struct job *j, struct fault *f)
{
	bool missing = false;
	json_t *input = input_make(j, &missing, f);
	struct fault why = { 0 };
	int rc = -1;

	if (input == NULL) {
		job_free(j);
		return -1;
	}
	if (missing) { /* there is nothing to ask about */
		finish(j, OUTCOME_OBSERVED, NULL);
		rc = 0;
	} else if (make_ask(j, input, &why) == 0 && send_off(j, &why) == 0) {
		rc = 0;
	} else if (why.kind == FAULT_IO) {
		*f = why;
		job_free(j);
	} else {
		finish(j, outcome_of_fault(&why), why.text);
		rc = 0;
	}
	json_decref(input);
	return rc;
}
