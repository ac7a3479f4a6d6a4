/* The tables of a report: every section's query, as of its judgement. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/model/model_load.h"
#include "report/judge/query.h"
#include "report/judge/asked.h"

#define ROWS_MAX 500	 /* written of one table; the query gives all */
#define COLUMNS_MAX 16	 /* of one table */
#define CELL_MAX 600	 /* bytes of one cell */
#define SECTIONS_MAX 128 /* in one report */

struct loading {
	struct store *st;
	struct crypto *crypto;
	struct model *m;
	const struct catalogs *catalogs;
	const char **cells; /* owned while loading */
	size_t ncells, cap;
};

/* The verdicts are those of the report's own judgement. */
static int
use_judgement(struct loading *l, struct fault *f)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql),
	    "DROP VIEW IF EXISTS temp.verdict; CREATE TEMP VIEW verdict AS "
	    "SELECT * FROM verdict_at WHERE judgement = %lld",
	    l->m->judgement);
	if (sqlite3_exec(store_db(l->st), sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fault(l->st, "tables", f);
	return 0;
}

static void
bind_params(struct loading *l, const struct named_query *q, sqlite3_stmt *s)
{
	int n = sqlite3_bind_parameter_count(s);

	for (int i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(s, i);

		if (name == NULL)
			continue;
		if (strcmp(name, ":run") == 0)
			sqlite3_bind_int64(s, i, l->m->run.id);
		else if (strcmp(name, ":at") == 0)
			sqlite3_bind_text(s, i, l->m->as_of, -1, SQLITE_STATIC);
		else if (strcmp(name, ":from") == 0)
			sqlite3_bind_text(
			    s, i, l->m->period_from, -1, SQLITE_STATIC);
		else if (strcmp(name, ":to") == 0)
			sqlite3_bind_text(
			    s, i, l->m->period_to, -1, SQLITE_STATIC);
		for (size_t k = 0; k < q->nparams; k++)
			if (strcmp(name + 1, q->params[k].name) == 0)
				sqlite3_bind_text(s, i, q->params[k].value, -1,
				    SQLITE_TRANSIENT);
	}
}

static int
keep_cell(struct loading *l, sqlite3_stmt *s, int column, struct fault *f)
{
	const char *v = (const char *)sqlite3_column_text(s, column);
	char cut[CELL_MAX + 4];
	size_t len, cap = l->cap == 0 ? 256 : l->cap * 2;
	void *p;

	if (v == NULL && sqlite3_column_type(s, column) != SQLITE_NULL)
		return fault_memory(f);
	if (l->ncells == l->cap) {
		if ((p = realloc(l->cells, cap * sizeof(*l->cells))) == NULL)
			return fault_memory(f);
		l->cells = p;
		l->cap = cap;
	}
	len = v != NULL ? strlen(v) : 0;
	if (len > CELL_MAX) { /* not within a character */
		for (len = CELL_MAX; len > 0 && (v[len] & 0xc0) == 0x80;)
			len--;
		(void)snprintf(cut, sizeof(cut), "%.*s...", (int)len, v);
		v = cut;
	}
	l->cells[l->ncells] = arena_str(l->m->arena, v);
	if (v != NULL && l->cells[l->ncells] == NULL)
		return fault_memory(f);
	l->ncells++;
	return 0;
}

static int
keep_columns(struct loading *l, struct model_section *t, sqlite3_stmt *s,
    struct fault *f)
{
	int n = sqlite3_column_count(s);
	const char **names;

	if (n > COLUMNS_MAX)
		return fault(f, FAULT_LIMIT, "table %s: over %d columns",
		    t->name, COLUMNS_MAX);
	names = arena_alloc(l->m->arena, (size_t)n * sizeof(*names));
	for (int i = 0; names != NULL && i < n; i++)
		names[i] = arena_str(l->m->arena, sqlite3_column_name(s, i));
	t->columns = names;
	t->ncolumns = (size_t)n;
	return arena_failed(l->m->arena) ? fault_memory(f) : 0;
}

static int
keep_rows(struct loading *l, struct model_section *t, sqlite3_stmt *s,
    struct fault *f)
{
	const char **cells;
	int rc;

	l->ncells = 0;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		if (t->all++ >= ROWS_MAX)
			continue;
		for (size_t i = 0; i < t->ncolumns; i++)
			if (keep_cell(l, s, (int)i, f) == -1)
				return -1;
		t->nrows++;
	}
	if (rc != SQLITE_DONE)
		return store_fault(l->st, t->name, f);
	cells = arena_alloc(l->m->arena, (l->ncells + 1) * sizeof(*cells));
	if (cells == NULL)
		return fault_memory(f);
	if (l->ncells > 0)
		memcpy(cells, l->cells, l->ncells * sizeof(*cells));
	t->cells = cells;
	return 0;
}

static int
name_section(struct loading *l, struct model_section *t,
    const struct named_query *q, struct fault *f)
{
	char name[128], *id = arena_alloc(l->m->arena, UUID_LEN);

	(void)snprintf(
	    name, sizeof(name), "%s/section/%s", l->m->uuid, q->name);
	if (id == NULL)
		return fault_memory(f);
	t->uuid = id;
	t->name = arena_str(l->m->arena, q->name);
	t->title = arena_str(l->m->arena, q->title);
	t->about = arena_str(l->m->arena, q->about);
	t->period = q->period;
	t->first = q->first;
	t->chart =
	    q->chart[0] != '\0' ? arena_str(l->m->arena, q->chart) : NULL;
	return uuid_of(l->crypto, name, id, f);
}

static int
load_section(struct loading *l, const struct named_query *q, struct fault *f)
{
	struct model_section t = { 0 };
	sqlite3_stmt *s = NULL;
	int rc = name_section(l, &t, q, f);

	if (rc == 0)
		rc = named_query_prepare(l->st, l->catalogs, q, &s, f);
	if (rc == 0) {
		bind_params(l, q, s);
		rc = keep_columns(l, &t, s, f);
	}
	if (rc == 0)
		rc = keep_rows(l, &t, s, f);
	(void)sqlite3_finalize(s);
	/* over a period "nothing" is an answer too */
	if (rc == 0 && (t.nrows > 0 || t.period))
		l->m->sections[l->m->nsections++] = t;
	return rc;
}

int
model_load_sections(struct store *reader, struct crypto *c,
    const struct catalogs *catalogs, struct model *m, struct fault *f)
{
	struct loading l = {
		.st = reader, .crypto = c, .m = m, .catalogs = catalogs
	};
	struct named_query q = { 0 };
	int rc;

	m->sections =
	    arena_alloc(m->arena, (SECTIONS_MAX + 1) * sizeof(*m->sections));
	if (m->sections == NULL)
		return fault_memory(f);
	rc = use_judgement(&l, f);
	if (rc == 0)
		rc = asked_set(
		    reader, m->as_of, m->judged, m->run.id, m->judgement, f);
	while (rc == 0 && named_query_section(q.order, &q) &&
	       m->nsections < SECTIONS_MAX) {
		int present = 0;

		if (!q.period || m->period_from != NULL)
			present = q.period || strcmp(q.kind, "*") == 0
				      ? 1
				      : store_has_kind(reader, q.kind, f);
		rc = present == 1 ? load_section(&l, &q, f) : present;
	}
	free(l.cells);
	return rc;
}
