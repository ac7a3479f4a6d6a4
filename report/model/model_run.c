/* The judgement, its run and checkpoint, and what the run could not see. */
#include "report/model/model_loading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* ------------------------------------------------------- judgement and run */

int
model_load_judgement(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	sqlite3_stmt *q;
	int rc;

	if (loading_ask(l, &q, f,
		"SELECT made, as_of, profile, run, record FROM judgement WHERE "
		"id = "
		"%lld",
		l->q->judgement) == -1)
		return -1;
	if ((rc = loading_next(l, q, f)) != 1)
		return rc == 0
			   ? fault(f, FAULT_USAGE, "there is no judgement %lld",
				 l->q->judgement)
			   : -1;
	m->judgement = l->q->judgement;
	m->judged = loading_text(l, q, 0);
	m->as_of = loading_text(l, q, 1);
	m->profile = loading_text(l, q, 2);
	m->run.id = sqlite3_column_int64(q, 3);
	l->record = sqlite3_column_int64(q, 4);
	(void)sqlite3_finalize(q);
	return store_freeze(l->st, m->run.id, f);
}

static int
load_record(struct loading *l, struct fault *f)
{
	struct model_run *r = &l->m->run;
	sqlite3_stmt *q;
	int rc;

	if (loading_ask(l, &q, f,
		"SELECT r.began, r.ended, r.state, r.origin, r.operator, "
		"r.exhibit, r.module, r.state_root, lower(hex(l.leaf)), "
		"r.record FROM run r JOIN log l ON l.seq = r.record "
		"WHERE r.id = %lld",
		r->id) == -1)
		return -1;
	if ((rc = loading_next(l, q, f)) != 1)
		return rc == 0 ? fault(f, FAULT_INTEGRITY,
				     "run %lld is missing", r->id)
			       : -1;
	r->began = loading_text(l, q, 0);
	r->ended = loading_text(l, q, 1);
	r->state = loading_text(l, q, 2);
	r->origin = loading_text(l, q, 3);
	r->asked_by = loading_text(l, q, 4);
	r->exhibit = loading_text(l, q, 5);
	r->module = loading_text(l, q, 6);
	r->state_root = loading_text(l, q, 7);
	r->record_leaf = loading_text(l, q, 8);
	r->record = sqlite3_column_int64(q, 9);
	(void)sqlite3_finalize(q);
	return 0;
}

static int
load_checkpoint(struct loading *l, struct fault *f)
{
	struct model_checkpoint *k = &l->m->checkpoint;
	struct log_head head = { .size = l->record + 1 };
	const char *line2, *line3;
	char *root;
	BUF_AUTO(note, 512);

	/* the log up to the judgement: the same however often it is asked */
	if (log_root_at(l->st, head.size, head.root, f) == -1 ||
	    checkpoint_note(l->st, &head, &note, f) == -1)
		return -1;
	k->size = head.size;
	k->note = arena_str(l->arena, note.p);
	line2 = strchr(note.p, '\n') + 1;
	line3 = strchr(line2, '\n') + 1;
	root = arena_str(l->arena, line3);
	if (root == NULL || k->note == NULL)
		return fault_memory(f);
	root[strcspn(root, "\n")] = '\0';
	k->root_base64 = root;
	note.p[line2 - note.p - 1] = '\0';
	k->origin = arena_str(l->arena, note.p);
	return 0;
}

/* The newest answer of every place, at or before the run. */
#define NEWEST_ANSWERS                                                         \
	"FROM place p JOIN answer_at w ON w.place = p.id AND w.run = %lld "    \
	"JOIN content c ON c.id = w.content JOIN ended e ON e.run = "          \
	"w.answer_run "

static int
load_scopes(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	size_t cap = 0;
	struct model_scope *list = NULL;
	sqlite3_stmt *q;
	int rc;

	if (loading_ask(l, &q, f,
		"SELECT p.scope, p.collector, c.body ->> '$.outcome', c.body "
		"->> '$.subjects', c.body ->> '$.calls', c.body ->> "
		"'$.denied', e.ended " NEWEST_ANSWERS
		"ORDER BY p.scope, p.collector",
		m->run.id) == -1)
		return -1;
	while ((rc = loading_next(l, q, f)) == 1) {
		if (loading_grow((void **)&list, m->nscopes, &cap,
			sizeof(*list), f) == -1) {
			(void)sqlite3_finalize(q);
			free(list);
			return -1;
		}
		list[m->nscopes++] = (struct model_scope){
			.scope = loading_text(l, q, 0),
			.collector = loading_text(l, q, 1),
			.outcome = loading_text(l, q, 2),
			.subjects = sqlite3_column_int64(q, 3),
			.calls = sqlite3_column_int64(q, 4),
			.denied = sqlite3_column_int64(q, 5),
			.covered = loading_text(l, q, 6),
		};
	}
	m->scopes = arena_alloc(l->arena, m->nscopes * sizeof(*list) + 1);
	if (m->scopes != NULL && m->nscopes > 0)
		memcpy(m->scopes, list, m->nscopes * sizeof(*list));
	free(list);
	return rc;
}

static int
load_gaps(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	size_t cap = 0;
	struct model_gap *list = NULL;
	sqlite3_stmt *q;
	int rc;

	if (loading_ask(l, &q, f,
		"SELECT p.scope, p.collector, NULL AS kind, c.body ->> "
		"'$.outcome', c.body ->> '$.reason' " NEWEST_ANSWERS
		"WHERE c.body ->> '$.outcome' <> 'observed' UNION ALL "
		"SELECT p.scope, p.collector, g.value ->> '$.kind', g.value "
		"->> '$.outcome', g.value ->> '$.reason' " NEWEST_ANSWERS
		", json_each(c.body, '$.gaps') g ORDER BY 1, 2, 3",
		m->run.id, m->run.id) == -1)
		return -1;
	while ((rc = loading_next(l, q, f)) == 1) {
		if (loading_grow((void **)&list, m->ngaps, &cap, sizeof(*list),
			f) == -1) {
			(void)sqlite3_finalize(q);
			free(list);
			return -1;
		}
		list[m->ngaps++] = (struct model_gap){
			.scope = loading_text(l, q, 0),
			.collector = loading_text(l, q, 1),
			.kind = loading_text(l, q, 2),
			.outcome = loading_text(l, q, 3),
			.reason = loading_text(l, q, 4),
		};
	}
	m->gaps = arena_alloc(l->arena, m->ngaps * sizeof(*list) + 1);
	if (m->gaps != NULL && m->ngaps > 0)
		memcpy(m->gaps, list, m->ngaps * sizeof(*list));
	free(list);
	return rc;
}

int
model_load_run(struct loading *l, struct fault *f)
{
	if (load_record(l, f) == -1 || load_checkpoint(l, f) == -1 ||
	    load_scopes(l, f) == -1)
		return -1;
	return load_gaps(l, f);
}
