/*
 * All lists of a cluster. Each is collected by itself, with its own pen, notes
 * and spool; what it leaves is taken over in the order of resources.c, so that
 * a cluster gives the same lines however its answers come in.
 */
#include <stdlib.h>

#include "collector/kube/crew.h"
#include "collector/kube/kube_kinds.h"

struct list { /* one of them; only who works on it touches it until then */
	const struct resource *r;
	struct kube k; /* its own but for request and scope */
	int rc;
	struct fault f;
};

struct lists {
	struct kube *k;	   /* where all of it goes */
	struct list *list; /* owned */
	struct crew crew;
};

static int
list_init(struct list *list, const struct kube *k, const struct resource *r,
    const atomic_bool *stop, struct fault *f)
{
	struct kube *own = &list->k;

	*list = (struct list){ .r = r };
	own->r = k->r;
	own->known = k->known;
	own->stop = stop;
	spool_init(&own->spool);
	if ((own->images = json_object()) == NULL)
		return fault_memory(f);
	if (agents_init(&own->agents, f) == -1 ||
	    pods_init(&own->pods, f) == -1)
		return -1;
	return emitter_init(&own->e, &own->spool.sink, k->e.kinds,
	    k->e.collector, k->e.scope, f);
}

static void
list_free(struct list *list)
{
	emitter_free(&list->k.e);
	agents_free(&list->k.agents);
	pods_free(&list->k.pods);
	json_decref(list->k.images);
	list->k.images = NULL;
	spool_free(&list->k.spool);
}

static void
collect_one(void *ctx, size_t i, const struct api *api)
{
	struct lists *l = ctx;
	struct list *list = &l->list[i];

	list->k.api = *api;
	list->rc = list_collect(&list->k, list->r, &list->f);
}

static void
show_progress(void *ctx, size_t i)
{
	const struct lists *l = ctx;
	const struct request *r = l->k->r;

	if (r->progress != NULL)
		r->progress(r->progress_ctx, l->list[i].r->name);
}

/* What it found goes where everything of the cluster goes. */
static int
take_over(void *ctx, size_t i, struct fault *f)
{
	struct lists *l = ctx;
	struct kube *k = l->k;
	struct list *list = &l->list[i];

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
	    pods_add(&k->pods, &list->k.pods, f) == -1 ||
	    spool_flush(&list->k.spool, k->out, f) == -1)
		return -1;
	list_free(list); /* its file may be large */
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

/* Those that are asked become jobs. */
static int
prepare(struct lists *l, struct fault *f)
{
	struct kube *k = l->k;

	for (const struct resource *r = kube_resources; r->kind != NULL; r++) {
		bool asked =
		    r->option == NULL || request_get(k->r, r->option) != NULL;

		if (!asked && emit_gap(&k->e, r->kind, OUTCOME_ABSENT,
				  "not asked", f) == -1)
			return -1;
		if (asked && list_init(&l->list[l->crew.jobs++], k, r,
				 &l->crew.stop, f) == -1)
			return -1;
	}
	l->crew.ahead = l->crew.jobs;
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

/* Asked here and now: the lists are read by several threads. */
static int
read_known(const struct request *r, json_t *known, struct fault *f)
{
	if (known == NULL)
		return fault_memory(f);
	return r->known == NULL
		   ? 0
		   : r->known(r->known_ctx, "kube-known", take_known, known, f);
}

int
lists_collect(struct kube *k, struct fault *f)
{
	json_auto_t *known = json_object();
	struct lists l = { .k = k,
		.crew = { .work = collect_one,
		    .await = show_progress,
		    .use = take_over,
		    .ctx = &l } };
	int rc;

	if ((l.list = calloc(count(), sizeof(*l.list))) == NULL)
		return fault_memory(f);
	k->known = known;
	rc = read_known(k->r, known, f);
	if (rc == 0)
		rc = prepare(&l, f);
	if (rc == 0)
		rc = crew_run(&l.crew, &k->api, f);
	for (size_t i = 0; i < l.crew.jobs; i++)
		list_free(&l.list[i]);
	free(l.list);
	k->known = NULL;
	return rc;
}
