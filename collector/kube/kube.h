/*
 * The parts of the Kubernetes collector: the API as a function, so that lists
 * are read from a server or, in tests, from files; and what the lists share.
 */
#ifndef COLLECTOR_KUBE_KUBE_H
#define COLLECTOR_KUBE_KUBE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "collector/kube/cluster_access.h"
#include "collector/kube/agents.h"
#include "collector/kit/collector.h"
#include "collector/kube/items.h"
#include "collector/kit/project.h"
#include "collector/kube/resources.h"

#define PAGE_OBJECTS 500    /* asked of one page */
#define PAGES_MAX 2000	    /* of one list: a million objects */
#define EMPTY_PAGES_MAX 32  /* in a row, with a continue token each */
#define LIST_RESTARTS_MAX 3 /* of a list that expired (410) */
#define AT_ONCE 4	  /* requests in flight; the server has other clients */
#define API_TEXT_MAX 8192 /* bytes kept of an answer that is no list */
#define API_PATH_MAX (CONTINUE_MAX * 3 + 512)

/* One GET. The path begins with / and may have a query. */
struct api_get {
	const char *path, *accept;
	/* The body of a 200 in pieces; -1 ends the call with that fault. */
	int (*data)(void *ctx, const char *p, size_t len, struct fault *);
	/* The body begins anew: forget the pieces so far. */
	void (*restart)(void *ctx);
	void *ctx;
	const atomic_bool *stop; /* true: end soon, with a fault; or NULL */
};

struct api_answer {
	long status;
	char type[128];	 /* Content-Type, "" if none */
	struct buf text; /* the body unless status is 200, cut */
};

struct api {
	/* -1: no answer came (FAULT_REMOTE), or data() failed. */
	int (*get)(void *self, const struct api_get *, struct api_answer *,
	    struct fault *);
	void *self;
	/* One more that asks the same server as the same user, for another
	 * thread; self must outlive it. NULL: there is only this one. */
	int (*another)(void *self, struct api *, struct fault *);
	void (*close)(void *self); /* of one that another() made */
};

/*
 * Observations of one list, kept until the list is whole, so that a list that
 * expires or breaks off leaves no mixture: in memory, and what is too much for
 * that in a file without a name.
 */
struct spool {
	FILE *file;	   /* owned; NULL until memory is full */
	long written;	   /* bytes of the file */
	struct buf memory; /* what comes behind them */
	struct sink sink;  /* puts into it */
};

/* Pods as they run; see pods.c. Names are texts of what is judged of a pod. */
struct pods {
	json_t *templates; /* owned; what controllers ask for */
	json_t *running;   /* owned; what pods of controllers are */
};

struct kube {
	const struct request *r;
	struct api api;
	struct emitter e;
	struct spool spool;
	const struct sink *out; /* where whole lists go */
	json_t *images;		/* owned; see project_workload.c */
	struct pods pods;
	struct agents agents;
	const atomic_bool *stop; /* of api_get */
	const json_t *known;	 /* "SCOPE KIND" and "SCOPE KIND OBJECT" that
				    the store had; borrowed; NULL: nothing */
};

void spool_init(struct spool *s);
void spool_free(struct spool *s);
/* How much is there; spool_rewind() forgets what was put since. FAULT_IO. */
long spool_mark(const struct spool *s);
MUST_USE int spool_rewind(struct spool *s, long mark, struct fault *f);
/* Put all of it into out, in order, and be empty. */
MUST_USE int spool_flush(
    struct spool *s, const struct sink *out, struct fault *f);

/*
 * Ask one list (or object) and leave in k's spool, which is empty, what it
 * holds: whole, or not at all with a gap of its kind. Always leaves a
 * kube.list observation. -1: the spool or memory failed.
 */
MUST_USE int list_collect(
    struct kube *k, const struct resource *r, struct fault *f);

/*
 * list_collect() every list that is asked, AT_ONCE at a time if the api
 * can, and put them into k->out in the order of resources.c. -1: the sink, a
 * spool or memory failed; no thread is left then either.
 */
MUST_USE int lists_collect(struct kube *k, struct fault *f);

/* The images noted while pods were listed. */
MUST_USE int images_emit(struct kube *k, struct fault *f);

/* FAULT_IO: out of memory. */
MUST_USE int pods_init(struct pods *p, struct fault *f);
void pods_free(struct pods *p);
MUST_USE int pods_add(struct pods *p, const struct pods *more, struct fault *f);

/* For pod_also(): a pod that a controller made. */
MUST_USE int pods_note(struct kube *k, const json_t *pod, struct fault *f);

/* What runs otherwise than any controller in its namespace asks for. */
MUST_USE int pods_emit(struct kube *k, struct fault *f);

/* With --configz: how each node's kubelet is configured. */
MUST_USE int kubelets_collect(struct kube *k, struct fault *f);

/* Percent-encode for a path or a query (RFC 3986). */
void query_encode(const char *s, struct buf *out);

/* What a status other than 200 is as evidence. */
enum outcome answer_status(long status);

/*
 * What an answer other than 200 is as evidence; reason names the path's
 * resource and what the server said, and is the same from run to run.
 */
enum outcome answer_outcome(
    const struct api_answer *a, const char *what, char reason[FAULT_TEXT_MAX]);

/* Everything but the transport: lists, images, coverage of e's scope. */
MUST_USE int kube_collect_all(
    struct kube *k, const char *name, struct fault *f);

#endif
