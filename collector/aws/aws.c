/* The AWS collector: accounts and regions, each a scope of its own. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/calls.h"
#include "collector/aws/engine.h"

static const struct collector_option options[] = {
	{ "aws-profile", "NAME", "AWS profile (AWS_PROFILE, or default)" },
	{ "regions", "REGION,...", "regions to ask (the profile's)" },
	{ "role-arns", "ARN,...", "roles to take, one an account" },
	{ "external-id", "TEXT", "external id the roles ask for" },
	{ "services", "NAME,...", "ask these services alone: ec2,eks" },
	{ "endpoint-url", "URL", "ask this host for everything" },
	{ "ca-file", "FILE", "AWS: authorities, instead of the system's" },
	{ NULL, NULL, NULL },
};

#define NOT_KNOWN "unknown" /* the number of an account that would not say */

struct account {
	struct aws_credentials *who; /* owned */
	char number[16];
	char arn[256];
	struct fault refused; /* it could not be asked who it is */
};

struct asked_aws {
	struct aws_run run;
	struct aws_session *session;
	struct aws_credentials *base; /* owned */
	struct account *accounts;     /* owned */
	size_t naccounts;
	char **regions; /* owned */
	size_t nregions;
};

/* ---- lists ---- */

/* "a,b" as texts; at most most. */
static int
split(const char *list, size_t most, const char *option, char ***out, size_t *n,
    struct fault *f)
{
	if ((*out = calloc(most + 1, sizeof(**out))) == NULL)
		return fault_memory(f);
	for (const char *p = list; *p != '\0'; p += *p == ',') {
		size_t len;

		p += strspn(p, " \t"); /* "us-east-1, us-west-2" */
		len = strcspn(p, ", \t");
		if (len > 0 && *n == most)
			return fault(f, FAULT_USAGE, "--%s: over %zu of them",
			    option, most);
		if (len > 0 && ((*out)[(*n)++] = strndup(p, len)) == NULL)
			return fault_memory(f);
		p += len;
		p += strspn(p, " \t");
		if (*p != ',' && *p != '\0')
			return fault(f, FAULT_USAGE,
			    "--%s: '%.60s': separate them by commas", option,
			    list);
	}
	return 0;
}

static void
free_list(char **list)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		free(list[i]);
	free(list);
}

static int
find_regions(struct asked_aws *a, struct fault *f)
{
	const char *list = request_get(a->run.request, "regions");

	if (list == NULL)
		list = aws_session_region(a->session);
	if (list == NULL || list[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "aws: which region? give --regions us-east-1,us-west-2, "
		    "or set AWS_REGION");
	if (split(list, AWS_PLACES_MAX / 2, "regions", &a->regions,
		&a->nregions, f) == -1)
		return -1;
	for (size_t i = 0; i < a->nregions; i++)
		if (!aws_is_region(a->regions[i]))
			return fault(f, FAULT_USAGE,
			    "--regions: '%.60s' is no name of a region",
			    a->regions[i]);
	return a->nregions > 0
		   ? 0
		   : fault(f, FAULT_USAGE, "--regions: names no region");
}

static bool
is_service(const char *name)
{
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			if (strcmp(aws_calls[t][i]->service->name, name) == 0)
				return true;
	return false;
}

static int
check_services(const struct request *r, struct fault *f)
{
	const char *list = request_get(r, "services");
	char **names = NULL;
	size_t n = 0;
	int rc = 0;

	if (list != NULL)
		rc = split(list, AWS_PLACES_MAX, "services", &names, &n, f);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (!is_service(names[i]))
			rc = fault(f, FAULT_USAGE,
			    "--services: nothing is asked of '%.60s'; the "
			    "names are those of the column service of "
			    "aws.call, as ec2 or elasticloadbalancing",
			    names[i]);
	free_list(names);
	return rc;
}

/* ---- accounts ---- */

static int
find_roles(struct asked_aws *a, const char *list, struct fault *f)
{
	const char *external = request_get(a->run.request, "external-id");
	char **arns = NULL;
	size_t n = 0;
	int rc = split(list, AWS_ACCOUNTS_MAX, "role-arns", &arns, &n, f);

	if (rc == 0 && n == 0)
		rc = fault(f, FAULT_USAGE, "--role-arns: names no role");
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct account *one = &a->accounts[a->naccounts];

		one->who =
		    credentials_role(a->session, a->base, arns[i], external, f);
		if (one->who == NULL)
			rc = -1;
		else
			a->naccounts++;
	}
	free_list(arns);
	return rc;
}

static int
find_accounts(struct asked_aws *a, struct fault *f)
{
	const char *profile = request_get(a->run.request, "aws-profile");
	const char *roles = request_get(a->run.request, "role-arns");

	a->accounts = calloc(AWS_ACCOUNTS_MAX, sizeof(*a->accounts));
	if (a->accounts == NULL)
		return fault_memory(f);
	a->base = credentials_find(a->session, profile, f);
	if (a->base == NULL)
		return -1;
	if (roles != NULL)
		return find_roles(a, roles, f);
	a->accounts[0].who = a->base;
	a->naccounts = 1;
	return 0;
}

/* A person mends what was not sent, and keys that AWS does not accept; anything
 * else, and any account of several, is evidence. */
static bool
is_told_in_store(
    const struct asked_aws *a, const struct account *one, bool sent)
{
	const struct fault *why = &one->refused;

	if (why->kind == FAULT_USAGE || why->kind == FAULT_IO)
		return false;
	return request_get(a->run.request, "role-arns") != NULL ||
	       (sent && (why->kind != FAULT_DENIED ||
			    credentials_account(one->who) != NULL));
}

/*
 * The account's number, or why it would not say: then all its scopes are
 * refused, under the number that the configuration gives or as an account that
 * is not known. -1: nothing was sent, or AWS does not accept the keys of the
 * only account, and a person can mend it.
 */
static int
identify(struct asked_aws *a, struct account *one, struct fault *f)
{
	const char *known = credentials_account(one->who);
	struct sigv4_key key;
	json_t *tree = NULL;
	const char *number, *arn;
	int rc = credentials_key(one->who, &key, &one->refused);
	bool sent = rc == 0;

	if (rc == 0)
		rc =
		    aws_ask_once(a->session, one->who, &aws_get_caller_identity,
			a->regions[0], NULL, &tree, &one->refused);

	number = path_text(tree, ".Account");
	arn = path_text(tree, ".Arn");
	if (rc == 0 && (number == NULL || arn == NULL ||
			   strspn(number, "0123456789") != 12))
		rc = fault(&one->refused, FAULT_FORMAT,
		    "GetCallerIdentity: the answer names no account");
	if (rc == 0) {
		one->refused.kind = FAULT_NONE;
		(void)snprintf(
		    one->number, sizeof(one->number), "%.12s", number);
		(void)snprintf(one->arn, sizeof(one->arn), "%s", arn);
	} else if (is_told_in_store(a, one, sent)) {
		(void)snprintf(one->number, sizeof(one->number), "%s",
		    known != NULL ? known : NOT_KNOWN);
	} else {
		*f = one->refused;
	}
	json_decref(tree);
	return rc == 0 || one->number[0] != '\0' ? 0 : -1;
}

/* ---- scopes ---- */

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

/* An account that would not say who it is: all its scopes were refused. */
static int
refuse_scope(struct asked_aws *a, const struct account *one, const char *where,
    struct fault *f)
{
	const struct fault *why = &one->refused;
	enum outcome outcome = outcome_of_fault(why);
	struct emitter e;
	char scope[128];
	int rc = 0;

	if (outcome == OUTCOME_ABSENT)
		outcome = OUTCOME_ERROR;
	(void)snprintf(scope, sizeof(scope), "aws/%s/%s", one->number, where);
	if (emitter_init(&e, a->run.sink, aws_kinds, "aws", scope, f) == -1)
		return -1;
	e.calls = 1;
	e.denied = outcome == OUTCOME_DENIED;
	rc = emit_outcome(&e, &aws_scope_kind, scope + strlen("aws/"), outcome,
	    why->text, "sts:GetCallerIdentity", f);
	for (size_t i = 0; rc == 0 && aws_kinds[i] != NULL; i++)
		if (aws_kinds[i] != &aws_scope_kind)
			rc = emit_gap(&e, aws_kinds[i], outcome, why->text, f);
	if (rc == 0)
		rc = emit_coverage(&e, outcome, why->text, f);
	emitter_free(&e);
	return rc;
}

/* The account has a name now: what stood for it until then is gone. */
static int
retire(struct asked_aws *a, const char *where, struct fault *f)
{
	struct emitter e;
	char scope[128], name[192];
	int rc;

	(void)snprintf(scope, sizeof(scope), "aws/" NOT_KNOWN "/%s", where);
	(void)snprintf(name, sizeof(name), "%s %s", scope, aws_scope_kind.name);
	if (json_object_get(a->run.known, name) == NULL)
		return 0;
	if (emitter_init(&e, a->run.sink, aws_kinds, "aws", scope, f) == -1)
		return -1;
	rc = emit_coverage(&e, OUTCOME_OBSERVED, NULL, f);
	emitter_free(&e);
	return rc;
}

static int
add_place(struct asked_aws *a, const struct account *one, const char *region,
    bool global, struct fault *f)
{
	struct aws_place *p;

	if (one->refused.kind != FAULT_NONE)
		return refuse_scope(a, one, global ? "global" : region, f);
	if (a->run.nplaces == AWS_PLACES_MAX)
		return fault(f, FAULT_USAGE,
		    "over %d accounts times regions; ask them in several runs",
		    AWS_PLACES_MAX);
	p = place_new(&a->run, one->who, one->number, region, global, f);
	if (p == NULL)
		return -1;
	a->run.places[a->run.nplaces++] = p;
	if (!global)
		return 0;
	return emit_call(a, p, f) == -1 ? -1 : emit_identity(a, one, p, f);
}

static int
retire_all(struct asked_aws *a, struct fault *f)
{
	for (size_t i = 0; i < a->naccounts; i++)
		if (strcmp(a->accounts[i].number, NOT_KNOWN) == 0)
			return 0;
	if (retire(a, "global", f) == -1)
		return -1;
	for (size_t k = 0; k < a->nregions; k++)
		if (retire(a, a->regions[k], f) == -1)
			return -1;
	return 0;
}

static int
add_places(struct asked_aws *a, struct fault *f)
{
	a->run.places = calloc(AWS_PLACES_MAX, sizeof(struct aws_place *));
	if (a->run.places == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < a->naccounts; i++) {
		const struct account *one = &a->accounts[i];

		if (add_place(a, one, a->regions[0], true, f) == -1)
			return -1;
		for (size_t k = 0; k < a->nregions; k++)
			if (add_place(a, one, a->regions[k], false, f) == -1)
				return -1;
	}
	return 0;
}

/* ---- what the store knows ---- */

static int
take_known(void *ctx, const char *text, struct fault *f)
{
	return json_object_set_new(ctx, text, json_true()) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
read_known(struct asked_aws *a, struct fault *f)
{
	const struct request *r = a->run.request;

	if ((a->run.known = json_object()) == NULL)
		return fault_memory(f);
	return r->known == NULL ? 0
				: r->known(r->known_ctx, "aws-known",
				      take_known, a->run.known, f);
}

/* ---- whole ---- */

static int
ask(struct asked_aws *a, struct fault *f)
{
	const char *profile = request_get(a->run.request, "aws-profile");

	a->session = aws_session_new(a->run.request, profile, f);
	if (a->session == NULL || find_regions(a, f) == -1 ||
	    check_services(a->run.request, f) == -1 ||
	    find_accounts(a, f) == -1)
		return -1;
	a->run.session = a->session;
	for (size_t i = 0; i < a->naccounts; i++)
		if (identify(a, &a->accounts[i], f) == -1)
			return -1;
	if (read_known(a, f) == -1 || add_places(a, f) == -1 ||
	    retire_all(a, f) == -1)
		return -1;
	return run_all(&a->run, f);
}

static void
asked_free(struct asked_aws *a)
{
	/* first what is under way, which points at the rest */
	if (a->session != NULL) {
		http_free(a->session->http);
		a->session->http = NULL;
	}
	for (size_t i = 0; i < a->run.nplaces; i++)
		place_free(a->run.places[i]);
	free(a->run.places);
	json_decref(a->run.known);
	for (size_t i = 0; i < a->naccounts; i++)
		if (a->accounts[i].who != a->base)
			credentials_free(a->accounts[i].who);
	free(a->accounts);
	credentials_free(a->base);
	free_list(a->regions);
	aws_session_free(a->session);
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	struct asked_aws a = { .run = { .request = r, .sink = sink } };
	int rc = ask(&a, f);

	asked_free(&a);
	return rc;
}

extern const struct collector aws_collector; /* in collector/table.c */

const struct collector aws_collector = {
	.name = "aws",
	.about = "AWS accounts: instances, images, EKS, IAM, encryption",
	.kinds = aws_kinds,
	.options = options,
	.collect = collect,
};
