/* An account and a region: what is asked there, in what order, and how
 * completely it answered. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/engine.h"

/* ---- birth and end ---- */

static bool
listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = list; p != NULL; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, name, len) == 0 &&
		    (p[len] == ',' || p[len] == '\0'))
			return true;
	}
	return false;
}

/* "organization", or "regions=all" */
static bool
has_option(const struct request *r, const char *option)
{
	size_t len = strcspn(option, "=");
	char name[64];
	const char *v;

	(void)snprintf(name, sizeof(name), "%.*s", (int)len, option);
	v = request_get(r, name);
	return v != NULL &&
	       (option[len] == '\0' || strcmp(v, option + len + 1) == 0);
}

static bool
is_wanted(const struct aws_place *p, const struct aws_call *c)
{
	const struct request *r = p->run->request;
	const char *services = request_get(r, "services");

	bool directory =
	    c->option != NULL && strcmp(c->option, AWS_DIRECTORY_OPTION) == 0;

	if (p->directory ==
	    (directory ? AWS_DIRECTORY_NOT : AWS_DIRECTORY_ALONE))
		return false;
	if (c->option != NULL) /* what is asked for is no matter of services */
		return has_option(r, c->option);
	return services == NULL || listed(services, c->service->name);
}

static struct asking *
find(const struct aws_place *p, const struct aws_call *c)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].call == c)
			return &p->v[i];
	return NULL;
}

/* A call is asked if all that leads to it is. */
static void
find_parents(struct aws_place *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].call->each != NULL)
			p->v[i].parent = find(p, p->v[i].call->each);
	for (int depth = 0; depth < AWS_LEVELS_MAX; depth++)
		for (size_t i = 0; i < p->n; i++)
			if (p->v[i].call->each != NULL &&
			    (p->v[i].parent == NULL || !p->v[i].parent->wanted))
				p->v[i].wanted = false;
}

static int
add_calls(struct aws_place *p, struct fault *f)
{
	size_t n = 0;

	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			n++;
	if ((p->v = calloc(n + 1, sizeof(*p->v))) == NULL)
		return fault_memory(f);
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++) {
			const struct aws_call *c = aws_calls[t][i];

			if ((c->service->global || c->once) == p->global)
				p->v[p->n++] = (struct asking){ .call = c,
					.place = p,
					.wanted = is_wanted(p, c) };
		}
	find_parents(p);
	return 0;
}

struct aws_place *
place_new(struct aws_run *r, struct aws_credentials *who, const char *account,
    const char *region, bool global, enum aws_directory directory,
    struct fault *f)
{
	struct aws_place *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	p->run = r;
	p->who = who;
	p->account = account;
	p->partition = aws_partition(region);
	p->global = global;
	p->directory = directory;
	(void)snprintf(p->region, sizeof(p->region), "%s", region);
	(void)snprintf(p->scope, sizeof(p->scope), "aws/%s/%s", account,
	    global ? "global" : region);
	if (add_calls(p, f) == 0 &&
	    emitter_init(&p->e, r->sink, aws_kinds, "aws", p->scope, f) == 0)
		return p;
	place_free(p);
	return NULL;
}

void
place_free(struct aws_place *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n; i++) {
		json_decref(p->v[i].batch);
		json_decref(p->v[i].state);
		free(p->v[i].why);
		free(p->v[i].answers);
		free(p->v[i].host);
	}
	for (size_t i = 0; i < p->nsets; i++)
		json_decref(p->sets[i].ids);
	emitter_free(&p->e);
	free(p->v);
	free(p);
}

/* ---- order ---- */

int
place_begin(struct aws_place *p, struct fault *f)
{
	/* the stack turns it round: the first is asked first */
	for (size_t i = p->n; i-- > 0;) {
		struct asking *a = &p->v[i];

		if (a->wanted && a->call->each == NULL &&
		    a->call->set == NULL && job_push(a, NULL, NULL, f) == -1)
			return -1;
	}
	return 0;
}

static bool
gathers_into(const struct aws_call *c, const char *set)
{
	for (const struct aws_gather *g = c->gathers;
	     g != NULL && g->set != NULL; g++)
		if (strcmp(g->set, set) == 0)
			return true;
	return false;
}

static bool
set_ready(const struct aws_place *p, const char *set)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].wanted && !p->v[i].done &&
		    gathers_into(p->v[i].call, set))
			return false;
	return true;
}

static int
begin_set(struct asking *a, struct fault *f)
{
	struct aws_set *s = place_set(a->place, a->call->set, false);
	const char *id;
	json_t *v;

	a->begun = true;
	if (a->batch == NULL && (a->batch = json_array()) == NULL)
		return fault_memory(f);
	if (s == NULL)
		return 0;
	json_object_foreach (s->ids, id, v)
		if (json_array_append_new(a->batch, json_string(id)) == -1)
			return fault_memory(f);
	while (json_array_size(a->batch) > 0)
		if (asking_flush(a, f) == -1)
			return -1;
	return 0;
}

/* What of the way to these items failed first: a call, or NULL. */
static const struct asking *
broken(const struct asking *a, int depth)
{
	const struct asking *bad = NULL;
	const struct aws_place *p = a->place;

	if (depth == AWS_LEVELS_MAX || a->worst != OUTCOME_OBSERVED)
		return a->worst != OUTCOME_OBSERVED ? a : NULL;
	if (a->parent != NULL && (bad = broken(a->parent, depth + 1)) != NULL)
		return bad;
	for (size_t i = 0; a->call->set != NULL && i < p->n && bad == NULL; i++)
		if (p->v[i].wanted && gathers_into(p->v[i].call, a->call->set))
			bad = broken(&p->v[i], depth + 1);
	return bad;
}

/* Nothing more comes of it. */
static int
asking_ended(struct asking *a, struct fault *f)
{
	char source[AWS_SOURCE_MAX];

	(void)snprintf(source, sizeof(source), "%s:%s", a->call->service->name,
	    a->call->operation);
	if (a->call->none != NULL && !a->took && broken(a, 0) == NULL)
		return emit_outcome(&a->place->e, a->call->kind, "none",
		    OUTCOME_ABSENT, a->call->none, source, f);
	return a->state != NULL || a->call->whole != NULL
		   ? item_fold_end(a, source, f)
		   : 0;
}

static int
settle(struct asking *a, bool *more, struct fault *f)
{
	if (!a->wanted || a->done || a->open > 0 || a->unfinished > 0)
		return 0;
	if (a->parent != NULL && !a->parent->done)
		return 0;
	if (a->call->set != NULL && !a->begun) {
		if (!set_ready(a->place, a->call->set))
			return 0;
		*more = true;
		return begin_set(a, f);
	}
	if (json_array_size(a->batch) > 0) {
		*more = true;
		return asking_flush(a, f);
	}
	a->done = *more = true;
	return asking_ended(a, f);
}

int
place_settle(struct aws_place *p, bool *more, struct fault *f)
{
	for (size_t i = 0; i < p->n; i++)
		if (settle(&p->v[i], more, f) == -1)
			return -1;
	return 0;
}

/* ---- its end ---- */

bool
place_over(const struct aws_place *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].wanted && !p->v[i].done)
			return false;
	return true;
}

/* "ec2:DescribeInstances: UnauthorizedOperation (permission X)" */
static void
why_of(const struct asking *bad, char out[FAULT_TEXT_MAX])
{
	char action[AWS_ACTION_MAX];

	aws_call_action(bad->call, action);
	(void)snprintf(out, FAULT_TEXT_MAX, "%s:%s: %.700s%s%s%s",
	    bad->call->service->name, bad->call->operation,
	    bad->why != NULL ? bad->why : "out of memory",
	    bad->worst == OUTCOME_DENIED ? " (permission " : "",
	    bad->worst == OUTCOME_DENIED ? action : "",
	    bad->worst == OUTCOME_DENIED ? ")" : "");
}

static int
end_kind(struct aws_place *p, const struct kind *k, struct fault *f)
{
	bool asked = k == &aws_call_kind || k == &aws_scope_kind ||
		     (k == &aws_identity_kind && p->global);
	const struct asking *bad = NULL;
	char reason[FAULT_TEXT_MAX];

	for (size_t i = 0; i < p->n && bad == NULL; i++) {
		if ((p->v[i].call->kind != k && p->v[i].call->whole != k) ||
		    !p->v[i].wanted)
			continue;
		asked = true;
		bad = broken(&p->v[i], 0);
	}
	if (!asked)
		return emit_gap(&p->e, k, OUTCOME_ABSENT, "not asked", f);
	if (bad == NULL)
		return 0;
	why_of(bad, reason);
	return emit_gap(&p->e, k, bad->worst, reason, f);
}

/* Errors of parts, which cost no kind as a whole: the run is partial. */
static int
end_parts(struct aws_place *p, struct fault *f)
{
	char reason[FAULT_TEXT_MAX];

	for (size_t i = 0; i < p->n; i++) {
		const struct asking *a = &p->v[i];

		if (a->call->kind != NULL || a->call->whole != NULL ||
		    a->call->into == NULL || a->worst == OUTCOME_OBSERVED)
			continue;
		why_of(a, reason);
		if (emit_gap(&p->e, &aws_call_kind, a->worst, reason, f) == -1)
			return -1;
	}
	return 0;
}

/* The place itself, as a thing that answered or did not. */
static int
end_scope(struct aws_place *p, const struct asking *bad, struct fault *f)
{
	const char *key = p->scope + strlen("aws/");
	char reason[FAULT_TEXT_MAX];
	ATTRS_AUTO(attrs);

	if (bad != NULL) {
		why_of(bad, reason);
		return emit_outcome(&p->e, &aws_scope_kind, key, bad->worst,
		    reason, p->scope, f);
	}
	attrs_str(&attrs, "account", p->account);
	attrs_str(&attrs, "region", p->global ? "global" : p->region);
	return emit_observed(&p->e, &aws_scope_kind, key, &attrs, p->scope, f);
}

/* Those that name the same operation are one call. */
static bool
same(const struct aws_call *a, const struct aws_call *b)
{
	return strcmp(a->service->name, b->service->name) == 0 &&
	       strcmp(a->operation, b->operation) == 0;
}

static const struct asking *
worst_of(const struct aws_place *p, size_t from)
{
	const struct asking *worst = &p->v[from];

	for (size_t i = from + 1; i < p->n; i++)
		if (same(p->v[i].call, worst->call) &&
		    worst->worst == OUTCOME_OBSERVED && p->v[i].host != NULL)
			worst = p->v[i].worst != OUTCOME_OBSERVED ? &p->v[i]
								  : worst;
	return worst;
}

void
aws_call_attrs(struct attrs *a, const struct aws_call *c, const char *host,
    bool fips, const char *by)
{
	char action[AWS_ACTION_MAX];

	aws_call_action(c, action);
	attrs_str(a, "endpoint", by);
	attrs_bool(a, "fips", fips);
	attrs_str(a, "host", host);
	attrs_str(a, "operation", c->operation);
	attrs_str(a, "permission", action);
	attrs_str(a, "service", c->service->name);
}

static int
emit_call(struct aws_place *p, size_t at, struct fault *f)
{
	const struct asking *a = worst_of(p, at);
	const struct aws_call *c = a->call;
	char key[AWS_ACTION_MAX], source[AWS_SOURCE_MAX];
	ATTRS_AUTO(attrs);

	for (size_t i = 0; i < at; i++)
		if (p->v[i].host != NULL && same(p->v[i].call, c))
			return 0;
	(void)snprintf(
	    key, sizeof(key), "%s:%s", c->service->name, c->operation);
	aws_call_attrs(&attrs, c, a->host, a->fips, a->by);
	attrs_str(&attrs, "error", a->why);
	attrs_bool(&attrs, "requested_again", a->emptied);
	attrs_str(&attrs, "result",
	    a->worst == OUTCOME_OBSERVED ? "answered" : outcome_name(a->worst));
	(void)snprintf(source, sizeof(source), "%s%s%s", key,
	    a->answers != NULL ? ": " : "",
	    a->answers != NULL ? a->answers : "");
	return emit_observed(&p->e, &aws_call_kind, key, &attrs, source, f);
}

/* Nothing answered: then the place as a whole did not. */
static const struct asking *
all_bad(const struct aws_place *p)
{
	const struct asking *bad = NULL;

	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].answered)
			return NULL;
		if (bad == NULL && p->v[i].worst != OUTCOME_OBSERVED)
			bad = &p->v[i];
	}
	return bad;
}

int
place_end(struct aws_place *p, struct fault *f)
{
	const struct asking *bad = all_bad(p);

	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].host != NULL && emit_call(p, i, f) == -1)
			return -1;
	for (size_t i = 0; aws_kinds[i] != NULL; i++)
		if (end_kind(p, aws_kinds[i], f) == -1)
			return -1;
	if (end_parts(p, f) == -1 || end_scope(p, bad, f) == -1)
		return -1;
	if (bad == NULL)
		return emit_coverage(&p->e, OUTCOME_OBSERVED, NULL, f);
	return emit_coverage(&p->e, bad->worst, bad->why, f);
}
