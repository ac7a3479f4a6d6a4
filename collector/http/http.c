/* The pool: what is queued, what waits, what flies. See http.h. */
#include "collector/http/http.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/child.h"
#include "collector/http/flight.h"

#define POLL_MAX_MS 1000

struct http {
	struct http_setup setup;
	CURLM *multi;
	struct flight *first, **last; /* queued, in order */
	struct flight *waiting;	      /* for their due time */
	struct flight *flying;
	size_t nqueued, nwaiting, nflying;
};

struct http *
http_new(const struct http_setup *setup, struct fault *f)
{
	struct http *h = calloc(1, sizeof(*h));

	if (h == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	if (setup != NULL)
		h->setup = *setup;
	if (h->setup.in_flight == 0)
		h->setup.in_flight = HTTP_IN_FLIGHT;
	if (h->setup.per_host == 0)
		h->setup.per_host = HTTP_PER_HOST;
	h->last = &h->first;
	if ((h->multi = curl_multi_init()) == NULL ||
	    curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
		(long)h->setup.per_host) != CURLM_OK) {
		http_free(h);
		(void)fault_memory(f);
		return NULL;
	}
	return h;
}

static void
drop_all(struct http *h, struct flight *list)
{
	while (list != NULL) {
		struct flight *t = list;

		list = t->next;
		if (t->curl != NULL)
			(void)curl_multi_remove_handle(h->multi, t->curl);
		flight_free(t);
	}
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	drop_all(h, h->first);
	drop_all(h, h->waiting);
	drop_all(h, h->flying);
	(void)curl_multi_cleanup(h->multi);
	free(h);
}

/* How many are queued or under way. */
static size_t
http_pending(const struct http *h)
{
	return h->nqueued + h->nwaiting + h->nflying;
}

static void
enqueue(struct http *h, struct flight *t)
{
	t->next = NULL;
	*h->last = t;
	h->last = &t->next;
	h->nqueued++;
}

static struct flight *
dequeue(struct http *h)
{
	struct flight *t = h->first;

	h->first = t->next;
	if (h->first == NULL)
		h->last = &h->first;
	h->nqueued--;
	return t;
}

int
http_start(struct http *h, const struct http_request *r, struct fault *f)
{
	struct flight *t = flight_new(h, r, f);

	if (t == NULL)
		return -1;
	if (r->not_before <= clock_ms()) {
		enqueue(h, t);
		return 0;
	}
	t->due = r->not_before;
	t->next = h->waiting;
	h->waiting = t;
	h->nwaiting++;
	return 0;
}

/* Those whose time has come go back to the queue. */
static void
wake(struct http *h)
{
	int64_t now = clock_ms();

	for (struct flight **at = &h->waiting; *at != NULL;) {
		struct flight *t = *at;

		if (t->due > now) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		h->nwaiting--;
		enqueue(h, t);
	}
}

static int
take_off(struct http *h, struct flight *t, struct fault *f)
{
	struct fault why;

	if (flight_prepare(t, &h->setup, &why) == -1) {
		t->refused = why;
		flight_done(t, CURLE_OK);
		flight_free(t);
		return 0;
	}
	if (curl_multi_add_handle(h->multi, t->curl) != CURLM_OK) {
		flight_free(t);
		return fault_memory(f);
	}
	t->next = h->flying;
	h->flying = t;
	h->nflying++;
	return 0;
}

static void
land(struct http *h, struct flight *t, CURLcode code)
{
	struct flight **at = &h->flying;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	h->nflying--;
	(void)curl_multi_remove_handle(h->multi, t->curl);
	if (flight_again(t, code)) {
		t->next = h->waiting;
		h->waiting = t;
		h->nwaiting++;
		return;
	}
	flight_done(t, code);
	flight_free(t);
}

static void
take_landed(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		CURLcode code = m->data.result;
		char *private = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(
		    m->easy_handle, CURLINFO_PRIVATE, &private);
		land(h, (struct flight *)(void *)private, code);
	}
}

/* Milliseconds until a waiting one is due, at most POLL_MAX_MS. */
static int
rest(const struct http *h)
{
	int64_t now = clock_ms(), least = POLL_MAX_MS;

	for (const struct flight *t = h->waiting; t != NULL; t = t->next)
		if (t->due - now < least)
			least = t->due > now ? t->due - now : 0;
	return (int)least;
}

int
http_turn(struct http *h, struct fault *f)
{
	int running;

	wake(h);
	while (h->nflying < h->setup.in_flight && h->nqueued > 0)
		if (take_off(h, dequeue(h), f) == -1)
			return -1;
	if (curl_multi_perform(h->multi, &running) != CURLM_OK)
		return fault_memory(f);
	take_landed(h);
	if (h->nqueued > 0 && h->nflying < h->setup.in_flight)
		return 0; /* done() started more */
	if (http_pending(h) > 0 &&
	    curl_multi_poll(h->multi, NULL, 0, rest(h), NULL) != CURLM_OK)
		return fault(f, FAULT_IO, "waiting for answers failed");
	return 0;
}

int
http_call(struct http *h, const struct http_request *r, struct http_answer *a,
    struct fault *f)
{
	struct flight *t = flight_new(h, r, f);
	struct fault why = { 0 };
	bool over = false;

	*a = (struct http_answer){ 0 };
	if (t == NULL)
		return -1;
	t->keep = a;
	t->why = &why;
	t->over = &over;
	enqueue(h, t);
	while (!over)
		if (http_turn(h, f) == -1)
			return -1;
	if (why.kind == FAULT_NONE)
		return 0;
	http_answer_free(a);
	*f = why;
	return -1;
}
