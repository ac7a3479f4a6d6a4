/* What came: its parts, what it leads to, and what it becomes. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/engine.h"

static struct aws_item *
item_new(const struct asking *a, struct aws_item *parent, json_t *tree,
    const char *source)
{
	struct aws_item *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return NULL;
	i->call = a->call;
	i->place = a->place;
	i->account = a->place->account;
	i->region = a->place->region;
	i->partition = a->place->partition;
	i->tree = json_incref(tree);
	i->unread = json_object();
	i->source = strdup(source);
	i->held = 1;
	if ((i->parent = parent) != NULL)
		item_hold(parent);
	if (i->unread != NULL && i->source != NULL)
		return i;
	item_release(i);
	return NULL;
}

/* ---- what it becomes ---- */

static int
emit_key(struct asking *a, const struct aws_item *i, const char *key,
    const char *source, struct fault *f)
{
	const struct kind *k = a->call->kind;
	struct emitter *e = &a->place->e;
	const struct column *lost;
	struct fault broken = { 0 };
	ATTRS_AUTO(attrs);
	int rc;

	fill_paths(k, i->tree, &attrs);
	if (kind_column(k, "unread") != NULL)
		attrs_json(&attrs, "unread", json_incref(i->unread));
	if (a->call->fill != NULL)
		a->call->fill(i, &attrs);
	lost = path_lost(
	    k, i->tree, &attrs, aws_answer_form(i->call) == SHAPE_OF_XML);
	if (lost != NULL) {
		(void)fault(&broken, FAULT_FORMAT,
		    "%s: what is at %s is of the wrong type for %s",
		    a->call->operation, lost->from, lost->name);
		asking_worse(a, OUTCOME_ERROR, broken.text);
		return emit_outcome(
		    e, k, key, OUTCOME_ERROR, broken.text, source, f);
	}
	rc = emit_observed(e, k, key, &attrs, source, f);
	if (rc == -1 && (f->kind == FAULT_LIMIT || f->kind == FAULT_FORMAT)) {
		struct fault why = *f;

		rc =
		    emit_outcome(e, k, key, OUTCOME_ERROR, why.text, source, f);
	}
	return rc;
}

/* key NULL: its own. */
static int
item_emit(struct asking *a, const struct aws_item *i, const char *key,
    struct fault *f)
{
	BUF_AUTO(own, NAME_MAX_LEN);

	if (key != NULL)
		return emit_key(a, i, key, i->source, f);
	if (input_key(a->call, i, &own, f) == -1)
		return -1;
	return emit_key(a, i, own.p, i->source, f);
}

int
item_absent(
    struct asking *a, const char *key, const char *source, struct fault *f)
{
	return emit_outcome(&a->place->e, a->call->kind, key, OUTCOME_ABSENT,
	    "asked for by its name, and it is not there", source, f);
}

static int
emit_whole(struct asking *a, const char *source, struct fault *f)
{
	const struct aws_call *c = a->call;
	ATTRS_AUTO(attrs);

	if (a->worst != OUTCOME_OBSERVED)
		return emit_outcome(&a->place->e, c->whole, c->operation,
		    a->worst, a->why != NULL ? a->why : "", source, f);
	c->tell(a->state, a->cut, a->place->run->request->now, &attrs);
	return emit_observed(
	    &a->place->e, c->whole, c->operation, &attrs, source, f);
}

int
item_fold_end(struct asking *a, const char *source, struct fault *f)
{
	const char *key;
	json_t *v;
	int rc = 0;

	json_object_foreach (a->state, key, v) {
		struct aws_item *i;

		if (a->call->whole != NULL && key[0] == '\0')
			continue;
		i = item_new(a, NULL, v, source);
		rc = i == NULL ? fault_memory(f) : item_emit(a, i, key, f);
		item_release(i);
		if (rc == -1)
			return -1;
	}
	return a->call->whole != NULL ? emit_whole(a, source, f) : 0;
}

/* ---- what is known of it ---- */

static bool
known_kind(const struct aws_place *p, const struct kind *k)
{
	char name[192];

	if (k == NULL)
		return false;
	(void)snprintf(name, sizeof(name), "%s %s", p->scope, k->name);
	return json_object_get(p->run->known, name) != NULL;
}

static bool
known_below(const struct asking *a, int depth)
{
	if (known_kind(a->place, a->call->kind))
		return true;
	for (size_t i = 0; depth < AWS_LEVELS_MAX && i < a->place->n; i++)
		if (a->place->v[i].parent == a &&
		    known_below(&a->place->v[i], depth + 1))
			return true;
	return false;
}

bool
aws_item_at_home(
    const struct aws_item *i, const char *account, const char *region)
{
	const struct aws_run *r = i->place->run;
	const struct aws_home *first = NULL, *home = NULL;

	if (region == NULL)
		region = i->region;
	for (size_t n = 0; n < r->nhomes && home == NULL; n++) {
		const struct aws_home *h = &r->homes[n];

		if (strcmp(h->account, account) == 0 &&
		    strcmp(h->region, region) == 0)
			home = h;
		if (first == NULL && strcmp(h->account, i->account) == 0)
			first = h;
	}
	if (home == NULL)
		home = first;
	return home != NULL && strcmp(home->account, i->account) == 0 &&
	       strcmp(home->region, i->region) == 0;
}

bool
item_known(const struct asking *a)
{
	return json_object_size(a->place->run->known) > 0 && known_below(a, 0);
}

/* ---- what it leads to ---- */

int
aws_gather_id(const struct aws_item *i, const char *set, const char *id)
{
	struct aws_set *s = place_set(i->place, set, true);

	if (s == NULL || json_object_size(s->ids) >= AWS_IDS_MAX)
		return -1;
	return id[0] == '\0' ? 0 : json_object_set_new(s->ids, id, json_true());
}

struct gathering {
	struct aws_item *item;
	const char *set;
};

static int
gather_one(void *ctx, const json_t *v)
{
	const struct gathering *g = ctx;
	const char *id = json_string_value(v);

	return id == NULL ? 0 : aws_gather_id(g->item, g->set, id);
}

static int
gather(struct aws_item *i, struct fault *f)
{
	for (const struct aws_gather *g = i->call->gathers;
	     g != NULL && g->set != NULL; g++) {
		struct gathering ctx = { i, g->set };
		int rc = strcmp(g->path, ".") == 0
			     ? gather_one(&ctx, i->tree)
			     : path_each(i->tree, g->path, gather_one, &ctx);

		if (rc == -1)
			return fault(f, FAULT_LIMIT, "over %d ids of one kind",
			    AWS_IDS_MAX);
	}
	return 0;
}

/* The input that takes the ids of a batch. */
static const char *
batch_from(const struct aws_call *c)
{
	for (const struct aws_input *in = c->input;
	     in != NULL && in->name != NULL; in++)
		if (in->from != NULL && strpbrk(in->name, "#[") != NULL)
			return in->from;
	return ".";
}

static int
add_to_batch(struct asking *child, struct aws_item *i, struct fault *f)
{
	const json_t *id, *v = aws_item_value(i, batch_from(child->call));
	size_t n;

	if (child->batch == NULL)
		child->batch = json_array();
	if (json_is_string(v) &&
	    json_array_append(child->batch, (json_t *)v) == -1)
		return fault_memory(f);
	json_array_foreach (v, n, id)
		if (json_array_append(child->batch, (json_t *)id) == -1)
			return fault_memory(f);
	while (json_array_size(child->batch) >= (size_t)child->call->batch)
		if (asking_flush(child, f) == -1)
			return -1;
	return 0;
}

static int
lead_on(struct asking *a, struct aws_item *i, struct fault *f)
{
	for (size_t n = 0; n < a->place->n; n++) {
		struct asking *child = &a->place->v[n];
		int rc;

		if (child->parent != a || child->call->into != NULL ||
		    !child->wanted)
			continue;
		rc = child->call->batch > 1 ? add_to_batch(child, i, f)
					    : job_push(child, i, NULL, f);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* Its parts are there, or it has none. */
static int
item_whole(struct asking *a, struct aws_item *i, struct fault *f)
{
	if (gather(i, f) == -1 ||
	    (a->call->kind != NULL && item_emit(a, i, NULL, f) == -1))
		return -1;
	return lead_on(a, i, f);
}

static struct asking *
asking_of(const struct aws_item *i)
{
	for (size_t n = 0; n < i->place->n; n++)
		if (i->place->v[n].call == i->call)
			return &i->place->v[n];
	return NULL;
}

int
item_part(struct aws_item *i, const struct aws_call *call, json_t *v,
    const char *why, struct fault *f)
{
	struct asking *a = asking_of(i);
	int rc = 0;

	if (v != NULL)
		rc = json_object_set_new(i->tree, call->into, v);
	else
		rc = json_object_set_new(
		    i->unread, call->into, json_text(why, strlen(why)));
	if (rc == -1)
		return fault_memory(f);
	if (--i->parts > 0)
		return 0;
	a->unfinished--;
	i->place->run->waiting--;
	rc = item_whole(a, i, f);
	if (rc == -1 && (f->kind == FAULT_FORMAT || f->kind == FAULT_LIMIT)) {
		asking_worse(a, OUTCOME_ERROR, f->text);
		rc = 0;
	}
	item_release(i);
	return rc;
}

/* ---- what came ---- */

/* A page that broke off begins anew: what came of it is not taken twice. */
static int
is_new(struct job *j, const struct aws_item *i, bool *new, struct fault *f)
{
	enum aws_protocol p = i->call->service->protocol;
	BUF_AUTO(key, NAME_MAX_LEN);
	char *text = NULL;
	bool fresh = false;
	int rc = 0;

	*new = true;
	if (i->call->items == NULL)
		return 0;
	if (i->call->key != NULL && i->call->fold == NULL) {
		if (input_key(i->call, i, &key, f) == -1)
			return -1;
	} else {
		text = json_dumps(
		    i->tree, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	}
	if (text == NULL && key.p == NULL)
		return fault_memory(f);
	rc = keyset_add(&j->seen, text != NULL ? text : key.p, &fresh, f);
	j->fresh = j->fresh || fresh;
	if (p == AWS_JSON || p == AWS_REST_JSON || i->call->into != NULL) {
		free(text); /* read when it is whole: nothing comes twice */
		return rc;
	}
	if (j->keys == NULL)
		j->keys = json_object();
	if (json_object_get(j->keys, text != NULL ? text : key.p) != NULL)
		*new = false;
	else if (json_object_set_new(
		     j->keys, text != NULL ? text : key.p, json_true()) == -1)
		rc = fault_memory(f);
	free(text);
	return rc;
}

static int
note_got(struct job *j, const struct aws_item *i, struct fault *f)
{
	const struct aws_call *c = i->call;
	const char *id;

	if (c->batch_key == NULL || j->ids == NULL)
		return 0;
	id = json_string_value(aws_item_value(i, c->batch_key));
	if (j->got == NULL)
		j->got = json_object();
	return id != NULL && json_object_set_new(j->got, id, json_true()) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
keep_part(struct job *j, json_t *tree, struct fault *f)
{
	const char *items = j->asking->call->items;

	if (items == NULL || strstr(items, "[]") == NULL) {
		json_decref(j->part);
		j->part = json_incref(tree);
		return 0;
	}
	if (j->part == NULL)
		j->part = json_array();
	return json_array_append(j->part, tree) == -1 ? fault_memory(f) : 0;
}

static int
fold(struct asking *a, const struct aws_item *i, struct fault *f)
{
	struct attrs made = { 0 };

	if (a->state == NULL && (a->state = json_object()) == NULL)
		return fault_memory(f);
	a->call->fold(i, a->state, &made);
	return made.failed ? fault_memory(f) : 0;
}

/* Ask for its parts. How many were asked. */
static int
ask_parts(struct asking *a, struct aws_item *i, struct fault *f)
{
	for (size_t n = 0; n < a->place->n; n++) {
		struct asking *part = &a->place->v[n];

		if (part->parent != a || part->call->into == NULL ||
		    !part->wanted)
			continue;
		if (job_push(part, i, NULL, f) == -1)
			return -1;
		i->parts++;
	}
	if (i->parts > 0) {
		item_hold(i);
		a->unfinished++;
		a->place->run->waiting++;
	}
	return 0;
}

/*
 * An item that lacks what it must hold. It is there, though, if it says who it
 * is: then that is an error of it alone, beside that of the call.
 */
static int
broken_item(struct job *j, const struct aws_item *i, struct fault *f)
{
	const struct aws_call *c = i->call;
	struct fault why = *f, ignored = { 0 };
	BUF_AUTO(key, NAME_MAX_LEN);

	if (c->kind != NULL && c->into == NULL && c->fold == NULL &&
	    input_key(c, i, &key, &ignored) == 0 && key.p != NULL &&
	    emit_outcome(&j->asking->place->e, c->kind, key.p, OUTCOME_ERROR,
		why.text, i->source, f) == -1)
		return -1;
	*f = why;
	return -1;
}

/* Is it the one that was asked for? */
static int
is_asked_one(const struct aws_item *i, struct fault *f)
{
	const struct aws_call *c = i->call;
	const char *is, *asked;

	if (c->echo == NULL || i->parent == NULL)
		return 0;
	is = path_text(i->tree, c->echo);
	asked = json_string_value(aws_item_value(i->parent, c->asked));
	return is == NULL || (asked != NULL && strcmp(is, asked) == 0)
		   ? 0 /* what has to be there, must says */
		   : fault(f, FAULT_FORMAT,
			 "%s: asked about '%.100s', and the answer is about "
			 "'%.100s'",
			 c->operation, asked != NULL ? asked : "",
			 is != NULL ? is : "");
}

static int
take(struct job *j, struct aws_item *i, struct fault *f)
{
	struct asking *a = j->asking;
	bool new;

	j->took = true;
	if (is_asked_one(i, f) == -1)
		return -1;
	if (aws_answer_item(a->call, i->tree, f) == -1)
		return broken_item(j, i, f);
	if (note_got(j, i, f) == -1)
		return -1;
	a->took = true; /* there is one, whoever tells of it */
	if (a->call->wanted != NULL && !a->call->wanted(i))
		return 0;
	if (is_new(j, i, &new, f) == -1)
		return -1;
	if (!new)
		return 0;
	if (a->call->into != NULL)
		return keep_part(j, i->tree, f);
	if (a->call->fold != NULL)
		return fold(a, i, f);
	if (ask_parts(a, i, f) == -1)
		return -1;
	return i->parts > 0 ? 0 : item_whole(a, i, f);
}

int
item_take(struct job *j, json_t *tree, const char *source, struct fault *f)
{
	struct aws_item *i = item_new(j->asking, j->parent, tree, source);
	int rc;

	if (i == NULL)
		return fault_memory(f);
	rc = take(j, i, f);
	item_release(i);
	return rc;
}
