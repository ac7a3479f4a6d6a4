/* Verdicts, grouped by reason, and subjects that are alike. */
#include "report/model/model_loading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* What a number stands for: a verdict's content, a rule, a judgement. */
struct told {
	int64_t id;
	const char *text, *more;
};

struct told_list {
	struct told *list; /* owned; by id */
	size_t n, cap;
};

static int
load_told(
    struct loading *l, struct told_list *t, const char *sql, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (loading_ask(l, &q, f, "%s", sql) == -1)
		return -1;
	while ((rc = loading_next(l, q, f)) == 1) {
		if (loading_grow((void **)&t->list, t->n, &t->cap,
			sizeof(*t->list), f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
		t->list[t->n++] = (struct told){ sqlite3_column_int64(q, 0),
			loading_text(l, q, 1), loading_text(l, q, 2) };
	}
	return rc;
}

static const struct told *
told_find(const struct told_list *t, int64_t id)
{
	return t->n == 0
		   ? NULL
		   : bsearch(&id, t->list, t->n, sizeof(*t->list), by_first);
}

struct reading { /* rows as numbers, and what these stand for */
	struct told_list rules, contents, judgements;
	const int64_t (*index)[2];
	const struct told *rule; /* of the row before */
	size_t check;
};

static int
load_row(struct loading *l, sqlite3_stmt *q, struct reading *r, struct fault *f)
{
	const int64_t subject = sqlite3_column_int64(q, 1);
	const int64_t *at = bsearch(
	    &subject, r->index, l->m->nsubjects, sizeof(*r->index), by_first);
	const struct told *rule =
	    told_find(&r->rules, sqlite3_column_int64(q, 0));
	const struct told *content =
	    told_find(&r->contents, sqlite3_column_int64(q, 2));
	const struct told *since =
	    told_find(&r->judgements, sqlite3_column_int64(q, 3));
	struct row row;

	if (rule == NULL || content == NULL || since == NULL ||
	    rule->text == NULL || content->text == NULL ||
	    content->more == NULL || since->text == NULL)
		return store_fault(l->st, "report", f);
	if (rule != r->rule)
		r->check = check_index(l->m, rule->text);
	r->rule = rule;
	if (at == NULL || r->check == l->m->nchecks)
		return 0; /* a check that is not in this report */
	row = (struct row){ .check = r->check,
		.subject = (size_t)at[1],
		.reason = content->more,
		.since = since->text };
	if (verdict_of_name(content->text, &row.verdict) == -1)
		return fault(f, FAULT_INTEGRITY,
		    "judgement %lld: a verdict "
		    "is not one",
		    l->m->judgement);
	if (loading_grow(
		(void **)&l->rows, l->nrows, &l->caprows, sizeof(row), f) == -1)
		return -1;
	l->rows[l->nrows++] = row;
	l->m->checks[row.check].counts[row.verdict]++;
	return 0;
}

static int
read_rows(struct loading *l, struct reading *r, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (load_told(l, &r->rules,
		"SELECT id, check_id, NULL FROM rule ORDER "
		"BY id",
		f) == -1 ||
	    load_told(l, &r->judgements,
		"SELECT id, as_of, NULL FROM judgement ORDER BY id", f) == -1 ||
	    /* as the view verdict_at has them */
	    load_told(l, &r->contents,
		"SELECT c.id, iif(c.body IS NULL, 'unknown', "
		"json_extract(c.body, '$.verdict')), iif(c.body IS NULL, "
		"(SELECT why FROM dropped WHERE content = c.id), "
		"json_extract(c.body, '$.reason')) FROM content c WHERE c.id "
		"IN (SELECT content FROM temp.opined) ORDER BY c.id",
		f) == -1 ||
	    loading_ask(l, &q, f,
		"SELECT rule, subject, content, since FROM temp.opined") == -1)
		return -1;
	while ((rc = loading_next(l, q, f)) == 1)
		if (load_row(l, q, r, f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
	return rc;
}

static int
load_rows(struct loading *l, struct fault *f)
{
	size_t n = l->m->nsubjects;
	int64_t(*index)[2] = arena_alloc(l->arena, n * sizeof(*index) + 1);
	struct reading r = { .index = (const int64_t(*)[2])index };
	int rc;

	if (index == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < n; i++) {
		index[i][0] = l->ids[i];
		index[i][1] = (int64_t)i;
	}
	qsort(index, n, sizeof(*index), by_first);
	rc = read_rows(l, &r, f);
	free(r.rules.list);
	free(r.contents.list);
	free(r.judgements.list);
	return rc;
}

/* Equal reasons of equal contents are one text. */
static int
compare_reasons(const struct row *x, const struct row *y)
{
	return x->reason == y->reason ? 0 : strcmp(x->reason, y->reason);
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
	if ((c = compare_reasons(x, y)) != 0)
		return c;
	return x->subject < y->subject ? -1 : x->subject > y->subject;
}

static bool
same_group(const struct row *x, const struct row *y)
{
	return x->check == y->check && x->verdict == y->verdict &&
	       compare_reasons(x, y) == 0;
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
	    (g->uuid = loading_uuid(l, "group", name.p, f)) == NULL)
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

int
model_load_verdicts(struct loading *l, struct fault *f)
{
	if (load_rows(l, f) == -1 || make_groups(l, f) == -1)
		return -1;
	return make_postures(l, f);
}
