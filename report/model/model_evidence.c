/*
 * What the verdicts rest on: every content of the kinds that the checks read.
 * Equal bytes are one piece of evidence, named by where they stand first.
 */
#include "report/model/model_loading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVIDENCE_OF_GROUP_MAX 200 /* listed; all of it is in the store */

struct occurrence { /* a content where it was found */
	const char *scope;
	size_t evidence;
};

struct range { /* the occurrences of one kind, by scope */
	const char *kind;
	size_t from, to;
	size_t first, end; /* its evidence in the model, by digest */
};

struct first { /* a content, as it comes */
	int64_t content;
	size_t evidence;
};

struct gathering {
	struct loading *l;
	struct occurrence *found; /* owned */
	size_t nfound, capfound;
	struct range *ranges; /* in the arena */
	size_t nranges;
	struct first *table; /* owned: open addressing by content; 0: free */
	size_t ntable, cap_table; /* cap is a power of two */
	size_t cap;		  /* of m->evidence */
	const char *scope;	  /* of the row before */
};

static bool
kind_is_read(const struct checks *cs, const char *kind)
{
	for (size_t i = 0; i < cs->n; i++)
		for (size_t k = 0; k < cs->list[i].nkinds; k++)
			if (strcmp(cs->list[i].kinds[k], kind) == 0)
				return true;
	return false;
}

/* ------------------------------------------------ contents, as they come */

static struct first *
slot(struct first *table, size_t cap, int64_t content)
{
	size_t i = ((uint64_t)content * UINT64_C(0x9e3779b97f4a7c15)) >> 20;

	while (table[i & (cap - 1)].content != 0 &&
	       table[i & (cap - 1)].content != content)
		i++;
	return &table[i & (cap - 1)];
}

static int
widen(struct gathering *g, struct fault *f)
{
	size_t cap = g->cap_table == 0 ? 1024 : g->cap_table * 2;
	struct first *table;

	if (g->ntable * 2 < g->cap_table)
		return 0;
	if ((table = calloc(cap, sizeof(*table))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < g->cap_table; i++)
		if (g->table[i].content != 0)
			*slot(table, cap, g->table[i].content) = g->table[i];
	free(g->table);
	g->table = table;
	g->cap_table = cap;
	return 0;
}

/* What a piece of evidence says of itself, where it stands first. */
static int
describe(struct gathering *g, const struct kind *k, sqlite3_stmt *q,
    int64_t subject, struct model_evidence *e, struct fault *f)
{
	struct loading *l = g->l;
	int rc;

	sqlite3_bind_int64(q, 1, subject);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		*e = (struct model_evidence){ .kind = k->name,
			.scope = g->scope,
			.key = loading_text(l, q, 0),
			.sha256 = loading_text(l, q, 1),
			.size = (uint64_t)sqlite3_column_int64(q, 2),
			.outcome = loading_text(l, q, 3),
			.source = loading_text(l, q, 4),
			.collected = loading_text(l, q, 5),
			.last_seen = loading_text(l, q, 6),
			.run = sqlite3_column_int64(q, 7) };
	else if (rc == SQLITE_DONE)
		rc = fault(f, FAULT_INTEGRITY, "a subject is not there");
	else
		rc = store_fault(l->st, "evidence", f);
	(void)sqlite3_reset(q);
	return rc == SQLITE_ROW ? 0 : -1;
}

static int
note_row(struct gathering *g, const struct kind *k, sqlite3_stmt *row,
    sqlite3_stmt *q, struct fault *f)
{
	const char *scope = (const char *)sqlite3_column_text(row, 0);
	const int64_t content = sqlite3_column_int64(row, 1);
	struct model *m = g->l->m;
	struct first *at;

	if (scope == NULL)
		return fault_memory(f);
	if (g->scope == NULL || strcmp(g->scope, scope) != 0)
		g->scope = arena_str(g->l->arena, scope);
	if (g->scope == NULL)
		return fault_memory(f);
	if (widen(g, f) == -1 || loading_grow((void **)&g->found, g->nfound,
				     &g->capfound, sizeof(*g->found), f) == -1)
		return -1;
	at = slot(g->table, g->cap_table, content);
	if (at->content == 0) {
		if (loading_grow((void **)&m->evidence, m->nevidence, &g->cap,
			sizeof(*m->evidence), f) == -1 ||
		    describe(g, k, q, sqlite3_column_int64(row, 2),
			&m->evidence[m->nevidence], f) == -1)
			return -1;
		*at = (struct first){ content, m->nevidence++ };
		g->ntable++;
	}
	m->evidence[at->evidence].subjects++;
	g->found[g->nfound++] = (struct occurrence){ g->scope, at->evidence };
	return 0;
}

static int
gather_rows(struct gathering *g, const struct kind *k, sqlite3_stmt *detail,
    struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (loading_ask(g->l, &q, f,
		"SELECT scope, content, subject FROM standing WHERE kind = "
		"'%s' ORDER BY scope, key",
		k->name) == -1)
		return -1;
	while ((rc = loading_next(g->l, q, f)) == 1)
		if (note_row(g, k, q, detail, f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
	return rc;
}

static int
by_sha256(const void *a, const void *b)
{
	const struct model_evidence *x = a, *y = b;

	return strcmp(x->sha256, y->sha256);
}

/* The evidence of one kind by digest; uuid is lent to hold where it was. */
static int
sort_kind(struct gathering *g, size_t from, size_t found, struct fault *f)
{
	struct model_evidence *list = g->l->m->evidence;
	size_t n = g->l->m->nevidence - from;
	size_t *place;

	if (n == 0)
		return 0;
	if ((place = malloc(n * sizeof(*place))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < n; i++)
		list[from + i].place = i;
	qsort(list + from, n, sizeof(*list), by_sha256);
	for (size_t i = 0; i < n; i++)
		place[list[from + i].place] = from + i;
	for (size_t i = found; i < g->nfound; i++)
		g->found[i].evidence = place[g->found[i].evidence - from];
	free(place);
	return 0;
}

static int
gather_kind(struct gathering *g, const struct kind *k, struct fault *f)
{
	size_t from = g->l->m->nevidence, found = g->nfound;
	char view[KIND_VIEW_MAX];
	sqlite3_stmt *detail;
	int rc;

	kind_view(k, view);
	if (loading_ask(g->l, &detail, f,
		"SELECT v.key, v.content_sha256, c.size, v.outcome, "
		"coalesce(p.body ->> '$.source', ''), a.began, e.ended, "
		"v.since_run FROM \"%s\" v JOIN change x ON x.subject = "
		"v.subject AND x.run = v.since_run JOIN content c ON c.id = "
		"x.content LEFT JOIN content p ON p.id = x.provenance "
		"JOIN run a ON a.id = v.since_run JOIN ended e ON e.run = "
		"v.seen_run WHERE v.subject = ?1",
		view) == -1)
		return -1;
	g->scope = NULL;
	g->ntable = 0; /* equal bytes of two kinds are two */
	free(g->table);
	g->table = NULL;
	g->cap_table = 0;
	rc = gather_rows(g, k, detail, f);
	(void)sqlite3_finalize(detail);
	if (rc == 0)
		rc = sort_kind(g, from, found, f);
	if (rc == 0)
		g->ranges[g->nranges++] = (struct range){ k->name, found,
			g->nfound, from, g->l->m->nevidence };
	return rc;
}

/* --------------------------------------------------- what groups rest on */

/* The occurrences of the kind in the scope begin there, if there are any. */
static size_t
first_found(const struct gathering *g, const struct range *r, const char *scope)
{
	size_t lo = r->from, hi = r->to;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(g->found[mid].scope, scope) < 0)
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

/* Not yet listed evidence of the range in the scope of a subject. */
static void
link_scope(struct gathering *g, const struct range *r, const char *scope,
    size_t *list, struct model_group *to, unsigned char *seen)
{
	size_t numbers[EVIDENCE_OF_GROUP_MAX], n = 0;

	for (size_t at = first_found(g, r, scope);
	     at < r->to && n < EVIDENCE_OF_GROUP_MAX &&
	     strcmp(g->found[at].scope, scope) == 0;
	     at++)
		numbers[n++] = g->found[at].evidence;
	if (n > 1)
		qsort(numbers, n, sizeof(*numbers), by_number);
	for (size_t i = 0; i < n && to->nevidence < EVIDENCE_OF_GROUP_MAX; i++)
		if (!seen[numbers[i]]++)
			list[to->nevidence++] = numbers[i];
}

static int
of_sha256(const void *key, const void *e)
{
	return strcmp(key, ((const struct model_evidence *)e)->sha256);
}

/* Not yet listed evidence that the subject itself is. */
static void
link_own(const struct model *m, const struct range *r,
    const struct model_subject *s, size_t *list, struct model_group *to,
    unsigned char *seen)
{
	const struct model_prop *last;
	const struct model_evidence *e;
	size_t i;

	if (s->nprops == 0)
		return;
	last = &s->props[s->nprops - 1];
	if (strcmp(last->name, EVIDENCE_PROP) != 0 || last->value == NULL)
		return;
	e = bsearch(last->value, m->evidence + r->first, r->end - r->first,
	    sizeof(*e), of_sha256);
	if (e == NULL)
		return;
	i = (size_t)(e - m->evidence);
	if (!seen[i]++)
		list[to->nevidence++] = i;
}

static void
link_subject(struct gathering *g, const struct range *r,
    const struct model_subject *s, size_t *list, struct model_group *to,
    unsigned char *seen)
{
	if (strcmp(s->kind, r->kind) == 0)
		link_own(g->l->m, r, s, list, to, seen);
	else
		link_scope(g, r, s->scope, list, to, seen);
}

/* A group rests on its subjects, and on what else its check reads in their
 * scopes. */
static int
link_group(struct gathering *g, struct model_group *to, unsigned char *seen,
    struct fault *f)
{
	const struct check *k = &g->l->q->checks->list[to->check];
	const struct model *m = g->l->m;
	size_t *list =
	    arena_alloc(g->l->arena, EVIDENCE_OF_GROUP_MAX * sizeof(*list));

	if (list == NULL)
		return fault_memory(f);
	memset(seen, 0, m->nevidence);
	for (size_t n = 0; n < k->nkinds; n++)
		for (size_t r = 0; r < g->nranges; r++) {
			if (strcmp(g->ranges[r].kind, k->kinds[n]) != 0)
				continue;
			for (size_t i = 0;
			     i < to->nsubjects &&
			     to->nevidence < EVIDENCE_OF_GROUP_MAX;
			     i++)
				link_subject(g, &g->ranges[r],
				    &m->subjects[to->subjects[i]], list, to,
				    seen);
		}
	qsort(list, to->nevidence, sizeof(*list), by_number);
	to->evidence = list;
	return 0;
}

/* ----------------------------------------------------------------- whole */

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
		if ((list[i].uuid = loading_uuid(l, "evidence", name, f)) ==
		    NULL)
			return -1;
	}
	return 0;
}

static int
gather(struct gathering *g, struct fault *f)
{
	const struct kind *const *kinds = store_kinds(g->l->st);
	struct model *m = g->l->m;
	size_t n = 0;
	int rc = 0;

	while (kinds[n] != NULL)
		n++;
	if ((g->ranges = arena_alloc(
		 g->l->arena, (n + 1) * sizeof(*g->ranges))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (kind_is_read(g->l->q->checks, kinds[i]->name) &&
		    (rc = store_has_kind(g->l->st, kinds[i]->name, f)) == 1)
			rc = gather_kind(g, kinds[i], f);
	if (rc == 0)
		return name_evidence(g->l, f);
	free(m->evidence);
	m->evidence = NULL;
	return -1;
}

int
model_load_evidence(struct loading *l, struct fault *f)
{
	struct gathering g = { .l = l };
	unsigned char *seen = NULL;
	int rc = gather(&g, f);

	if (rc == 0 && (seen = malloc(l->m->nevidence + 1)) == NULL)
		rc = fault_memory(f);
	for (size_t i = 0; rc == 0 && i < l->m->ngroups; i++)
		rc = link_group(&g, &l->m->groups[i], seen, f);
	free(seen);
	free(g.found);
	free(g.table);
	return rc;
}
