/* Whose accounts are asked: that of the credentials, those of roles, and those
 * of the organization; and who each of them is. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/plan.h"
#include "collector/kit/project.h"

/* ---- one of them ---- */

static int
add_one(struct asked_aws *a, struct aws_credentials *who, struct fault *f)
{
	struct account *one = calloc(1, sizeof(*one));

	if (one != NULL && a->naccounts == a->accounts_cap) {
		size_t cap = a->accounts_cap > 0 ? 2 * a->accounts_cap : 16;
		struct account **more =
		    realloc(a->accounts, cap * sizeof(struct account *));

		if (more != NULL) {
			a->accounts = more;
			a->accounts_cap = cap;
		}
	}
	if (one == NULL || a->naccounts == a->accounts_cap) {
		free(one);
		if (who != a->base)
			credentials_free(who);
		return fault_memory(f);
	}
	one->who = who;
	a->accounts[a->naccounts++] = one;
	return 0;
}

/* With the account's own external id, or the one for all. */
static int
add_role(struct asked_aws *a, const char *arn, struct fault *f)
{
	const char *external = request_get(a->run.request, "external-id");
	struct aws_credentials *who;
	char number[16];
	const char *own;

	credentials_account_of(arn, number);
	own = json_string_value(json_object_get(a->external_ids, number));
	who = credentials_role(
	    a->session, a->base, arn, own != NULL ? own : external, f);
	return who == NULL ? -1 : add_one(a, who, f);
}

static bool
is_number(const char *s)
{
	return strlen(s) == 12 && strspn(s, "0123456789") == 12;
}

static int
add_number(struct asked_aws *a, const char *number, struct fault *f)
{
	const char *role = request_get(a->run.request, "role-name");
	char arn[700];

	if (!is_number(number))
		return fault(f, FAULT_USAGE,
		    "--accounts: '%.60s' is no account number of 12 digits",
		    number);
	(void)snprintf(arn, sizeof(arn), "arn:%s:iam::%s:role/%.512s",
	    aws_partition(a->regions[0]), number, role);
	return add_role(a, arn, f);
}

/* ---- all of them ---- */

static int
add_roles(struct asked_aws *a, const char *list, struct fault *f)
{
	char **arns = NULL;
	size_t n = 0;
	int rc = list_split(list, "role-arns", &arns, &n, f);

	if (rc == 0 && n == 0)
		rc = fault(f, FAULT_USAGE, "--role-arns: names no role");
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add_role(a, arns[i], f);
	list_free(arns);
	return rc;
}

/* What the options may be together. */
static int
check_options(const struct request *r, struct fault *f)
{
	bool organization = request_get(r, "organization") != NULL;
	bool role = request_get(r, "role-name") != NULL;
	bool accounts = request_get(r, "accounts") != NULL;

	if (organization && !role)
		return fault(f, FAULT_USAGE,
		    "--organization: which role do its accounts have? give "
		    "--role-name NAME");
	if (accounts && !role)
		return fault(f, FAULT_USAGE,
		    "--accounts: which role do they have? give --role-name "
		    "NAME");
	if (role && !organization && !accounts)
		return fault(f, FAULT_USAGE,
		    "--role-name: in which accounts? give --organization or "
		    "--accounts");
	if (request_get(r, "except-accounts") != NULL && !organization)
		return fault(f, FAULT_USAGE,
		    "--except-accounts: of which? it goes with --organization");
	if (request_get(r, "role-arns") != NULL && (organization || accounts))
		return fault(f, FAULT_USAGE,
		    "--role-arns names its accounts itself: give it without "
		    "--organization and --accounts");
	return 0;
}

static int
read_lists(struct asked_aws *a, struct fault *f)
{
	const struct request *r = a->run.request;
	const char *chosen = request_get(r, "accounts");
	const char *but = request_get(r, "except-accounts");
	const char *ids = request_get(r, "external-ids");
	size_t n = 0;

	if (chosen != NULL &&
	    list_split(chosen, "accounts", &a->chosen, &n, f) == -1)
		return -1;
	if (but != NULL &&
	    list_split(but, "except-accounts", &a->but, &n, f) == -1)
		return -1;
	for (char **p = a->but; p != NULL && *p != NULL; p++)
		if (!is_number(*p))
			return fault(f, FAULT_USAGE,
			    "--except-accounts: '%.60s' is no account number "
			    "of 12 digits",
			    *p);
	return ids != NULL &&
		       (a->external_ids = external_ids_read(ids, f)) == NULL
		   ? -1
		   : 0;
}

int
accounts_find(struct asked_aws *a, struct fault *f)
{
	const struct request *r = a->run.request;
	const char *roles = request_get(r, "role-arns");
	bool organization = request_get(r, "organization") != NULL;

	if (check_options(r, f) == -1 || read_lists(a, f) == -1)
		return -1;
	a->base =
	    credentials_find(a->session, request_get(r, "aws-profile"), f);
	if (a->base == NULL)
		return -1;
	if (roles != NULL)
		return add_roles(a, roles, f);
	if (organization || a->chosen == NULL)
		return add_one(a, a->base, f);
	for (char **p = a->chosen; *p != NULL; p++)
		if (add_number(a, *p, f) == -1)
			return -1;
	return a->naccounts > 0
		   ? 0
		   : fault(f, FAULT_USAGE, "--accounts: names no account");
}

static bool
is_chosen(const struct asked_aws *a, const char *number)
{
	return (a->chosen == NULL || list_has(a->chosen, number)) &&
	       !list_has(a->but, number);
}

/* Those of the organization that were chosen, and those that were chosen and
 * are not in it: such a one is asked, and refuses. In order of their numbers.
 */
int
accounts_add_members(struct asked_aws *a, struct fault *f)
{
	size_t n = json_object_size(a->members), k = 0;
	const char **numbers, *number;
	json_t *v;
	int rc = 0;

	for (char **p = a->chosen; p != NULL && *p != NULL; p++)
		n++;
	if ((numbers = calloc(n + 1, sizeof(*numbers))) == NULL)
		return fault_memory(f);
	json_object_foreach (a->members, number, v)
		if (is_chosen(a, number))
			numbers[k++] = number;
	for (char **p = a->chosen; p != NULL && *p != NULL; p++)
		if (json_object_get(a->members, *p) == NULL &&
		    !list_has(a->but, *p))
			numbers[k++] = *p;
	qsort(numbers, k, sizeof(*numbers), text_order);
	for (size_t i = 0; rc == 0 && i < k; i++)
		if (strcmp(numbers[i], a->accounts[0]->number) != 0 &&
		    (i == 0 || strcmp(numbers[i], numbers[i - 1]) != 0))
			rc = add_number(a, numbers[i], f);
	free(numbers);
	return rc;
}

/* ---- who they are ---- */

/* A person mends what was not sent, and keys that AWS does not accept; anything
 * else, and any account of several, is evidence. */
static bool
is_told_in_store(
    const struct asked_aws *a, const struct account *one, bool sent)
{
	const struct fault *why = &one->refused;

	if (why->kind == FAULT_USAGE || why->kind == FAULT_IO)
		return false;
	return one->who != a->base ||
	       (sent && (why->kind != FAULT_DENIED ||
			    credentials_account(one->who) != NULL));
}

/*
 * The account's number, or why it would not say: then all its scopes are
 * refused, under the number that the configuration gives or as an account that
 * is not known.
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
		    known != NULL ? known : ACCOUNT_NOT_KNOWN);
	} else {
		*f = one->refused;
	}
	json_decref(tree);
	return rc == 0 || one->number[0] != '\0' ? 0 : -1;
}

int
accounts_identify(struct asked_aws *a, size_t from, struct fault *f)
{
	const struct request *r = a->run.request;

	for (size_t i = from; i < a->naccounts; i++) {
		struct account *one = a->accounts[i];

		if (r->progress != NULL)
			r->progress(
			    r->progress_ctx, credentials_source(one->who));
		if (identify(a, one, f) == -1)
			return -1;
		if (one->who == a->base)
			one->directory = is_chosen(a, one->number)
					     ? AWS_DIRECTORY_TOO
					     : AWS_DIRECTORY_ALONE;
	}
	return 0;
}

void
accounts_free(struct asked_aws *a)
{
	for (size_t i = 0; i < a->naccounts; i++) {
		if (a->accounts[i]->who != a->base)
			credentials_free(a->accounts[i]->who);
		free(a->accounts[i]);
	}
	free(a->accounts);
	credentials_free(a->base);
	list_free(a->chosen);
	list_free(a->but);
	json_decref(a->external_ids);
}
