/* Which scopes are asked, in what order; those that cannot be are told of. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/plan.h"

/* ---- refused ---- */

static int
speak_of(struct asked_aws *a, const char *scope, struct fault *f)
{
	return json_object_set_new(a->covered, scope, json_true()) == -1
		   ? fault_memory(f)
		   : 0;
}

/* A scope that could not be asked: all its kinds are missing. */
static int
refuse(struct asked_aws *a, const char *scope, enum outcome outcome,
    const char *why, const char *source, struct fault *f)
{
	struct emitter e;
	int rc;

	if (outcome == OUTCOME_ABSENT)
		outcome = OUTCOME_ERROR;
	if (speak_of(a, scope, f) == -1 ||
	    emitter_init(&e, a->run.sink, aws_kinds, "aws", scope, f) == -1)
		return -1;
	e.calls = 1;
	e.denied = outcome == OUTCOME_DENIED;
	rc = emit_outcome(&e, &aws_scope_kind, scope + strlen("aws/"), outcome,
	    why, source, f);
	for (size_t i = 0; rc == 0 && aws_kinds[i] != NULL; i++)
		if (aws_kinds[i] != &aws_scope_kind)
			rc = emit_gap(&e, aws_kinds[i], outcome, why, f);
	if (rc == 0)
		rc = emit_coverage(&e, outcome, why, f);
	emitter_free(&e);
	return rc;
}

/* Scopes that the store knows, which begin with prefix and of which this run
 * has not spoken. */
static int
refuse_known(struct asked_aws *a, const char *prefix, enum outcome outcome,
    const char *why, const char *source, struct fault *f)
{
	const char *name;
	json_t *v;

	json_object_foreach (a->run.known, name, v) {
		const char *kind = strchr(name, ' ');
		char scope[128];

		if (kind == NULL ||
		    strcmp(kind + 1, aws_scope_kind.name) != 0 ||
		    strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		(void)snprintf(
		    scope, sizeof(scope), "%.*s", (int)(kind - name), name);
		if (json_object_get(a->covered, scope) == NULL &&
		    refuse(a, scope, outcome, why, source, f) == -1)
			return -1;
	}
	return 0;
}

/* An account that would not say who it is: all its scopes were refused, with
 * all regions those too that the store knows. */
static int
refuse_account(struct asked_aws *a, const struct account *one, struct fault *f)
{
	static const char source[] = "sts:GetCallerIdentity";
	enum outcome outcome = outcome_of_fault(&one->refused);
	const char *why = one->refused.text;
	char scope[128], prefix[64];

	(void)snprintf(scope, sizeof(scope), "aws/%s/global", one->number);
	if (refuse(a, scope, outcome, why, source, f) == -1)
		return -1;
	for (size_t k = 0; !a->all_regions && k < a->nregions; k++) {
		(void)snprintf(scope, sizeof(scope), "aws/%s/%s", one->number,
		    a->regions[k]);
		if (refuse(a, scope, outcome, why, source, f) == -1)
			return -1;
	}
	(void)snprintf(prefix, sizeof(prefix), "aws/%s/", one->number);
	return a->all_regions && strcmp(one->number, ACCOUNT_NOT_KNOWN) != 0
		   ? refuse_known(a, prefix, outcome, why, source, f)
		   : 0;
}

/* ---- planned ---- */

static int
plan(struct asked_aws *a, const struct account *one, const char *region,
    bool global, struct fault *f)
{
	struct planned *p;

	if (a->nplanned == a->planned_cap) {
		size_t cap = a->planned_cap > 0 ? 2 * a->planned_cap : 64;

		p = realloc(a->planned, cap * sizeof(*p));
		if (p == NULL)
			return fault_memory(f);
		a->planned = p;
		a->planned_cap = cap;
	}
	p = &a->planned[a->nplanned++];
	*p = (struct planned){ .one = one, .global = global };
	(void)snprintf(p->region, sizeof(p->region), "%s", region);
	return 0;
}

static int
note_home(
    struct aws_run *r, const char *account, const char *region, struct fault *f)
{
	struct aws_home *h;

	if (r->nhomes == r->homes_cap) {
		size_t cap = r->homes_cap > 0 ? 2 * r->homes_cap : 64;

		h = realloc(r->homes, cap * sizeof(*h));
		if (h == NULL)
			return fault_memory(f);
		r->homes = h;
		r->homes_cap = cap;
	}
	h = &r->homes[r->nhomes++];
	(void)snprintf(h->account, sizeof(h->account), "%s", account);
	(void)snprintf(h->region, sizeof(h->region), "%s", region);
	return 0;
}

static int
plan_region(struct asked_aws *a, const struct account *one, const char *region,
    struct fault *f)
{
	return note_home(&a->run, one->number, region, f) == -1
		   ? -1
		   : plan(a, one, region, false, f);
}

int
plan_accounts(struct asked_aws *a, size_t from, struct fault *f)
{
	for (size_t i = from; i < a->naccounts; i++) {
		const struct account *one = a->accounts[i];

		if (one->refused.kind != FAULT_NONE) {
			if (refuse_account(a, one, f) == -1)
				return -1;
			continue;
		}
		if (plan(a, one, a->regions[0], true, f) == -1)
			return -1;
		for (size_t k = 0;
		     !a->all_regions && one->directory != AWS_DIRECTORY_ALONE &&
		     k < a->nregions;
		     k++)
			if (plan_region(a, one, a->regions[k], f) == -1)
				return -1;
	}
	return 0;
}

/* ---- begun ---- */

/* How the question itself went: as place_end() tells of the others. */
static int
emit_call(struct asked_aws *a, struct aws_place *p, struct fault *f)
{
	const struct aws_call *c = &aws_get_caller_identity;
	const struct aws_session *s = a->session;
	struct aws_endpoint to;
	ATTRS_AUTO(attrs);

	if (aws_endpoint_of(aws_catalog(s->request->texts), s->endpoint_url,
		c->service, a->regions[0], &to, f) == -1)
		return -1;
	p->e.calls++;
	aws_call_attrs(&attrs, c, to.host, to.fips, to.by);
	attrs_json(&attrs, "error", json_null());
	attrs_bool(&attrs, "requested_again", false);
	attrs_str(&attrs, "result", "answered");
	return emit_observed(&p->e, &aws_call_kind, "sts:GetCallerIdentity",
	    &attrs, "sts:GetCallerIdentity", f);
}

static int
emit_identity(struct asked_aws *a, const struct account *one,
    struct aws_place *p, struct fault *f)
{
	ATTRS_AUTO(attrs);

	attrs_str(&attrs, "account", one->number);
	attrs_str(&attrs, "arn", one->arn);
	attrs_str(&attrs, "partition", aws_partition(a->regions[0]));
	attrs_str(&attrs, "source", credentials_source(one->who));
	return emit_observed(&p->e, &aws_identity_kind, one->number, &attrs,
	    "sts:GetCallerIdentity", f);
}

int
plan_next(void *ctx, struct aws_place **p, struct fault *f)
{
	struct asked_aws *a = ctx;
	const struct planned *next;
	const struct account *one;

	*p = NULL;
	if (a->at == a->nplanned)
		return 0;
	next = &a->planned[a->at++];
	one = next->one;
	*p = place_new(&a->run, one->who, one->number, next->region,
	    next->global, one->directory, f);
	if (*p == NULL)
		return -1;
	if (speak_of(a, (*p)->scope, f) == 0 &&
	    (!next->global || (emit_call(a, *p, f) == 0 &&
				  emit_identity(a, one, *p, f) == 0)))
		return 0;
	place_free(*p);
	*p = NULL;
	return -1;
}

/* ---- ended ---- */

static const struct account *
account_of(const struct asked_aws *a, const char *number)
{
	for (size_t i = 0; i < a->naccounts; i++)
		if (strcmp(a->accounts[i]->number, number) == 0)
			return a->accounts[i];
	return NULL;
}

/* The call that fills a set, or NULL. */
static const struct asking *
filler(const struct aws_place *p, const char *set)
{
	for (size_t i = 0; i < p->n; i++)
		for (const struct aws_gather *g = p->v[i].call->gathers;
		     p->v[i].wanted && g != NULL && g->set != NULL; g++)
			if (strcmp(g->set, set) == 0)
				return &p->v[i];
	return NULL;
}

/*
 * The regions that are enabled in the account. Where they could not be had, all
 * of it that the store knows is refused, and a scope of its own says so.
 */
static int
take_regions(struct asked_aws *a, struct aws_place *p, struct fault *f)
{
	const struct asking *by = filler(p, "region");
	const struct aws_set *s = place_set(p, "region", false);
	const struct account *one = account_of(a, p->account);
	char why[FAULT_TEXT_MAX], name[128];
	const char *region;
	json_t *v;

	if (by == NULL || one == NULL)
		return 0;
	if (by->worst == OUTCOME_OBSERVED) {
		json_object_foreach (s != NULL ? s->ids : NULL, region, v)
			if (aws_is_region(region) &&
			    plan_region(a, one, region, f) == -1)
				return -1;
		return 0;
	}
	(void)snprintf(why, sizeof(why),
	    "which regions are enabled could not be determined: %s:%s: %.700s",
	    by->call->service->name, by->call->operation,
	    by->why != NULL ? by->why : "no response");
	(void)snprintf(name, sizeof(name), "aws/%s/all", p->account);
	if (refuse(a, name, by->worst, why, p->scope, f) == -1)
		return -1;
	(void)snprintf(name, sizeof(name), "aws/%s/", p->account);
	return refuse_known(a, name, by->worst, why, p->scope, f);
}

/* The accounts of the organization, as far as they were told. */
static int
take_accounts(struct asked_aws *a, struct aws_place *p, struct fault *f)
{
	const struct asking *by = filler(p, "account");
	const struct aws_set *s = place_set(p, "account", false);

	if (by == NULL)
		return 0;
	if (s != NULL && (a->members = json_deep_copy(s->ids)) == NULL)
		return fault_memory(f);
	a->told = by->worst == OUTCOME_OBSERVED;
	return 0;
}

int
plan_over(void *ctx, struct aws_place *p, struct fault *f)
{
	struct asked_aws *a = ctx;

	if (!p->global)
		return 0;
	if (a->all_regions && take_regions(a, p, f) == -1)
		return -1;
	return a->members == NULL ? take_accounts(a, p, f) : 0;
}

int
plan_unlisted(struct asked_aws *a, struct fault *f)
{
	return request_get(a->run.request, "organization") == NULL || a->told
		   ? 0
		   : refuse_known(a, "aws/", OUTCOME_ERROR,
			 "the accounts of the organization could not be listed "
			 "(organizations:ListAccounts)",
			 "organizations:ListAccounts", f);
}

int
plan_retire(struct asked_aws *a, struct fault *f)
{
	static const char prefix[] = "aws/" ACCOUNT_NOT_KNOWN "/";
	const char *name;
	json_t *v;

	for (size_t i = 0; i < a->naccounts; i++)
		if (strcmp(a->accounts[i]->number, ACCOUNT_NOT_KNOWN) == 0)
			return 0;
	json_object_foreach (a->run.known, name, v) {
		const char *kind = strchr(name, ' '), *where;
		struct emitter e;
		char scope[128];
		int rc;

		if (kind == NULL ||
		    strcmp(kind + 1, aws_scope_kind.name) != 0 ||
		    strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		(void)snprintf(
		    scope, sizeof(scope), "%.*s", (int)(kind - name), name);
		where = scope + strlen(prefix);
		if (strcmp(where, "global") != 0 && !a->all_regions &&
		    !list_has(a->regions, where))
			continue;
		if (emitter_init(&e, a->run.sink, aws_kinds, "aws", scope, f) ==
		    -1)
			return -1;
		rc = emit_coverage(&e, OUTCOME_OBSERVED, NULL, f);
		emitter_free(&e);
		if (rc == -1)
			return -1;
	}
	return 0;
}
