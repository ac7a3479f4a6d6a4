/* The checks of a report and what they judged. */
#include "report/model/model_loading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
model_load_checks(struct loading *l, struct fault *f)
{
	const struct checks *cs = l->q->checks;
	struct model *m = l->m;

	m->nchecks = cs->n;
	m->checks = arena_alloc(l->arena, cs->n * sizeof(*m->checks) + 1);
	if (m->checks == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < cs->n; i++) {
		const struct check *k = &cs->list[i];
		struct model_check *o = &m->checks[i];

		/* the checks outlive the model only in the caller's hands */
		o->uuid = loading_uuid(l, "check", k->id, f);
		o->id = k->id;
		o->title = k->title;
		o->severity = k->severity;
		o->layer = k->layer;
		o->rationale = k->rationale;
		o->remediation = k->remediation;
		o->references = k->references;
		o->nreferences = k->nreferences;
		o->controls = k->controls;
		o->ncontrols = k->ncontrols;
		o->sha256 = k->sha256;
		if (o->uuid == NULL)
			return -1;
	}
	return 0;
}

static int
load_props(struct loading *l, struct model_subject *s, const struct kind *k,
    sqlite3_stmt *q, int from, struct fault *f)
{
	struct model_prop *props;
	size_t n = 0;

	while (k->columns[n].name != NULL)
		n++;
	props = arena_alloc(l->arena, (n + 1) * sizeof(*props));
	if (props == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < n; i++)
		if (sqlite3_column_type(q, from + (int)i) != SQLITE_NULL)
			props[s->nprops++] =
			    (struct model_prop){ k->columns[i].name,
				    loading_text(l, q, from + (int)i) };
	props[s->nprops++] =
	    (struct model_prop){ EVIDENCE_PROP, loading_text(l, q, from - 1) };
	s->props = props;
	return 0;
}

static int
load_subject(
    struct loading *l, const struct kind *k, sqlite3_stmt *q, struct fault *f)
{
	struct model_subject *s = &l->m->subjects[l->m->nsubjects];
	char id[32];

	(void)snprintf(
	    id, sizeof(id), "%lld", (long long)sqlite3_column_int64(q, 0));
	l->ids[l->m->nsubjects++] = sqlite3_column_int64(q, 0);
	s->uuid = loading_uuid(l, "subject", id, f);
	s->kind = k->name;
	s->scope = loading_text(l, q, 1);
	s->key = loading_text(l, q, 2);
	s->outcome = loading_text(l, q, 3);
	s->reason = loading_text(l, q, 4);
	s->first_seen = loading_text(l, q, 5);
	s->last_seen = loading_text(l, q, 6);
	if (s->uuid == NULL)
		return -1;
	return load_props(l, s, k, q, 8, f);
}

/* The judged subjects of one kind, with their columns. */
static int
load_kind(struct loading *l, const struct kind *k, struct fault *f)
{
	char view[KIND_VIEW_MAX];
	sqlite3_stmt *q;
	int rc;
	BUF_AUTO(columns, 65536);

	kind_view(k, view);
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_printf(&columns, ", v.\"%s\"", c->name);
	if (buf_done(&columns, "columns", f) == -1 ||
	    loading_ask(l, &q, f,
		"SELECT v.subject, v.scope, v.key, v.outcome, v.reason, "
		"(SELECT e.ended FROM change x JOIN ended e ON e.run = x.run "
		"WHERE x.subject = v.subject ORDER BY x.run LIMIT 1), "
		"(SELECT ended FROM ended WHERE run = v.seen_run), "
		"v.content_sha256"
		"%s FROM \"%s\" v WHERE v.subject IN temp.judged "
		"ORDER BY v.scope, v.key",
		columns.len > 0 ? columns.p : "", view) == -1)
		return -1;
	while ((rc = loading_next(l, q, f)) == 1)
		if (load_subject(l, k, q, f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
	return rc;
}

/* One statement without a row. */
static int
make(struct loading *l, struct fault *f, const char *sql)
{
	sqlite3_stmt *q;

	if (loading_ask(l, &q, f, "%s", sql) == -1)
		return -1;
	return loading_next(l, q, f);
}

/* The judgement's verdicts as numbers, and the subjects they are of. */
static int
make_opined(struct loading *l, struct fault *f)
{
	sqlite3_stmt *q;

	if (make(l, f, "DROP TABLE IF EXISTS temp.opined") == -1 ||
	    make(l, f, "DROP TABLE IF EXISTS temp.judged") == -1 ||
	    loading_ask(l, &q, f,
		"CREATE TEMP TABLE opined AS SELECT o.rule, o.subject, "
		"o.content, o.judgement AS since FROM judgement j CROSS JOIN "
		"rule u ON u.profile = j.profile CROSS JOIN opinion o ON "
		"o.rule = u.id AND o.judgement = (SELECT max(judgement) FROM "
		"opinion WHERE rule = o.rule AND subject = o.subject AND "
		"judgement <= j.id) WHERE j.id = %lld AND o.content IS NOT "
		"NULL",
		l->m->judgement) == -1 ||
	    loading_next(l, q, f) == -1 ||
	    make(l, f,
		"CREATE TEMP TABLE judged(subject INTEGER PRIMARY KEY)") == -1)
		return -1;
	return make(l, f,
	    "INSERT OR IGNORE INTO temp.judged SELECT subject FROM "
	    "temp.opined");
}

int
model_load_subjects(struct loading *l, struct fault *f)
{
	const struct kind *const *kinds = store_kinds(l->st);
	struct model *m = l->m;
	sqlite3_stmt *q;
	long long n = 0;
	int rc;

	if (make_opined(l, f) == -1 ||
	    loading_ask(l, &q, f, "SELECT count(*) FROM temp.judged") == -1)
		return -1;
	if ((rc = loading_next(l, q, f)) == 1) {
		n = sqlite3_column_int64(q, 0);
		(void)sqlite3_finalize(q);
	}
	if (rc == -1)
		return -1;
	m->subjects =
	    arena_alloc(l->arena, (size_t)n * sizeof(*m->subjects) + 1);
	l->ids = arena_alloc(l->arena, (size_t)n * sizeof(*l->ids) + 1);
	if (m->subjects == NULL || l->ids == NULL)
		return fault_memory(f);
	for (size_t i = 0; kinds[i] != NULL; i++) {
		rc = store_has_kind(l->st, kinds[i]->name, f);
		if (rc == 1)
			rc = load_kind(l, kinds[i], f);
		if (rc == -1)
			return -1;
	}
	return 0;
}
