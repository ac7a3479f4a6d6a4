/*
 * What the AWS collector is asked for: accounts, regions, and the order in
 * which each account and region becomes a place (engine.h). See aws.c.
 */
#ifndef COLLECTOR_AWS_PLAN_H
#define COLLECTOR_AWS_PLAN_H

#include "collector/aws/calls.h"
#include "collector/aws/engine.h"

#define ACCOUNT_NOT_KNOWN                                                      \
	"unknown"	    /* the number of an account that would not say */
#define AWS_LIST_MAX 100000 /* names in one option, lines of a file */

struct account {
	struct aws_credentials *who; /* owned, unless they are the base's */
	char number[16];
	char arn[256];
	struct fault refused; /* it could not be asked who it is */
	enum aws_directory directory;
};

struct planned {
	const struct account *one; /* borrowed */
	char region[AWS_REGION_MAX];
	bool global;
};

struct asked_aws {
	struct aws_run run;
	struct aws_session *session;
	struct aws_credentials *base; /* owned */
	struct account **accounts;    /* owned, each too */
	size_t naccounts, accounts_cap;
	char **regions; /* owned; the first is where global services are */
	size_t nregions;
	bool all_regions;
	char **chosen, **but; /* --accounts, --except-accounts; owned */
	json_t *external_ids; /* by account; owned, NULL */
	struct planned *planned;
	size_t nplanned, planned_cap, at; /* at: the next to begin */
	json_t *members; /* accounts of the organization; owned, NULL */
	bool told;	 /* which they are was answered */
	json_t *covered; /* scopes that this run speaks of; owned */
};

/* option_lists.c */
/* "a,b" as texts that end with NULL; FAULT_USAGE: no such list. */
MUST_USE int list_split(const char *list, const char *option, char ***out,
    size_t *n, struct fault *f);
void list_free(char **list);
bool list_has(char *const *list, const char *name);
/* A file of lines "ACCOUNT EXTERNAL-ID" as an object by account. */
MUST_USE json_t *external_ids_read(const char *path, struct fault *f);

/* accounts.c */
/* Who is to be asked before anything is known of an organization. */
MUST_USE int accounts_find(struct asked_aws *a, struct fault *f);
/* The organization's accounts, of a->members. */
MUST_USE int accounts_add_members(struct asked_aws *a, struct fault *f);
/*
 * Ask each from the from'th on for its number. One that would not say is
 * refused. -1: nothing was sent, or AWS does not accept the keys of the only
 * account, and a person can mend it.
 */
MUST_USE int accounts_identify(
    struct asked_aws *a, size_t from, struct fault *f);
void accounts_free(struct asked_aws *a);

/* plan.c */
/* The scopes of the accounts from the from'th on are to be asked. */
MUST_USE int plan_accounts(struct asked_aws *a, size_t from, struct fault *f);
/* For aws_run: ctx is struct asked_aws. */
MUST_USE int plan_next(void *ctx, struct aws_place **p, struct fault *f);
MUST_USE int plan_over(void *ctx, struct aws_place *p, struct fault *f);
/* What the store knows of accounts that could not be listed: refused too. */
MUST_USE int plan_unlisted(struct asked_aws *a, struct fault *f);
/* Every account has a name now: what stood for it until then is gone. */
MUST_USE int plan_retire(struct asked_aws *a, struct fault *f);

#endif
