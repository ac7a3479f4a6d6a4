/* What jobs, items and places share: who holds whom, what waits, and the worst
 * that came of a call. See engine.h. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/engine.h"

void
item_hold(struct aws_item *i)
{
	i->held++;
}

void
item_release(struct aws_item *i)
{
	while (i != NULL && --i->held == 0) {
		struct aws_item *parent = i->parent;

		json_decref(i->tree);
		json_decref(i->unread);
		free(i->source);
		free(i);
		i = parent;
	}
}

int
job_push(
    struct asking *a, struct aws_item *parent, json_t *ids, struct fault *f)
{
	struct job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		json_decref(ids);
		return fault_memory(f);
	}
	aws_ask_init(&j->ask);
	j->asking = a;
	j->parent = parent;
	j->ids = ids;
	if (parent != NULL)
		item_hold(parent);
	(void)snprintf(j->region, sizeof(j->region), "%s", a->place->region);
	if (a->call->region != NULL && parent != NULL) {
		const char *region =
		    json_string_value(aws_item_value(parent, a->call->region));

		if (region != NULL && aws_is_region(region))
			(void)snprintf(
			    j->region, sizeof(j->region), "%s", region);
	}
	a->open++;
	j->next = a->place->run->stack;
	a->place->run->stack = j;
	return 0;
}

void
job_free(struct job *j)
{
	if (j == NULL)
		return;
	if (j->parent != NULL)
		item_release(j->parent);
	json_decref(j->ids);
	json_decref(j->got);
	json_decref(j->part);
	json_decref(j->tokens);
	json_decref(j->keys);
	keyset_free(&j->seen);
	free(j->token);
	aws_ask_free(&j->ask);
	aws_answer_free(j->answer);
	free(j);
}

struct aws_set *
place_set(struct aws_place *p, const char *name, bool make)
{
	struct aws_set *s;

	for (size_t i = 0; i < p->nsets; i++)
		if (strcmp(p->sets[i].name, name) == 0)
			return &p->sets[i];
	if (!make || p->nsets == AWS_SETS_MAX)
		return NULL;
	s = &p->sets[p->nsets];
	s->name = name;
	if ((s->ids = json_object()) == NULL)
		return NULL;
	p->nsets++;
	return s;
}

void
asking_worse(struct asking *a, enum outcome outcome, const char *why)
{
	if (outcome == OUTCOME_ABSENT) /* a host, a path that is not there */
		outcome = OUTCOME_ERROR;
	if (a->worst != OUTCOME_OBSERVED)
		return;
	a->worst = outcome;
	a->why = strdup(why);
}

int
asking_flush(struct asking *a, struct fault *f)
{
	json_t *ids = json_array();
	size_t most = (size_t)(a->call->batch > 1 ? a->call->batch : 1);

	while (json_array_size(ids) < most && json_array_size(a->batch) > 0) {
		size_t last = json_array_size(a->batch) - 1;

		if (json_array_append(ids, json_array_get(a->batch, last)) ==
		    -1) {
			json_decref(ids);
			return fault_memory(f);
		}
		(void)json_array_remove(a->batch, last);
	}
	return job_push(a, NULL, ids, f);
}
