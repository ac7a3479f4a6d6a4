/* The modules of a report: the rows of the query appendix-q. */
#include <stdio.h>
#include <string.h>

#include "report/model/model_load.h"
#include "base/length.h"
#include "report/judge/query.h"

static const char query_name[] = "appendix-q";

static const struct module_column {
	const char *name; /* in the query */
	size_t offset;	  /* of the member it becomes */
} columns[] = {
	{ "part", offsetof(struct model_module, layer) },
	{ "module found", offsetof(struct model_module, name) },
	{ "version found", offsetof(struct model_module, version) },
	{ "vendor", offsetof(struct model_module, vendor) },
	{ "module validated", offsetof(struct model_module, certified) },
	{ "certificate", offsetof(struct model_module, certificate) },
	{ "FIPS 140 standard", offsetof(struct model_module, standard) },
	{ "level", offsetof(struct model_module, level) },
	{ "basis", offsetof(struct model_module, basis) },
	{ "state", offsetof(struct model_module, state) },
	{ "status", offsetof(struct model_module, status) },
	{ "status on", offsetof(struct model_module, status_on) },
	{ "validated", offsetof(struct model_module, validated) },
	{ "sunset", offsetof(struct model_module, sunset) },
	{ "environment", offsetof(struct model_module, environment) },
	{ "used for", offsetof(struct model_module, used_for) },
	{ "inherited from", offsetof(struct model_module, inherited) },
	{ "where", offsetof(struct model_module, where) },
	{ "why", offsetof(struct model_module, why) },
	{ "looked up at", offsetof(struct model_module, source) },
};
#define NCOLUMNS (LENGTH(columns))

struct loading {
	struct store *st;
	struct crypto *crypto;
	struct model *m;
	sqlite3_stmt *q;
	int at[NCOLUMNS]; /* the query's column of each */
	int places;
};

static int
find_columns(struct loading *l, struct fault *f)
{
	int n = sqlite3_column_count(l->q);

	l->places = -1;
	for (size_t i = 0; i < NCOLUMNS; i++)
		l->at[i] = -1;
	for (int c = 0; c < n; c++) {
		const char *name = sqlite3_column_name(l->q, c);

		for (size_t i = 0; name != NULL && i < NCOLUMNS; i++)
			if (strcmp(columns[i].name, name) == 0)
				l->at[i] = c;
		if (name != NULL && strcmp(name, "places") == 0)
			l->places = c;
	}
	for (size_t i = 0; i < NCOLUMNS; i++)
		if (l->at[i] == -1 || l->places == -1)
			return fault(f, FAULT_FORMAT,
			    "query %s: lacks the column '%s'", query_name,
			    columns[i].name);
	return 0;
}

static const char *
or_none(const char *s)
{
	return s != NULL ? s : "";
}

static int
uuid_for(struct loading *l, const char *name, const char **out, struct fault *f)
{
	char *id = arena_alloc(l->m->arena, UUID_LEN);

	*out = id;
	return id == NULL ? fault_memory(f) : uuid_of(l->crypto, name, id, f);
}

/* By what it is and its place: what else a row says may name a host. */
static int
name_module(struct loading *l, struct model_module *d, struct fault *f)
{
	BUF_AUTO(name, 65536);

	buf_printf(&name, "%s/module/%zu/%s/%s/%s", l->m->uuid,
	    (size_t)(d - l->m->modules), or_none(d->layer), or_none(d->name),
	    or_none(d->version));
	if (buf_done(&name, query_name, f) == -1 ||
	    uuid_for(l, name.p, &d->uuid, f) == -1)
		return -1;
	if (d->certificate == NULL)
		return 0;
	buf_reset(&name);
	buf_printf(&name, "%s/certificate/%s", l->m->uuid, d->certificate);
	if (buf_done(&name, query_name, f) == -1)
		return -1;
	return uuid_for(l, name.p, &d->certificate_uuid, f);
}

static int
keep_row(struct loading *l, struct fault *f)
{
	struct model_module *d = &l->m->modules[l->m->nmodules];

	for (size_t i = 0; i < NCOLUMNS; i++) {
		const char **member =
		    (const char **)(void *)((char *)d + columns[i].offset);

		*member = arena_str(l->m->arena,
		    (const char *)sqlite3_column_text(l->q, l->at[i]));
	}
	d->places = sqlite3_column_int64(l->q, l->places);
	if (arena_failed(l->m->arena))
		return fault_memory(f);
	l->m->nmodules++;
	return name_module(l, d, f);
}

static int
keep_rows(struct loading *l, struct fault *f)
{
	int rc = find_columns(l, f), step = SQLITE_DONE;

	while (rc == 0 && (step = sqlite3_step(l->q)) == SQLITE_ROW)
		if (l->m->all_modules++ < MODEL_MODULES_MAX)
			rc = keep_row(l, f);
	return rc == 0 && step != SQLITE_DONE
		   ? store_fault(l->st, query_name, f)
		   : rc;
}

/* The statement of a named query, ready to be stepped through. */
static int
prepare(struct loading *l, const struct catalogs *catalogs, const char *name,
    struct fault *f)
{
	struct named_query q;

	if (!named_query_find(name, &q))
		return fault(f, FAULT_FORMAT, "no query %s", name);
	return named_query_prepare(l->st, catalogs, &q, &l->q, f);
}

int
model_load_modules(struct store *reader, struct crypto *c,
    const struct catalogs *catalogs, struct model *m, struct fault *f)
{
	struct loading l = { .st = reader, .crypto = c, .m = m };
	int rc;

	m->modules =
	    arena_alloc(m->arena, MODEL_MODULES_MAX * sizeof(*m->modules));
	if (m->modules == NULL)
		return fault_memory(f);
	if (prepare(&l, catalogs, query_name, f) == -1)
		return -1;
	rc = keep_rows(&l, f);
	(void)sqlite3_finalize(l.q);
	return rc;
}

static int
keep_components(struct loading *l, struct fault *f)
{
	struct model *m = l->m;
	int step;

	while ((step = sqlite3_step(l->q)) == SQLITE_ROW) {
		if (m->nbom == MODEL_BOM_MAX)
			return fault(f, FAULT_LIMIT,
			    "query cbom: over %d components", MODEL_BOM_MAX);
		m->bom[m->nbom] = arena_str(
		    m->arena, (const char *)sqlite3_column_text(l->q, 0));
		if (m->bom[m->nbom++] == NULL)
			return fault_memory(f);
	}
	return step == SQLITE_DONE ? 0 : store_fault(l->st, "cbom", f);
}

int
model_load_bom(struct store *reader, const struct catalogs *catalogs,
    struct model *m, struct fault *f)
{
	struct loading l = { .st = reader, .m = m };
	int rc;

	m->bom = arena_alloc(m->arena, MODEL_BOM_MAX * sizeof(*m->bom));
	if (m->bom == NULL)
		return fault_memory(f);
	if (prepare(&l, catalogs, "cbom", f) == -1)
		return -1;
	rc = keep_components(&l, f);
	(void)sqlite3_finalize(l.q);
	return rc;
}
