/* See crew.h. */
#include "collector/kube/crew.h"

#include <pthread.h>
#include <stdlib.h>

struct shared {
	struct crew *crew;
	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t changed; /* a job is done or used, or all is to end */
	size_t next, used;	/* the first nobody took; how many were used */
	bool *done;		/* owned; of each job */
};

struct hand {
	struct shared *s;
	struct api api;
	pthread_t thread;
};

/* With s locked: a job may be begun. */
static bool
is_free(const struct shared *s)
{
	return s->next < s->crew->jobs && s->next - s->used < s->crew->ahead &&
	       !atomic_load(&s->crew->stop);
}

/* With s locked, and a job that is free: take and do it. */
static void
do_next(struct shared *s, const struct api *api)
{
	size_t i = s->next++;

	(void)pthread_mutex_unlock(&s->lock);
	s->crew->work(s->crew->ctx, i, api);
	(void)pthread_mutex_lock(&s->lock);
	s->done[i] = true;
	(void)pthread_cond_broadcast(&s->changed);
}

static void *
help(void *ctx)
{
	struct hand *h = ctx;
	struct shared *s = h->s;

	(void)pthread_mutex_lock(&s->lock);
	while (s->next < s->crew->jobs && !atomic_load(&s->crew->stop))
		if (is_free(s))
			do_next(s, &h->api);
		else
			(void)pthread_cond_wait(&s->changed, &s->lock);
	(void)pthread_mutex_unlock(&s->lock);
	h->api.close(h->api.self); /* an idle connection helps nobody */
	return NULL;
}

/* How many there are: one without which it goes on all the same. */
static size_t
hands_start(struct hand *h, size_t max, struct shared *s, const struct api *api)
{
	struct fault none;
	size_t n = 0;

	for (; n < max && api->another != NULL; n++) {
		h[n].s = s;
		if (api->another(api->self, &h[n].api, &none) == -1)
			break;
		if (pthread_create(&h[n].thread, NULL, help, &h[n]) != 0) {
			h[n].api.close(h[n].api.self);
			break;
		}
	}
	return n;
}

static void
hands_end(struct hand *h, size_t n, struct shared *s)
{
	(void)pthread_mutex_lock(&s->lock);
	atomic_store(&s->crew->stop, true);
	(void)pthread_cond_broadcast(&s->changed);
	(void)pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < n; i++)
		(void)pthread_join(h[i].thread, NULL);
}

/* Help until the ith is done. */
static void
await(struct shared *s, size_t i, const struct api *api)
{
	(void)pthread_mutex_lock(&s->lock);
	while (!s->done[i])
		if (is_free(s))
			do_next(s, api);
		else
			(void)pthread_cond_wait(&s->changed, &s->lock);
	(void)pthread_mutex_unlock(&s->lock);
}

static int
use_all(struct shared *s, const struct api *api, struct fault *f)
{
	struct crew *c = s->crew;

	for (size_t i = 0; i < c->jobs; i++) {
		if (c->await != NULL)
			c->await(c->ctx, i);
		await(s, i, api);
		if (c->use(c->ctx, i, f) == -1)
			return -1;
		(void)pthread_mutex_lock(&s->lock);
		s->used = i + 1;
		(void)pthread_cond_broadcast(&s->changed);
		(void)pthread_mutex_unlock(&s->lock);
	}
	return 0;
}

int
crew_run(struct crew *c, const struct api *api, struct fault *f)
{
	struct shared s = { .crew = c,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER };
	struct hand h[AT_ONCE - 1];
	size_t n, max = AT_ONCE - 1;
	int rc;

	if (c->jobs == 0)
		return 0;
	if ((s.done = calloc(c->jobs, sizeof(*s.done))) == NULL)
		return fault_memory(f);
	n = hands_start(h, max < c->jobs - 1 ? max : c->jobs - 1, &s, api);
	rc = use_all(&s, api, f);
	hands_end(h, n, &s);
	free(s.done);
	(void)pthread_cond_destroy(&s.changed);
	(void)pthread_mutex_destroy(&s.lock);
	return rc;
}
