/* See model.h, model_load.h and model_loading.h. */
#include "report/model/model_loading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SQL_MAX (128 * 1024)
#define ROWS_MAX (4 * 1000 * 1000)

void
model_free(struct model *m)
{
	if (m == NULL)
		return;
	arena_free(m->arena);
	free(m);
}

int
loading_ask(
    struct loading *l, sqlite3_stmt **q, struct fault *f, const char *fmt, ...)
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

int
loading_next(struct loading *l, sqlite3_stmt *q, struct fault *f)
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

const char *
loading_text(struct loading *l, sqlite3_stmt *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q, column);

	if (s == NULL && sqlite3_errcode(l->db) == SQLITE_NOMEM)
		l->no_memory = true;
	return arena_str(l->arena, s);
}

/* "uuid of the document / name": the same name, the same UUID. */
const char *
loading_uuid(
    struct loading *l, const char *what, const char *name, struct fault *f)
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

int
loading_grow(void **p, size_t n, size_t *cap, size_t size, struct fault *f)
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
		.held = arena_str(l->arena, from->held),
	};
	l->m->signer = to;
	return 0;
}

static int
load_head(struct loading *l, struct fault *f)
{
	const struct model_request *q = l->q;
	const char *path = q->store != NULL ? q->store : store_path(l->st);
	const char *slash = strrchr(path, '/');
	struct model *m = l->m;

	const char *made = q->made != NULL ? q->made : m->judged;

	m->uuid = loading_uuid(l, "report", made, f);
	m->period_from = arena_str(l->arena, q->period_from);
	m->period_to = arena_str(l->arena, q->period_to);
	m->title = arena_str(l->arena, q->title);
	m->organization = arena_str(l->arena, q->organization);
	m->classification = arena_str(l->arena, q->classification);
	m->fedramp_id = arena_str(l->arena, q->fedramp_id);
	m->accent = arena_str(l->arena, q->accent);
	m->logo = arena_str(l->arena, q->logo);
	m->logo_type = arena_str(l->arena, q->logo_type);
	m->made = arena_str(l->arena, made);
	m->exhibit = arena_str(l->arena, q->exhibit);
	m->module = arena_str(
	    l->arena, q->module != NULL ? q->module : crypto_module(l->crypto));
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
	if (model_load_judgement(l, f) == -1 || check_whole(l, f) == -1 ||
	    load_head(l, f) == -1 || model_load_run(l, f) == -1 ||
	    model_load_checks(l, f) == -1 || model_load_subjects(l, f) == -1 ||
	    model_load_verdicts(l, f) == -1 ||
	    model_load_evidence(l, f) == -1 ||
	    model_load_sections(
		l->st, l->crypto, &l->q->checks->catalogs, l->m, f) == -1 ||
	    model_load_modules(
		l->st, l->crypto, &l->q->checks->catalogs, l->m, f) == -1 ||
	    (l->q->bom && model_load_bom(
			      l->st, &l->q->checks->catalogs, l->m, f) == -1) ||
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
	/* writing needs room, and asks the store little or nothing */
	(void)sqlite3_db_release_memory(l.db);
	if (rc == -1) {
		model_free(l.m);
		return NULL;
	}
	return l.m;
}
