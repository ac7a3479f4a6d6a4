/*
 * What is asked of AWS, as data. A call says which operation, with what
 * input, where the things are in its answer and what they become; the engine
 * (run.c) signs, pages, backs off, converts and emits. From the calls come
 * the requests, aws.call, docs and deploy/aws/iam-policy.json.
 *
 * One answer, one tree. XML becomes JSON once (xml.h): an element is a
 * member, text a string; an element whose children are all <member> or <item>
 * is a list, and so is every name that stands before "[]" in the call's items,
 * gathers, lists or the kind's columns, whatever its children are called. A
 * name in flat is a list by repetition: each such element is one of it.
 *
 * The contract. Absence is only concluded from an answer that could have said
 * otherwise, so each call declares what its answer must hold; what breaks it
 * is an error of that call, and all that rests on it is unknown. Always: the
 * root element and its namespace, <OpResult> of a query, or one object of
 * JSON; every list on the way to the items, if need be empty; entries of the
 * name that XML gives them; a token that is text; columns of their type. By
 * the call: root, entry, answer and must, after AWS's service models.
 */
#ifndef COLLECTOR_AWS_CLIENT_AWS_CALL_H
#define COLLECTOR_AWS_CLIENT_AWS_CALL_H

#include <stdbool.h>

#include "base/json.h"
#include "base/observation.h"
#include "collector/kit/project.h"

#define AWS_PAGES_MAX 5000	  /* of one call */
#define AWS_ITEMS_WAITING_MAX 500 /* parents whose parts are under way */
#define AWS_BATCH_MAX 200
#define AWS_INPUTS_MAX 24
#define AWS_LEVELS_MAX 8	/* parents of parents */
#define AWS_IDLE_PAGES_MAX 10	/* in a row, without a thing that is new */
#define AWS_ITEM_TIME_MS 60000	/* without a whole thing of an answer */
#define AWS_CALL_TIME_MS 900000 /* of all pages of a call */

enum aws_protocol {
	AWS_QUERY,     /* form in, XML out: <OpResponse><OpResult> */
	AWS_EC2,       /* form in, XML out */
	AWS_JSON,      /* POST / with X-Amz-Target */
	AWS_REST_JSON, /* method and path; JSON */
	AWS_REST_XML   /* method and path; XML (S3) */
};

struct aws_service {
	const char *name;    /* in catalogs/aws-endpoints.tsv and --services */
	const char *signing; /* in the signature's scope; NULL: name */
	const char *iam;     /* prefix of actions; NULL: signing, else name */
	enum aws_protocol protocol;
	const char *version; /* QUERY, EC2: "2016-11-15"; JSON: "1.1" */
	const char *target;  /* JSON: "AmazonSSM" */
	const char *xmlns;   /* XML: of the answer's root element */
	bool global;	     /* one host and one scope for the account */
};

/* A thing that came: of a call's list, with what it was asked for. */
struct aws_item {
	const struct aws_call *call;
	json_t *tree;		 /* borrowed by hooks; may be a string */
	struct aws_item *parent; /* whose values it was asked with, or NULL */
	const char *account, *region, *partition;
	/* The rest is the engine's. */
	struct aws_place *place;
	json_t *unread; /* parts that could not be had, and why */
	unsigned held;	/* by jobs and items that point here */
	unsigned parts; /* under way */
	char *source;	/* for the provenance */
};

/*
 * One input. name is, by protocol: QUERY, EC2: the form's name, "Filter.1.Name"
 * ("ImageId.#": the batch, numbered); JSON: the member, "a.b" within another,
 * "names[]": the batch as a list; REST: what stands in {} in the path, else a
 * parameter of the query, and for POST and PUT a member of the body.
 */
struct aws_input {
	const char *name; /* NULL ends the table */
	/* Where the value comes from: a path in the parent's item (".id"), "."
	 * the item itself (a name), "^" before it for each parent further up
	 * ("^.clusterName", "^."), or "@account", "@region", "@partition".
	 * NULL: value. With nothing there the call is not made for the item. */
	const char *from;
	/* A constant: text; for JSON bodies JSON text: "100", "\"ALL\"". */
	const char *value;
};

struct aws_pager {
	const char *next;  /* path in the answer: ".nextToken" */
	const char *token; /* input it is sent back as; NULL: there are no
			      pages */
	const char *limit; /* input for how many at most; NULL */
	int size;	   /* of a page */
	const char *more;  /* path of a flag (IsTruncated) that must be true
			      for there to be a next page; NULL: next tells */
	int pages;	   /* at most; 0: AWS_PAGES_MAX */
};

/* Ids of an item that other calls are driven by: each once. */
struct aws_gather {
	const char *set;  /* "image"; NULL ends the table */
	const char *path; /* in the item: ".imageId" or a list's "[]" */
};

struct aws_call {
	/* What its items become; NULL: they only feed other calls. */
	const struct kind *kind;
	const struct aws_service *service;
	const char *operation;
	const char *action; /* IAM; NULL: prefix:operation */
	const char *method; /* REST; NULL: GET */
	const char *path;   /* REST: "/clusters/{name}", "/{Name}?acl" */
	const struct aws_input *input; /* NULL: none */
	const char *items; /* ".reservationSet[].instancesSet[]", a list's
			      path; NULL: the answer itself is the item */
	const char *lists; /* more names of lists in XML, blanks between */
	const char *flat;  /* names of lists by repetition in XML */
	/* XML: the root element; NULL: OPERATIONResponse, of REST any. */
	const char *root;
	/* XML: elements of the items' list; NULL: "item" of EC2, "member" of
	 * a query, any of REST. */
	const char *entry;
	/* What each item must hold (shape.h), and what stands around them. */
	const char *must, *answer;
	/* Of each: the item says who it is at echo, and that must be what was
	 * asked for, asked in each's item ("." the item itself): an answer
	 * about another would make the one asked for vanish. NULL: not held. */
	const char *echo, *asked;
	/* An answer without items leaves their list out (SQS): it is then an
	 * object without a member. Where the store had things of the kind, that
	 * does not show that they are gone, and is an error. */
	bool omits;
	struct aws_pager pager;
	/* Paths in the item that make its key, blanks between: joined by "/".
	 * As aws_input.from: "^.name .nodegroupName". A word that is no path
	 * stands for itself. */
	const char *key;
	/* Asked once for each item of this call ... */
	const struct aws_call *each;
	/* ... or once for each id of this set, when all calls that gather it
	 * in the region are done; "." is the id. */
	const char *set;
	/* 0 or 1: one at a time. Else up to that many ids (of the set, or of
	 * each: input of "#" or "[]") in one request; items then find no
	 * parent but ids that brought no item are told to missing. */
	int batch;
	const char *batch_key; /* path in an item of the id that asked it */
	/* With batch or set: an id that was asked and is not there becomes an
	 * absent observation of kind under this key. */
	bool missing;
	/* ... if a list of the answer names it: a path with "[]"; NULL: if the
	 * items lack it. */
	const char *gone;
	/* This answer is a part of each's item: it goes there under this
	 * name, before that item is projected. */
	const char *into;
	/* Error codes, blanks between, that mean there is none: the part is
	 * null, a list is empty. */
	const char *absent;
	/* Why it matters when lists that were read whole brought nothing: then
	 * an absent observation of kind stands under the key "none". */
	const char *none;
	const struct aws_gather *gathers;
	/* Which region's host answers for the item of each (S3): a path as
	 * of an input; NULL: the place's. */
	const char *region;
	/* Asked with this option of the collector alone, "NAME" or
	 * "NAME=VALUE", and then whatever the services; NULL: always. */
	const char *option;
	/* Of a regional service, and yet asked once for an account, in the
	 * region where its global services are asked. */
	bool once;
	int pace_ms; /* between requests of this call; 0: none */
	bool (*wanted)(const struct aws_item *); /* NULL: every item */
	/* Change the flat input object before it is sent. now: UTC text. */
	void (*prepare)(const struct aws_item *parent, const char *now,
	    json_t *input, struct attrs *a);
	/* Columns that are not just a path. Runs after those that are. */
	void (*fill)(const struct aws_item *, struct attrs *);
	/* Instead of items: each is folded into state, an object by key, whose
	 * values are the items after the last page. */
	void (*fold)(const struct aws_item *, json_t *state, struct attrs *);
	/* About all that was folded, one observation of this kind under the
	 * operation's name; state's member "" is tell's alone. With it more
	 * pages than the pager's are no failure: they are cut. */
	const struct kind *whole;
	void (*tell)(
	    const json_t *state, bool cut, const char *now, struct attrs *);
};

/* For hooks that gather what a path cannot say. */
int aws_gather_id(const struct aws_item *, const char *set, const char *id);

/* The value an input's from names, seen from item; borrowed or NULL. */
const json_t *aws_item_value(const struct aws_item *item, const char *from);

/*
 * Does what belongs to this account and region get told by the item's place?
 * It is told once in a run: where it is at home, and if that was not requested,
 * in the first region of the item's own account. region NULL: the item's.
 */
bool aws_item_at_home(
    const struct aws_item *item, const char *account, const char *region);

/* Tables of calls: each ends with NULL, and so does the table of them. */
extern const struct aws_call *const *const aws_calls[];

/* "ec2:DescribeInstances": what IAM calls it. */
#define AWS_ACTION_MAX 128
void aws_call_action(const struct aws_call *c, char out[AWS_ACTION_MAX]);

#endif
