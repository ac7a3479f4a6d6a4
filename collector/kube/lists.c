/*
 * Several lists at once, because most of the time a list takes is the API
 * server's. Each is collected by itself, with its own connection, pen, notes
 * and spool; what it leaves is taken over in the order of resources.c, so that
 * a cluster gives the same lines however its answers come in.
 *
 * The thread that wants the lists works as well: without another connection or
 * thread all of it is done there, one after another.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "kube.h"
#include "kube_kinds.h"

struct list { /* one of them; only who took it touches it until it is done */
	const struct resource *r;
	struct kube k; /* its own but for request and scope */
	enum { LIST_WAITS, LIST_TAKEN, LIST_DONE } state;
	int rc;
	struct fault f;
};

struct lists {
	pthread_mutex_t lock;	/* of what follows, and each list's state */
	pthread_cond_t changed; /* a list is done */
	struct list *list;	/* owned */
	size_t n, next;		/* the first nobody took */
	atomic_bool stop;	/* nothing more is wanted */
};

struct worker {
	struct lists *l;
	struct api api;
	pthread_t thread;
};

/* ---- one list ---- */

static int
list_init(struct list *list, const struct kube *k, const struct resource *r,
    const atomic_bool *stop, struct fault *f)
{
	struct kube *own = &list->k;

	*list = (struct list){ .r = r };
	own->r = k->r;
	own->stop = stop;
	spool_init(&own->spool);
	if ((own->images = json_object()) == NULL)
		return fault_memory(f);
	if (agents_init(&own->agents, f) == -1)
		return -1;
	return emitter_init(&own->e, &own->spool.sink, k->e.kinds,
	    k->e.collector, k->e.scope, f);
}

static void
list_free(struct list *list)
{
	emitter_free(&list->k.e);
	agents_free(&list->k.agents);
	json_decref(list->k.images);
	list->k.images = NULL;
	spool_free(&list->k.spool);
}

/* What it found goes where everything of the cluster goes. */
static int
take_over(struct kube *k, struct list *list, struct fault *f)
{
	if (list->rc == -1) {
		*f = list->f;
		return -1;
	}
	k->e.calls += list->k.e.calls;
	k->e.denied += list->k.e.denied;
	k->e.subjects += list->k.e.subjects;
	if (json_array_extend(k->e.gaps, list->k.e.gaps) == -1 ||
	    json_object_update(k->images, list->k.images) == -1)
		return fault_memory(f);
	if (agents_add(&k->agents, &list->k.agents, f) == -1 ||
	    spool_flush(&list->k.spool, k->out, f) == -1)
		return -1;
	list_free(list); /* its file may be large */
	return 0;
}

/* ---- who does which ---- */

/* With l locked: take the next list and do it. False: there is none. */
static bool
do_next(struct lists *l, const struct api *api)
{
	struct list *list;

	if (l->next == l->n || atomic_load(&l->stop))
		return false;
	list = &l->list[l->next++];
	list->state = LIST_TAKEN;
	(void)pthread_mutex_unlock(&l->lock);
	list->k.api = *api;
	list->rc = list_collect(&list->k, list->r, &list->f);
	(void)pthread_mutex_lock(&l->lock);
	list->state = LIST_DONE;
	(void)pthread_cond_broadcast(&l->changed);
	return true;
}

static void *
work(void *ctx)
{
	struct worker *w = ctx;

	(void)pthread_mutex_lock(&w->l->lock);
	while (do_next(w->l, &w->api))
		;
	(void)pthread_mutex_unlock(&w->l->lock);
	w->api.close(w->api.self); /* an idle connection helps nobody */
	return NULL;
}

/* Help until this one is done. */
static void
await(struct lists *l, const struct api *api, const struct list *list)
{
	(void)pthread_mutex_lock(&l->lock);
	while (list->state != LIST_DONE)
		if (!do_next(l, api))
			(void)pthread_cond_wait(&l->changed, &l->lock);
	(void)pthread_mutex_unlock(&l->lock);
}

/* How many there are: one without which it goes on all the same. */
static size_t
workers_start(struct worker *w, size_t max, struct lists *l, struct kube *k)
{
	struct fault none;
	size_t n = 0;

	for (; n < max && k->api.another != NULL; n++) {
		w[n].l = l;
		if (k->api.another(k->api.self, &w[n].api, &none) == -1)
			break;
		if (pthread_create(&w[n].thread, NULL, work, &w[n]) != 0) {
			w[n].api.close(w[n].api.self);
			break;
		}
	}
	return n;
}

static void
workers_end(struct worker *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)pthread_join(w[i].thread, NULL);
}

/* ---- all of them ---- */

static int
gather(struct lists *l, struct kube *k, struct fault *f)
{
	for (size_t i = 0; i < l->n; i++) {
		struct list *list = &l->list[i];

		if (k->r->progress != NULL)
			k->r->progress(k->r->progress_ctx, list->r->name);
		await(l, &k->api, list);
		if (take_over(k, list, f) == -1)
			return -1;
	}
	return 0;
}

static size_t
count(void)
{
	size_t n = 0;

	while (kube_resources[n].kind != NULL)
		n++;
	return n;
}

static int
begin(struct lists *l, struct kube *k, struct fault *f)
{
	for (const struct resource *r = kube_resources; r->kind != NULL; r++) {
		bool asked =
		    r->option == NULL || request_get(k->r, r->option) != NULL;

		if (!asked && emit_gap(&k->e, r->kind, OUTCOME_ABSENT,
				  "not asked", f) == -1)
			return -1;
		if (asked &&
		    list_init(&l->list[l->n++], k, r, &l->stop, f) == -1)
			return -1;
	}
	return 0;
}

int
lists_collect(struct kube *k, struct fault *f)
{
	struct worker w[LISTS_AT_ONCE - 1];
	struct lists l = { .lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER };
	size_t n;
	int rc;

	l.list = calloc(count(), sizeof(*l.list));
	if (l.list == NULL)
		return fault_memory(f);
	if ((rc = begin(&l, k, f)) == 0) {
		n = workers_start(w, LISTS_AT_ONCE - 1, &l, k);
		rc = gather(&l, k, f);
		atomic_store(&l.stop, true);
		workers_end(w, n);
	}
	for (size_t i = 0; i < l.n; i++)
		list_free(&l.list[i]);
	free(l.list);
	(void)pthread_cond_destroy(&l.changed);
	(void)pthread_mutex_destroy(&l.lock);
	return rc;
}
