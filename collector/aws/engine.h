/*
 * The engine under the calls: an account and a region are a place; each call
 * there is an asking; each request on its way is a job. Jobs wait on a stack,
 * so that what one item leads to is asked before the next items, and memory
 * follows what is under way, not the account.
 */
#ifndef COLLECTOR_AWS_ENGINE_H
#define COLLECTOR_AWS_ENGINE_H

#include "collector/aws_client/answer.h"
#include "collector/aws_client/ask.h"
#include "collector/aws/aws_kinds.h"
#include "base/clock.h"

#define AWS_PLACES_LIVE 32 /* under way; the others wait */
#define AWS_SETS_MAX 32
#define AWS_IDS_MAX 100000 /* of one set in one region */

struct aws_run;

struct asking { /* one call in one place */
	const struct aws_call *call;
	struct aws_place *place;
	struct asking *parent; /* of call->each; NULL */
	size_t open;	       /* jobs that may still bring items */
	size_t unfinished;     /* items whose parts are under way */
	bool wanted, done;     /* it is asked at all; nothing more comes */
	bool begun;	       /* of a set: its jobs were made */
	bool took;	       /* an item came */
	bool cut;	       /* of a fold: pages were left */
	bool emptied;  /* it had things in the run before, and has none twice */
	char *answers; /* ... which requests said so; owned, NULL */
	json_t *batch; /* ids that wait for a full batch; owned */
	json_t *state; /* of a fold; owned */
	/* the worst that happened; OUTCOME_OBSERVED: nothing did */
	enum outcome worst;
	char *why;	 /* "AccessDenied"; owned */
	bool answered;	 /* at least once */
	char *host;	 /* the first that was asked; owned, NULL: none */
	bool fips;	 /* ... it is listed as a FIPS host */
	const char *by;	 /* see struct aws_endpoint */
	int64_t next_at; /* clock_ms(), of a call with a pace */
};

struct aws_set {
	const char *name; /* borrowed */
	json_t *ids;	  /* object: each is a member; owned */
};

/* Of the organization's accounts one is asked which there are. */
#define AWS_DIRECTORY_OPTION "organization"
enum aws_directory {
	AWS_DIRECTORY_NOT,  /* this one is not */
	AWS_DIRECTORY_TOO,  /* it is, and everything else */
	AWS_DIRECTORY_ALONE /* it is asked nothing else */
};

struct aws_place {
	struct aws_run *run;
	struct aws_credentials *who; /* borrowed */
	const char *account, *partition;
	char scope[128];
	char region[AWS_REGION_MAX]; /* of a global place: where to ask */
	bool global;
	enum aws_directory directory;
	struct emitter e;
	struct asking *v; /* owned; stays where it is */
	size_t n;
	struct aws_set sets[AWS_SETS_MAX];
	size_t nsets;
};

struct keyset {	     /* hashes of keys, open addressing; 0: free */
	uint64_t *v; /* owned */
	size_t n, cap;
};

struct job {
	struct job *next;
	struct asking *asking;
	struct aws_item *parent; /* held; NULL */
	json_t *ids;		 /* of a batch; owned, NULL */
	json_t *got;		 /* batch_keys that came; owned, NULL */
	json_t *part;		 /* of call->into; owned, NULL */
	size_t part_at;		 /* its length when the page began */
	unsigned taken;		 /* credentials_taken() it was signed with */
	json_t *tokens;		 /* seen; owned */
	char *token;		 /* of the page to ask; owned, NULL: first */
	int pages;
	int idle_pages;	 /* the last ones, without a thing that is new */
	int64_t began;	 /* clock_ms() of the first page */
	int64_t item_at; /* ... of the last whole thing, or the page's begin */
	struct keyset seen;  /* of things that came */
	bool fresh;	     /* the page under way brought a new thing */
	bool took;	     /* a thing came on any page */
	bool twice;	     /* the list is asked a second time */
	char first_id[80];   /* ... the request that brought none */
	struct fault broken; /* what in the answers breaks the contract */
	bool renewed, moved; /* credentials once, region once */
	json_t *keys;	     /* of things of the page under way, should it begin
				anew; owned, NULL */
	char request_id[80]; /* of the answer under way */
	struct aws_ask ask;
	struct aws_answer *answer;
	struct fault fatal; /* the sink failed */
	struct answer_sink sink;
	char region[AWS_REGION_MAX]; /* where it is asked */
};

struct aws_home { /* an account and a region that is asked in this run */
	char account[16], region[AWS_REGION_MAX];
};

struct aws_run {
	struct aws_session *session;
	const struct request *request;
	const struct sink *sink;
	struct aws_place *places[AWS_PLACES_LIVE]; /* owned */
	size_t nplaces;
	/* Another place to ask, taken over; *p NULL: there is none now. */
	int (*next)(void *ctx, struct aws_place **p, struct fault *f);
	/* One ended: what it found may lead to more of them. */
	int (*over)(void *ctx, struct aws_place *p, struct fault *f);
	void *ctx;
	struct aws_home *homes; /* owned */
	size_t nhomes, homes_cap;
	struct job *stack;	/* ready */
	struct job *parked;	/* next pages that wait for items to finish */
	size_t flying, waiting; /* jobs; items with parts under way */
	struct fault fatal;	/* of the sink or memory: the run ends */
	bool ended;		/* a job did since the places were settled */
	json_t *known;		/* "SCOPE KIND" that had things; owned, NULL */
};

/* asking.c */
void item_hold(struct aws_item *i);
void item_release(struct aws_item *i);
/* Put a job on the stack of its run. Takes ids. */
MUST_USE int job_push(
    struct asking *a, struct aws_item *parent, json_t *ids, struct fault *f);
void job_free(struct job *j);
/* The set of this name; NULL: there is none, or with make: no memory. */
struct aws_set *place_set(struct aws_place *p, const char *name, bool make);
/* A job of what waits for a batch: as many ids as one call takes. */
MUST_USE int asking_flush(struct asking *a, struct fault *f);
/* Note that something of the call could not be had. */
void asking_worse(struct asking *a, enum outcome outcome, const char *why);

/* job.c */
MUST_USE int job_start(struct job *j, struct fault *f);
/* "ec2:DescribeInstances https://host", for the provenance. */
#define AWS_SOURCE_MAX 640

/* keyset.c */
/* Note text. *is_new: it was not there. */
MUST_USE int keyset_add(
    struct keyset *k, const char *text, bool *is_new, struct fault *f);
void keyset_free(struct keyset *k);

/* item.c */
/* Does the store know things that rest on this call in its place? */
bool item_known(const struct asking *a);
/* One thing came; tree is borrowed. -1: the sink failed, or memory. */
MUST_USE int item_take(
    struct job *j, json_t *tree, const char *source, struct fault *f);
/* A part of parent came (v, taken; NULL: it could not be had, see why). */
MUST_USE int item_part(struct aws_item *parent, const struct aws_call *call,
    json_t *v, const char *why, struct fault *f);
/* The values of a fold are its items; then what there is about the whole. */
MUST_USE int item_fold_end(
    struct asking *a, const char *source, struct fault *f);
MUST_USE int item_absent(
    struct asking *a, const char *key, const char *source, struct fault *f);

/* place.c */
/* account is borrowed. */
MUST_USE struct aws_place *place_new(struct aws_run *r,
    struct aws_credentials *who, const char *account, const char *region,
    bool global, enum aws_directory directory, struct fault *f);
void place_free(struct aws_place *p);
/* Ask what needs nothing else. */
MUST_USE int place_begin(struct aws_place *p, struct fault *f);
/* What is done now, and what that lets begin. *more: something began. */
MUST_USE int place_settle(struct aws_place *p, bool *more, struct fault *f);
/* Nothing is asked any more. */
bool place_over(const struct aws_place *p);
/* Gaps, aws.call and the coverage statement. */
MUST_USE int place_end(struct aws_place *p, struct fault *f);
/* The columns of aws.call that do not depend on how it went. */
void aws_call_attrs(struct attrs *a, const struct aws_call *c, const char *host,
    bool fips, const char *by);

/* input.c */
/* The inputs of a call for this parent, these ids, this page. *missing: a
 * value they need is not there. New reference or NULL with a fault. */
MUST_USE json_t *input_make(
    const struct job *j, bool *missing, struct fault *f);
/* The key of an item; FAULT_FORMAT: it has none. */
MUST_USE int input_key(const struct aws_call *c, const struct aws_item *i,
    struct buf *key, struct fault *f);

/* sweep.c */
/* Ask every place that next() gives, some at a time. */
MUST_USE int run_all(struct aws_run *r, struct fault *f);
void aws_run_free(struct aws_run *r);

#endif
