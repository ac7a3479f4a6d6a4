/*
 * A Kubernetes list, read as its bytes come: each element of the top object's
 * "items" is handed on alone, so that memory grows neither with the page nor
 * with the cluster. What stands around the items (kind, metadata.continue) is
 * kept and read at the end. Elements need not be whole in one piece.
 */
#ifndef COLLECTOR_KUBE_ITEMS_H
#define COLLECTOR_KUBE_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "collector/kube/prune.h"
#include "collector/kube/skip.h"

#define ITEM_MAX ((size_t)4 * 1024 * 1024) /* etcd's own limit is 1.5 MiB */
#define ITEMS_AROUND_MAX ((size_t)64 * 1024)
#define CONTINUE_MAX 8192 /* bytes of a continue token */
#define VERSION_MAX 64	  /* bytes of a resourceVersion */

/* One element, a JSON object by its braces; all borrowed. */
struct item {
	const char *p;
	size_t len;
	const struct buf *kept; /* what is left of it: prune.h */
};

struct items {
	int (*item)(void *ctx, const struct item *, struct fault *);
	void *ctx;		 /* borrowed */
	const struct keep *keep; /* borrowed */
	const char *what;	 /* names the list in faults; borrowed */
	/* the rest is the scanner's */
	enum items_state {
		ITEMS_START,
		ITEMS_AROUND,  /* in the top object, outside the items */
		ITEMS_BETWEEN, /* in the array, before an element or its end */
		ITEMS_COMMA,   /* in the array, after an element */
		ITEMS_ELEMENT,
		ITEMS_END /* after the top object */
	} state;
	int depth;	     /* of the top object */
	bool string, escape; /* inside a string; after a backslash */
	bool named;	     /* the last string of the top object is "items" */
	bool colon;	     /* ... and a colon followed it */
	bool seen;	     /* "items" was there */
	size_t from;	     /* where in around the current string began */
	struct buf around;
	struct skip skip;   /* in the element, as far as it came */
	struct buf element; /* ... which is this; empty: not begun */
	struct buf kept;
	size_t usual;		   /* bytes of the element before */
	char version[VERSION_MAX]; /* metadata.resourceVersion of the page, cut;
				      "": it names none */
};

void items_init(struct items *s,
    int (*item)(void *ctx, const struct item *, struct fault *), void *ctx,
    const struct keep *keep, const char *what);
void items_free(struct items *s);

/* Forget what came: the page begins anew. */
void items_reset(struct items *s);

/* -1 with FAULT_FORMAT or FAULT_LIMIT, or what item() said. */
MUST_USE int items_feed(
    struct items *s, const char *p, size_t len, struct fault *f);

/*
 * The page ended. token gets metadata.continue, "" after the last page; kind
 * (may be NULL) must be what the list calls itself: "NodeList".
 */
MUST_USE int items_end(struct items *s, const char *kind,
    char token[CONTINUE_MAX], struct fault *f);

#endif
