/* The AWS collector: accounts and regions, each a scope of its own. */
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "collector/aws/plan.h"

static const struct collector_option options[] = {
	{ "aws-profile", "NAME", "AWS profile (AWS_PROFILE, or default)" },
	{ "regions", "all|REGION,...",
	    "regions to ask (the profile's); all: those enabled in each "
	    "account" },
	{ "role-arns", "ARN,...", "roles to take, one an account" },
	{ "organization", NULL,
	    "every account of the organization, by --role-name" },
	{ "role-name", "NAME", "role to take in each account" },
	{ "accounts", "NUMBER,...", "these accounts alone" },
	{ "except-accounts", "NUMBER,...", "not these of the organization" },
	{ "external-id", "TEXT", "external id the roles ask for" },
	{ "external-ids", "FILE",
	    "external ids: lines of an account number and its id" },
	{ "services", "NAME,...", "ask these services alone: ec2,eks" },
	{ "endpoint-url", "URL", "ask this host for everything" },
	{ "ca-file", "FILE", "AWS: authorities, instead of the system's" },
	{ NULL, NULL, NULL },
};

/* ---- regions ---- */

#define REGIONS "catalogs/aws-regions.tsv"

static const char *
regions_text(const struct request *r)
{
	for (const struct text *t = r->texts; t != NULL && t->path != NULL; t++)
		if (strcmp(t->path, REGIONS) == 0)
			return t->p;
	return "";
}

/* The second word of each row: partition, region. */
static bool
is_listed(const char *table, const char *name, struct near *near)
{
	for (const char *p = strchr(table, '\n'); p != NULL;
	     p = strchr(p + 1, '\n')) {
		const char *region = p + 1 + strcspn(p + 1, "\t\n");
		size_t len;

		if (*region != '\t' || p[1] == '#')
			continue;
		len = strcspn(++region, "\t\n");
		if (len == strlen(name) && strncmp(region, name, len) == 0)
			return true;
		near_offer(near, (struct span){ region, len });
	}
	return false;
}

/* A name that is mistyped is told before anything is asked. */
static int
check_region(const struct request *r, const char *name, struct fault *f)
{
	struct near near = near_to(name);

	if (!aws_is_region(name))
		return fault(f, FAULT_USAGE,
		    "--regions: '%.60s' is no name of a region", name);
	if (is_listed(regions_text(r), name, &near) ||
	    request_get(r, "endpoint-url") != NULL)
		return 0;
	return fault(f, FAULT_USAGE,
	    "--regions: there is no region '%.60s' in the table of this "
	    "version%s%s%s; 'all' asks for those that AWS lists",
	    name, near.best[0] != '\0' ? "; did you mean " : "", near.best,
	    near.best[0] != '\0' ? "?" : "");
}

static int
find_regions(struct asked_aws *a, struct fault *f)
{
	const struct request *r = a->run.request;
	const char *list = request_get(r, "regions");

	a->all_regions = list != NULL && strcmp(list, "all") == 0;
	if (list == NULL || a->all_regions)
		list = aws_session_region(a->session);
	if (a->all_regions && (list == NULL || list[0] == '\0'))
		list = "us-east-1";
	if (list == NULL || list[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "aws: which region? give --regions us-east-1,us-west-2, "
		    "or set AWS_REGION");
	if (list_split(list, "regions", &a->regions, &a->nregions, f) == -1)
		return -1;
	for (size_t i = 0; i < a->nregions; i++)
		if (check_region(r, a->regions[i], f) == -1)
			return -1;
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
		rc = list_split(list, "services", &names, &n, f);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (!is_service(names[i]))
			rc = fault(f, FAULT_USAGE,
			    "--services: nothing is asked of '%.60s'; the "
			    "names are those of the column service of "
			    "aws.call, as ec2 or elasticloadbalancing",
			    names[i]);
	list_free(names);
	return rc;
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

/* Who they are, and then all of theirs. */
static int
ask_from(struct asked_aws *a, size_t from, struct fault *f)
{
	if (accounts_identify(a, from, f) == -1 ||
	    plan_accounts(a, from, f) == -1)
		return -1;
	return run_all(&a->run, f);
}

static int
ask(struct asked_aws *a, struct fault *f)
{
	const struct request *r = a->run.request;
	size_t first;

	a->session = aws_session_new(r, request_get(r, "aws-profile"), f);
	if (a->session == NULL || find_regions(a, f) == -1 ||
	    check_services(r, f) == -1 || accounts_find(a, f) == -1)
		return -1;
	a->run.session = a->session;
	a->run.next = plan_next;
	a->run.over = plan_over;
	a->run.ctx = a;
	if ((a->covered = json_object()) == NULL)
		return fault_memory(f);
	if (read_known(a, f) == -1 || ask_from(a, 0, f) == -1)
		return -1;
	first = a->naccounts;
	if (request_get(r, "organization") != NULL &&
	    (accounts_add_members(a, f) == -1 || ask_from(a, first, f) == -1))
		return -1;
	return plan_unlisted(a, f) == -1 ? -1 : plan_retire(a, f);
}

static void
asked_free(struct asked_aws *a)
{
	/* first what is under way, which points at the rest */
	if (a->session != NULL) {
		http_free(a->session->http);
		a->session->http = NULL;
	}
	aws_run_free(&a->run);
	accounts_free(a);
	free(a->planned);
	json_decref(a->members);
	json_decref(a->covered);
	list_free(a->regions);
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
