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

static int
one_turn(struct aws_run *r, bool *over, struct fault *f)
{
	bool more;

	if (start_jobs(r, f) == -1)
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
		if (settle_all(r, &more, f) == -1)
			return -1;
	}
	*over = r->flying == 0 && r->stack == NULL && r->parked == NULL;
	return 0;
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

	for (size_t i = r->nplaces; rc == 0 && i-- > 0;)
		rc = place_begin(r->places[i], f);
	while (rc == 0 && !over)
		rc = one_turn(r, &over, f);
	for (size_t i = 0; rc == 0 && i < r->nplaces; i++)
		rc = place_end(r->places[i], f);
	drop(r);
	return rc;
}
