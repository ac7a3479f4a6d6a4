/* See model.h and model_load.h. */
#include "model_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVIDENCE_OF_GROUP_MAX 200 /* listed; all of it is in the store */
#define SQL_MAX (128 * 1024)
#define ROWS_MAX (4 * 1000 * 1000)

static const char *const verdicts[VERDICTS] = {
	[VERDICT_SATISFIED] = "satisfied",
	[VERDICT_NOT_SATISFIED] = "not-satisfied",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
};

const char *
verdict_name(enum verdict v)
{
	return verdicts[v];
}

int
verdict_of_name(const char *s, enum verdict *v)
{
	for (size_t i = 0; i < VERDICTS; i++)
		if (strcmp(s, verdicts[i]) == 0) {
			*v = (enum verdict)i;
			return 0;
		}
	return -1;
}

struct row { /* one verdict */
	size_t check, subject;
	enum verdict verdict;
	const char *reason, *since;
};

struct occurrence { /* a content where it was found */
	const char *kind, *scope;
	size_t evidence;
};

struct loading {
	struct store *st;
	sqlite3 *db;
	struct crypto *crypto;
	const struct model_request *q;
	struct model *m;
	struct arena *arena;
	bool no_memory;	  /* SQLite could not give a text: sticky */
	long long record; /* log index of the judgement */
	struct row *rows; /* owned while loading */
	size_t nrows, caprows;
	int64_t *ids;		  /* database id of each subject, ascending */
	struct occurrence *found; /* by kind, scope */
	size_t nfound, capfound;
};

void
model_free(struct model *m)
{
	if (m == NULL)
		return;
	arena_free(m->arena);
	free(m);
}

static int ask(struct loading *l, sqlite3_stmt **q, struct fault *f,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Prepare SQL that is formatted with names of our own only. */
static int
ask(struct loading *l, sqlite3_stmt **q, struct fault *f, const char *fmt, ...)
{
	BUF_AUTO(sql, SQL_MAX);
	char *to = buf_reserve(&sql, SQL_MAX - 1);
	va_list ap;
	int n;

	if (to == NULL)
		return fault_memory(f);
	va_start(ap, fmt);
	n = vsnprintf(to, SQL_MAX, fmt, ap);
	va_end(ap);
	if (n < 0 || n >= SQL_MAX)
		return fault(f, FAULT_LIMIT, "report: a query is too long");
	return store_prepare(l->st, to, q, f);
}

/* 1: a row, 0: no more (finalised), -1. */
static int
next(struct loading *l, sqlite3_stmt *q, struct fault *f)
{
	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		(void)sqlite3_finalize(q);
		return 0;
	default:
		(void)store_fault(l->st, "report", f);
		(void)sqlite3_finalize(q);
		return -1;
	}
}

static const char *
text(struct loading *l, sqlite3_stmt *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q, column);

	if (s == NULL && sqlite3_errcode(l->db) == SQLITE_NOMEM)
		l->no_memory = true;
	return arena_str(l->arena, s);
}

/* "uuid of the document / name": the same name, the same UUID. */
static const char *
uuid(struct loading *l, const char *what, const char *name, struct fault *f)
{
	char *out = arena_alloc(l->arena, UUID_LEN);
	BUF_AUTO(b, 16384);

	buf_printf(&b, "exhibit/%s/%lld/%s/%s", store_id(l->st),
	    l->q->judgement, what, name);
	if (out == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	if (buf_done(&b, "uuid", f) == -1 ||
	    uuid_of(l->crypto, b.p, out, f) == -1)
		return NULL;
	return out;
}

/* Room for one more in a growing array; -1 on memory. */
static int
grow(void **p, size_t n, size_t *cap, size_t size, struct fault *f)
{
	void *q;
	size_t want = *cap == 0 ? 256 : *cap * 2;

	if (n < *cap)
		return 0;
	if (n >= ROWS_MAX)
		return fault(f, FAULT_LIMIT, "report: over %d rows", ROWS_MAX);
	if ((q = realloc(*p, want * size)) == NULL)
		return fault_memory(f);
	*p = q;
	*cap = want;
	return 0;
}

/* ------------------------------------------------------- judgement and run */

static int
load_judgement(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	sqlite3_stmt *q;
	int rc;

	if (ask(l, &q, f,
		"SELECT made, as_of, profile, run, record FROM judgement WHERE "
		"id = "
		"%lld",
		l->q->judgement) == -1)
		return -1;
	if ((rc = next(l, q, f)) != 1)
		return rc == 0
			   ? fault(f, FAULT_USAGE, "there is no judgement %lld",
				 l->q->judgement)
			   : -1;
	m->judgement = l->q->judgement;
	m->judged = text(l, q, 0);
	m->as_of = text(l, q, 1);
	m->profile = text(l, q, 2);
	m->run.id = sqlite3_column_int64(q, 3);
	l->record = sqlite3_column_int64(q, 4);
	(void)sqlite3_finalize(q);
	return store_as_of(l->st, m->run.id, f);
}

static int
load_run(struct loading *l, struct fault *f)
{
	struct model_run *r = &l->m->run;
	sqlite3_stmt *q;
	int rc;

	if (ask(l, &q, f,
		"SELECT r.began, r.ended, r.state, r.origin, r.operator, "
		"r.exhibit, r.module, r.state_root, lower(hex(l.leaf)), "
		"r.record FROM run r JOIN log l ON l.seq = r.record "
		"WHERE r.id = %lld",
		r->id) == -1)
		return -1;
	if ((rc = next(l, q, f)) != 1)
		return rc == 0 ? fault(f, FAULT_INTEGRITY,
				     "run %lld is missing", r->id)
			       : -1;
	r->began = text(l, q, 0);
	r->ended = text(l, q, 1);
	r->state = text(l, q, 2);
	r->origin = text(l, q, 3);
	r->asked_by = text(l, q, 4);
	r->exhibit = text(l, q, 5);
	r->module = text(l, q, 6);
	r->state_root = text(l, q, 7);
	r->record_leaf = text(l, q, 8);
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
	"FROM place p JOIN answer w ON w.place = p.id AND w.run = (SELECT "    \
	"max(run) FROM answer WHERE place = p.id AND run <= %lld) "            \
	"JOIN content c ON c.id = w.content JOIN ended e ON e.run = w.run "

static int
load_scopes(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	size_t cap = 0;
	struct model_scope *list = NULL;
	sqlite3_stmt *q;
	int rc;

	if (ask(l, &q, f,
		"SELECT p.scope, p.collector, c.body ->> '$.outcome', c.body "
		"->> '$.subjects', c.body ->> '$.calls', c.body ->> "
		"'$.denied', e.ended " NEWEST_ANSWERS
		"ORDER BY p.scope, p.collector",
		m->run.id) == -1)
		return -1;
	while ((rc = next(l, q, f)) == 1) {
		if (grow((void **)&list, m->nscopes, &cap, sizeof(*list), f) ==
		    -1) {
			(void)sqlite3_finalize(q);
			free(list);
			return -1;
		}
		list[m->nscopes++] = (struct model_scope){
			.scope = text(l, q, 0),
			.collector = text(l, q, 1),
			.outcome = text(l, q, 2),
			.subjects = sqlite3_column_int64(q, 3),
			.calls = sqlite3_column_int64(q, 4),
			.denied = sqlite3_column_int64(q, 5),
			.covered = text(l, q, 6),
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

	if (ask(l, &q, f,
		"SELECT p.scope, p.collector, NULL AS kind, c.body ->> "
		"'$.outcome', c.body ->> '$.reason' " NEWEST_ANSWERS
		"WHERE c.body ->> '$.outcome' <> 'observed' UNION ALL "
		"SELECT p.scope, p.collector, g.value ->> '$.kind', g.value "
		"->> '$.outcome', g.value ->> '$.reason' " NEWEST_ANSWERS
		", json_each(c.body, '$.gaps') g ORDER BY 1, 2, 3",
		m->run.id, m->run.id) == -1)
		return -1;
	while ((rc = next(l, q, f)) == 1) {
		if (grow((void **)&list, m->ngaps, &cap, sizeof(*list), f) ==
		    -1) {
			(void)sqlite3_finalize(q);
			free(list);
			return -1;
		}
		list[m->ngaps++] = (struct model_gap){
			.scope = text(l, q, 0),
			.collector = text(l, q, 1),
			.kind = text(l, q, 2),
			.outcome = text(l, q, 3),
			.reason = text(l, q, 4),
		};
	}
	m->gaps = arena_alloc(l->arena, m->ngaps * sizeof(*list) + 1);
	if (m->gaps != NULL && m->ngaps > 0)
		memcpy(m->gaps, list, m->ngaps * sizeof(*list));
	free(list);
	return rc;
}

/* -------------------------------------------------------- checks, subjects */

static int
load_checks(struct loading *l, struct fault *f)
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
		o->uuid = uuid(l, "check", k->id, f);
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
				    text(l, q, from + (int)i) };
	props[s->nprops++] =
	    (struct model_prop){ "evidence_sha256", text(l, q, from - 1) };
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
	s->uuid = uuid(l, "subject", id, f);
	s->kind = k->name;
	s->scope = text(l, q, 1);
	s->key = text(l, q, 2);
	s->outcome = text(l, q, 3);
	s->reason = text(l, q, 4);
	s->first_seen = text(l, q, 5);
	s->last_seen = text(l, q, 6);
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
	    ask(l, &q, f,
		"SELECT v.subject, v.scope, v.key, v.outcome, v.reason, "
		"(SELECT e.ended FROM change x JOIN ended e ON e.run = x.run "
		"WHERE x.subject = v.subject ORDER BY x.run LIMIT 1), "
		"(SELECT ended FROM ended WHERE run = v.seen_run), "
		"v.content_sha256"
		"%s FROM \"%s\" v WHERE v.subject IN temp.judged "
		"ORDER BY v.scope, v.key",
		columns.len > 0 ? columns.p : "", view) == -1)
		return -1;
	while ((rc = next(l, q, f)) == 1)
		if (load_subject(l, k, q, f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
	return rc;
}

static int
load_subjects(
    struct loading *l, const struct kind *const *kinds, struct fault *f)
{
	struct model *m = l->m;
	sqlite3_stmt *q;
	long long n = 0;
	int rc;

	if (ask(l, &q, f, "DROP TABLE IF EXISTS temp.judged") == -1 ||
	    next(l, q, f) == -1 ||
	    ask(l, &q, f,
		"CREATE TEMP TABLE judged AS SELECT DISTINCT subject FROM "
		"verdict_at WHERE judgement = %lld",
		m->judgement) == -1 ||
	    next(l, q, f) == -1 ||
	    ask(l, &q, f, "SELECT count(*) FROM temp.judged") == -1)
		return -1;
	if ((rc = next(l, q, f)) == 1) {
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
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (load_kind(l, kinds[i], f) == -1)
			return -1;
	return 0;
}

/* ---------------------------------------------------------------- verdicts */

/* Subjects by database id, for look-ups: an index sorted by id. */
static int
by_first(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static size_t
check_index(const struct model *m, const char *id)
{
	for (size_t i = 0; i < m->nchecks; i++)
		if (strcmp(m->checks[i].id, id) == 0)
			return i;
	return m->nchecks;
}

static int
load_row(struct loading *l, sqlite3_stmt *q, const int64_t (*index)[2],
    struct fault *f)
{
	const int64_t id = sqlite3_column_int64(q, 1);
	const int64_t *at =
	    bsearch(&id, index, l->m->nsubjects, sizeof(*index), by_first);
	const char *check = (const char *)sqlite3_column_text(q, 0);
	const char *verdict = (const char *)sqlite3_column_text(q, 2);
	struct row r;

	if (check == NULL || verdict == NULL)
		return store_fault(l->st, "report", f);
	r = (struct row){ .check = check_index(l->m, check) };
	if (at == NULL || r.check == l->m->nchecks)
		return 0; /* a check that is not in this report */
	if (verdict_of_name(verdict, &r.verdict) == -1)
		return fault(f, FAULT_INTEGRITY,
		    "judgement %lld: a verdict "
		    "is not one",
		    l->m->judgement);
	r.subject = (size_t)at[1];
	r.reason = text(l, q, 3);
	r.since = text(l, q, 4);
	if (r.reason == NULL || r.since == NULL)
		return fault_memory(f);
	if (grow((void **)&l->rows, l->nrows, &l->caprows, sizeof(r), f) == -1)
		return -1;
	l->rows[l->nrows++] = r;
	l->m->checks[r.check].counts[r.verdict]++;
	return 0;
}

static int
load_verdicts(struct loading *l, struct fault *f)
{
	size_t n = l->m->nsubjects;
	int64_t(*index)[2] = arena_alloc(l->arena, n * sizeof(*index) + 1);
	sqlite3_stmt *q;
	int rc;

	if (index == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < n; i++) {
		index[i][0] = l->ids[i];
		index[i][1] = (int64_t)i;
	}
	qsort(index, n, sizeof(*index), by_first);
	if (ask(l, &q, f,
		"SELECT v.check_id, v.subject, v.verdict, v.reason, j.as_of "
		"FROM verdict_at v JOIN judgement j ON j.id = "
		"v.since_judgement WHERE v.judgement = %lld",
		l->m->judgement) == -1)
		return -1;
	while ((rc = next(l, q, f)) == 1)
		if (load_row(l, q, (const int64_t(*)[2])index, f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
	return rc;
}

static int
by_group(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c;

	if (x->check != y->check)
		return x->check < y->check ? -1 : 1;
	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	if ((c = strcmp(x->reason, y->reason)) != 0)
		return c;
	return x->subject < y->subject ? -1 : x->subject > y->subject;
}

static bool
same_group(const struct row *x, const struct row *y)
{
	return x->check == y->check && x->verdict == y->verdict &&
	       strcmp(x->reason, y->reason) == 0;
}

static int
make_group(struct loading *l, const struct row *r, size_t n, struct fault *f)
{
	struct model_group *g = &l->m->groups[l->m->ngroups++];
	size_t *subjects = arena_alloc(l->arena, n * sizeof(*subjects));
	BUF_AUTO(name, 16384);

	if (subjects == NULL)
		return fault_memory(f);
	*g = (struct model_group){ .check = r->check,
		.verdict = r->verdict,
		.reason = r->reason,
		.since = r->since,
		.nsubjects = n };
	for (size_t i = 0; i < n; i++) {
		subjects[i] = r[i].subject;
		if (strcmp(r[i].since, g->since) < 0)
			g->since = r[i].since;
	}
	g->subjects = subjects;
	buf_printf(&name, "%s/%s/%s", l->m->checks[r->check].id,
	    verdict_name(r->verdict), r->reason);
	if (buf_done(&name, "group", f) == -1 ||
	    (g->uuid = uuid(l, "group", name.p, f)) == NULL)
		return -1;
	return 0;
}

static int
make_groups(struct loading *l, struct fault *f)
{
	size_t n = 0;

	if (l->nrows > 0)
		qsort(l->rows, l->nrows, sizeof(*l->rows), by_group);
	for (size_t i = 0; i < l->nrows; i++)
		if (i == 0 || !same_group(&l->rows[i - 1], &l->rows[i]))
			n++;
	l->m->groups = arena_alloc(l->arena, n * sizeof(*l->m->groups) + 1);
	if (l->m->groups == NULL)
		return fault_memory(f);
	for (size_t i = 0, k; i < l->nrows; i = k) {
		for (k = i + 1;
		     k < l->nrows && same_group(&l->rows[i], &l->rows[k]);)
			k++;
		if (make_group(l, &l->rows[i], k - i, f) == -1)
			return -1;
	}
	return 0;
}

/* ---------------------------------------------------------------- postures */

struct signature {
	const char *text;
	size_t subject;
};

static int
by_signature(const void *a, const void *b)
{
	const struct signature *x = a, *y = b;
	int c = strcmp(x->text, y->text);

	if (c != 0)
		return c;
	return x->subject < y->subject ? -1 : x->subject > y->subject;
}

static const char *
prop(const struct model_subject *s, const char *name)
{
	for (size_t i = 0; i < s->nprops; i++)
		if (strcmp(s->props[i].name, name) == 0)
			return s->props[i].value;
	return "";
}

/* What makes two subjects one line of the report: kind, outcome, system,
 * kernel, and every verdict. */
static int
sign_subjects(struct loading *l, struct signature *list, struct fault *f)
{
	struct model *m = l->m;
	char *letters = arena_alloc(l->arena, m->nsubjects * m->nchecks + 1);

	if (letters == NULL)
		return fault_memory(f);
	memset(letters, '-', m->nsubjects * m->nchecks);
	for (size_t i = 0; i < l->nrows; i++)
		letters[l->rows[i].subject * m->nchecks + l->rows[i].check] =
		    (char)('0' + l->rows[i].verdict);
	for (size_t i = 0; i < m->nsubjects; i++) {
		const struct model_subject *s = &m->subjects[i];
		BUF_AUTO(b, 65536);

		buf_printf(&b, "%s\n%s\n%s\n%s\n", s->kind, s->outcome,
		    prop(s, "os_pretty"), prop(s, "kernel_release"));
		buf_put(&b, letters + i * m->nchecks, m->nchecks);
		if (buf_done(&b, "posture", f) == -1)
			return -1;
		list[i].subject = i;
		if ((list[i].text = arena_str(l->arena, b.p)) == NULL)
			return fault_memory(f);
	}
	return 0;
}

static int
make_postures(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	struct signature *list =
	    arena_alloc(l->arena, m->nsubjects * sizeof(*list) + 1);

	if (list == NULL)
		return fault_memory(f);
	if (sign_subjects(l, list, f) == -1)
		return -1;
	qsort(list, m->nsubjects, sizeof(*list), by_signature);
	for (size_t i = 0; i < m->nsubjects; i++) {
		if (i > 0 && strcmp(list[i - 1].text, list[i].text) != 0)
			m->npostures++;
		m->subjects[list[i].subject].posture = m->npostures;
	}
	m->npostures += m->nsubjects > 0;
	return 0;
}

/* ---------------------------------------------------------------- evidence */

static bool
kind_is_read(const struct checks *cs, const char *kind)
{
	for (size_t i = 0; i < cs->n; i++)
		for (size_t k = 0; k < cs->list[i].nkinds; k++)
			if (strcmp(cs->list[i].kinds[k], kind) == 0)
				return true;
	return false;
}

static int
note_evidence(struct loading *l, const struct kind *k, sqlite3_stmt *q,
    size_t *cap, struct fault *f)
{
	struct model *m = l->m;
	struct model_evidence *e;
	const char *sha = (const char *)sqlite3_column_text(q, 2);

	/* rows come by content: equal bytes are one piece of evidence */
	if (m->nevidence == 0 ||
	    strcmp(m->evidence[m->nevidence - 1].sha256, sha) != 0 ||
	    strcmp(m->evidence[m->nevidence - 1].kind, k->name) != 0) {
		if (grow((void **)&m->evidence, m->nevidence, cap, sizeof(*e),
			f) == -1)
			return -1;
		e = &m->evidence[m->nevidence++];
		*e = (struct model_evidence){ .kind = k->name,
			.scope = text(l, q, 0),
			.key = text(l, q, 1),
			.sha256 = text(l, q, 2),
			.size = (uint64_t)sqlite3_column_int64(q, 3),
			.outcome = text(l, q, 4),
			.source = text(l, q, 5),
			.collected = text(l, q, 6),
			.last_seen = text(l, q, 7),
			.run = sqlite3_column_int64(q, 8) };
	}
	if (grow((void **)&l->found, l->nfound, &l->capfound, sizeof(*l->found),
		f) == -1)
		return -1;
	l->found[l->nfound++] =
	    (struct occurrence){ k->name, text(l, q, 0), m->nevidence - 1 };
	m->evidence[m->nevidence - 1].subjects++;
	return 0;
}

static int
load_evidence_of(
    struct loading *l, const struct kind *k, size_t *cap, struct fault *f)
{
	char view[KIND_VIEW_MAX];
	sqlite3_stmt *q;
	int rc;

	kind_view(k, view);
	if (ask(l, &q, f,
		"SELECT v.scope, v.key, v.content_sha256, c.size, v.outcome, "
		"coalesce(p.body ->> '$.source', ''), a.began, e.ended, "
		"v.since_run FROM \"%s\" v "
		"JOIN change x ON x.subject = v.subject AND x.run = "
		"v.since_run JOIN content c ON c.id = x.content "
		"LEFT JOIN content p ON p.id = x.provenance "
		"JOIN run a ON a.id = v.since_run "
		"JOIN ended e ON e.run = v.seen_run "
		"ORDER BY v.content_sha256, v.scope, v.key",
		view) == -1)
		return -1;
	while ((rc = next(l, q, f)) == 1)
		if (note_evidence(l, k, q, cap, f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
	return rc;
}

static int
by_place(const void *a, const void *b)
{
	const struct occurrence *x = a, *y = b;
	int c = strcmp(x->kind, y->kind);

	if (c == 0 && (c = strcmp(x->scope, y->scope)) == 0)
		c = x->evidence < y->evidence ? -1 : x->evidence > y->evidence;
	return c;
}

/* The first occurrence of the kind in the scope, or nfound. */
static size_t
first_found(const struct loading *l, const char *kind, const char *scope)
{
	size_t lo = 0, hi = l->nfound;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(l->found[mid].kind, kind);

		if (c == 0)
			c = strcmp(l->found[mid].scope, scope);
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int
by_number(const void *a, const void *b)
{
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* A group rests on what its check reads in the scopes of its subjects. */
static int
link_group(struct loading *l, struct model_group *g, unsigned char *seen,
    struct fault *f)
{
	const struct check *k = &l->q->checks->list[g->check];
	size_t *list =
	    arena_alloc(l->arena, EVIDENCE_OF_GROUP_MAX * sizeof(*list));

	if (list == NULL)
		return fault_memory(f);
	memset(seen, 0, l->m->nevidence);
	for (size_t n = 0; n < k->nkinds; n++)
		for (size_t i = 0; i < g->nsubjects; i++) {
			const char *scope =
			    l->m->subjects[g->subjects[i]].scope;
			size_t at = first_found(l, k->kinds[n], scope);

			for (; at < l->nfound &&
			       g->nevidence < EVIDENCE_OF_GROUP_MAX &&
			       strcmp(l->found[at].kind, k->kinds[n]) == 0 &&
			       strcmp(l->found[at].scope, scope) == 0;
			     at++)
				if (!seen[l->found[at].evidence]++)
					list[g->nevidence++] =
					    l->found[at].evidence;
		}
	qsort(list, g->nevidence, sizeof(*list), by_number);
	g->evidence = list;
	return 0;
}

static int
name_evidence(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	struct model_evidence *list =
	    arena_alloc(l->arena, m->nevidence * sizeof(*list) + 1);

	if (list != NULL && m->nevidence > 0)
		memcpy(list, m->evidence, m->nevidence * sizeof(*list));
	free(m->evidence);
	m->evidence = list;
	if (list == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < m->nevidence; i++) {
		char name[256];

		(void)snprintf(
		    name, sizeof(name), "%s/%s", list[i].kind, list[i].sha256);
		if ((list[i].uuid = uuid(l, "evidence", name, f)) == NULL)
			return -1;
	}
	return 0;
}

static int
load_evidence(
    struct loading *l, const struct kind *const *kinds, struct fault *f)
{
	struct model *m = l->m;
	unsigned char *seen;
	size_t cap = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && kinds[i] != NULL; i++)
		if (kind_is_read(l->q->checks, kinds[i]->name))
			rc = load_evidence_of(l, kinds[i], &cap, f);
	if (rc == -1) {
		free(m->evidence);
		m->evidence = NULL;
		return -1;
	}
	if (l->nfound > 0)
		qsort(l->found, l->nfound, sizeof(*l->found), by_place);
	if (name_evidence(l, f) == -1)
		return -1;
	if ((seen = malloc(m->nevidence + 1)) == NULL)
		return fault_memory(f);
	for (size_t i = 0; rc == 0 && i < m->ngroups; i++)
		rc = link_group(l, &m->groups[i], seen, f);
	free(seen);
	return rc;
}

/* ------------------------------------------------------------------- whole */

static int
load_signer(struct loading *l, struct fault *f)
{
	const struct model_signer *from = l->q->signer;
	struct model_signer *to;

	if (from == NULL)
		return 0;
	if ((to = arena_alloc(l->arena, sizeof(*to))) == NULL)
		return fault_memory(f);
	*to = (struct model_signer){
		.subject = arena_str(l->arena, from->subject),
		.issuer = arena_str(l->arena, from->issuer),
		.serial = arena_str(l->arena, from->serial),
		.fingerprint = arena_str(l->arena, from->fingerprint),
		.algorithm = arena_str(l->arena, from->algorithm),
		.not_before = arena_str(l->arena, from->not_before),
		.not_after = arena_str(l->arena, from->not_after),
		.self_signed = from->self_signed,
		.pem = arena_str(l->arena, from->pem),
	};
	l->m->signer = to;
	return 0;
}

static int
load_head(struct loading *l, struct fault *f)
{
	const struct model_request *q = l->q;
	const char *path = store_path(l->st), *slash = strrchr(path, '/');
	struct model *m = l->m;

	const char *made = q->made != NULL ? q->made : m->judged;

	m->uuid = uuid(l, "report", made, f);
	m->period_from = arena_str(l->arena, q->period_from);
	m->period_to = arena_str(l->arena, q->period_to);
	m->title = arena_str(l->arena, q->title);
	m->organization = arena_str(l->arena, q->organization);
	m->classification = arena_str(l->arena, q->classification);
	m->made = arena_str(l->arena, made);
	m->exhibit = arena_str(l->arena, q->exhibit);
	m->module = arena_str(l->arena, crypto_module(l->crypto));
	m->basename = arena_str(l->arena, q->basename);
	m->store_name = arena_str(l->arena, slash != NULL ? slash + 1 : path);
	return m->uuid == NULL ? -1 : load_signer(l, f);
}

/* A report says all of its state, or is not made. */
static int
check_whole(struct loading *l, struct fault *f)
{
	char on[UTC_LEN];
	int rc = store_dropped(l->st, l->m->run.id, l->m->judgement, on, f);

	return rc != 1 ? rc
		       : fault(f, FAULT_ABSENT,
			     "the state as of run %lld cannot be reported: "
			     "evidence or verdicts of it were dropped by "
			     "retention on %s",
			     l->m->run.id, on);
}

static int
load_all(struct loading *l, struct fault *f)
{
	const struct kind *const *kinds = store_kinds(l->st);

	if (load_judgement(l, f) == -1 || check_whole(l, f) == -1 ||
	    load_head(l, f) == -1 || load_run(l, f) == -1 ||
	    load_checkpoint(l, f) == -1 || load_scopes(l, f) == -1 ||
	    load_gaps(l, f) == -1 || load_checks(l, f) == -1 ||
	    load_subjects(l, kinds, f) == -1 || load_verdicts(l, f) == -1 ||
	    make_groups(l, f) == -1 || make_postures(l, f) == -1 ||
	    load_evidence(l, kinds, f) == -1 ||
	    model_load_sections(
		l->st, l->crypto, &l->q->checks->catalogs, l->m, f) == -1 ||
	    model_load_exceptions(l->st, l->crypto, l->m, l->record, f) == -1)
		return -1;
	return l->no_memory || arena_failed(l->arena) ? fault_memory(f) : 0;
}

struct model *
model_load(struct store *reader, struct crypto *c,
    const struct model_request *q, struct fault *f)
{
	struct loading l = {
		.st = reader, .db = store_db(reader), .crypto = c, .q = q
	};
	int rc;

	if ((l.m = calloc(1, sizeof(*l.m))) == NULL ||
	    (l.arena = arena_new()) == NULL) {
		free(l.m);
		(void)fault_memory(f);
		return NULL;
	}
	l.m->arena = l.arena;
	rc = load_all(&l, f);
	free(l.rows);
	free(l.found);
	if (rc == -1) {
		model_free(l.m);
		return NULL;
	}
	return l.m;
}
