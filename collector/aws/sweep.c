/* The loop: jobs off the stack, answers in, places settled. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/engine.h"

#define FLYING_MAX 64

static void
progress(const struct job *j)
{
	const struct request *r = j->asking->place->run->request;
	char text[128];

	if (r->progress == NULL)
		return;
	(void)snprintf(text, sizeof(text), "%s %s %s:%s",
	    j->asking->place->account, j->region,
	    j->asking->call->service->name, j->asking->call->operation);
	r->progress(r->progress_ctx, text);
}

static int
start_jobs(struct aws_run *r, struct fault *f)
{
	while (r->stack != NULL && r->flying < FLYING_MAX) {
		struct job *j = r->stack;

		r->stack = j->next;
		progress(j);
		if (job_start(j, f) == -1)
			return -1;
	}
	return 0;
}

static void
unpark(struct aws_run *r)
{
	while (r->parked != NULL) {
		struct job *j = r->parked;

		r->parked = j->next;
		j->next = r->stack;
		r->stack = j;
	}
}

static int
settle_all(struct aws_run *r, bool *more, struct fault *f)
{
	bool again;

	*more = false;
	do {
		again = false;
		for (size_t i = 0; i < r->nplaces; i++)
			if (place_settle(r->places[i], &again, f) == -1)
				return -1;
		*more |= again;
	} while (again);
	return 0;
}

/* As many as may be under way; the first is asked first. */
static int
begin_places(struct aws_run *r, struct fault *f)
{
	size_t had = r->nplaces;
	struct aws_place *p = NULL;

	while (r->nplaces < AWS_PLACES_LIVE) {
		if (r->next(r->ctx, &p, f) == -1)
			return -1;
		if (p == NULL)
			break;
		r->places[r->nplaces++] = p;
	}
	for (size_t i = r->nplaces; i-- > had;)
		if (place_begin(r->places[i], f) == -1)
			return -1;
	r->ended = r->ended || r->nplaces > had;
	return 0;
}

/* Those of which all was told make room; with nothing under way that is all of
 * them. */
static int
end_places(struct aws_run *r, struct fault *f)
{
	bool idle = r->flying == 0 && r->stack == NULL && r->parked == NULL;

	for (size_t i = 0; i < r->nplaces;) {
		struct aws_place *p = r->places[i];

		if (!idle && !place_over(p)) {
			i++;
			continue;
		}
		if (place_end(p, f) == -1 || r->over(r->ctx, p, f) == -1)
			return -1;
		place_free(p);
		memmove(&r->places[i], &r->places[i + 1],
		    (--r->nplaces - i) * sizeof(r->places[0]));
	}
	return 0;
}

static int
one_turn(struct aws_run *r, bool *over, struct fault *f)
{
	bool more;

	if (begin_places(r, f) == -1 || start_jobs(r, f) == -1)
		return -1;
	if (r->flying > 0 && http_turn(r->session->http, f) == -1)
		return -1;
	if (r->fatal.kind != FAULT_NONE) {
		*f = r->fatal;
		return -1;
	}
	if (r->waiting < AWS_ITEMS_WAITING_MAX / 2)
		unpark(r);
	if (r->ended || r->flying == 0) {
		r->ended = false;
		if (settle_all(r, &more, f) == -1 || end_places(r, f) == -1)
			return -1;
	}
	*over = r->nplaces == 0 && r->stack == NULL && r->parked == NULL;
	return *over ? begin_places(r, f) : 0;
}

/* What never landed: the run failed. */
static void
drop(struct aws_run *r)
{
	unpark(r);
	while (r->stack != NULL) {
		struct job *j = r->stack;

		r->stack = j->next;
		job_free(j);
	}
}

int
run_all(struct aws_run *r, struct fault *f)
{
	bool over = false;
	int rc = 0;

	while (rc == 0 && !over) {
		rc = one_turn(r, &over, f);
		over = over && r->nplaces == 0;
	}
	drop(r);
	return rc;
}

void
aws_run_free(struct aws_run *r)
{
	for (size_t i = 0; i < r->nplaces; i++)
		place_free(r->places[i]);
	r->nplaces = 0;
	free(r->homes);
	json_decref(r->known);
}
