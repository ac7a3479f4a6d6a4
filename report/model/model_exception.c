/* Exceptions, and what they cover: beside the verdicts, never instead. */
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "report/model/model_load.h"

#define EXCEPTIONS_MAX 10000

static int
prepare(struct store *st, long long record, const char *as_of, sqlite3_stmt **q,
    struct fault *f)
{
	static const char sql[] =
	    "SELECT 'X' || id, CASE WHEN withdrawal < :record AND withdrawn <= "
	    ":at THEN 'withdrawn' WHEN expires < :at THEN 'expired' ELSE "
	    "'open' END, check_id, scope, key, owner, approver, reason, made, "
	    "expires FROM exception WHERE id < :record AND made <= :at ORDER "
	    "BY id LIMIT 10001";

	if (sqlite3_prepare_v2(store_db(st), sql, -1, q, NULL) != SQLITE_OK)
		return store_fault(st, "exceptions", f);
	sqlite3_bind_int64(
	    *q, sqlite3_bind_parameter_index(*q, ":record"), record);
	sqlite3_bind_text(*q, sqlite3_bind_parameter_index(*q, ":at"), as_of,
	    -1, SQLITE_STATIC);
	return 0;
}

static const char *
text(struct model *m, sqlite3_stmt *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q, column);

	return arena_str(m->arena, s != NULL ? s : "");
}

static int
load(struct store *st, struct model *m, sqlite3_stmt *q, struct fault *f)
{
	struct model_exception *list;
	size_t n = 0;
	int rc;

	while ((rc = sqlite3_step(q)) == SQLITE_ROW)
		n++;
	if (rc != SQLITE_DONE)
		return store_fault(st, "exceptions", f);
	if (n > EXCEPTIONS_MAX)
		return fault(
		    f, FAULT_LIMIT, "over %d exceptions", EXCEPTIONS_MAX);
	(void)sqlite3_reset(q);
	list = arena_alloc(m->arena, n * sizeof(*list) + 1);
	if (list == NULL)
		return fault_memory(f);
	m->exceptions = list;
	while (m->nexceptions < n && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		list[m->nexceptions++] = (struct model_exception){
			.id = text(m, q, 0),
			.state = text(m, q, 1),
			.check = text(m, q, 2),
			.scope = text(m, q, 3),
			.key = text(m, q, 4),
			.owner = text(m, q, 5),
			.approver = text(m, q, 6),
			.reason = text(m, q, 7),
			.made = text(m, q, 8),
			.expires = text(m, q, 9),
		};
	}
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		return store_fault(st, "exceptions", f);
	return arena_failed(m->arena) ? fault_memory(f) : 0;
}

static size_t
covered(const struct model *m, const struct model_group *g,
    const struct model_exception *e)
{
	size_t n = 0;

	if (strcmp(e->state, "open") != 0 ||
	    sqlite3_strglob(e->check, m->checks[g->check].id) != 0)
		return 0;
	for (size_t i = 0; i < g->nsubjects; i++) {
		const struct model_subject *s = &m->subjects[g->subjects[i]];

		n += sqlite3_strglob(e->key, s->key) == 0 &&
		     sqlite3_strglob(e->scope, s->scope) == 0;
	}
	return n;
}

static int
cover(struct model *m, struct model_group *g, struct fault *f)
{
	struct model_covered *list = NULL;
	size_t n = 0;

	if (m->nexceptions == 0 || (g->verdict != VERDICT_NOT_SATISFIED &&
				       g->verdict != VERDICT_UNKNOWN))
		return 0;
	for (size_t i = 0; i < m->nexceptions; i++) {
		size_t subjects = covered(m, g, &m->exceptions[i]);

		if (subjects == 0)
			continue;
		if (list == NULL &&
		    (list = arena_alloc(m->arena,
			 (m->nexceptions - i) * sizeof(*list))) == NULL)
			return fault_memory(f);
		list[n++] = (struct model_covered){ i, subjects };
		m->exceptions[i].covers += subjects;
	}
	g->covered = list;
	g->ncovered = n;
	return 0;
}

/* All of them as a table of the report, after the others. */
static int
tell(struct model *m, struct crypto *c, struct fault *f)
{
	static const char *const columns[] = { "exception", "state", "until",
		"check", "subjects", "scope", "findings", "owner", "approver",
		"reason" };
	const size_t n = LENGTH(columns);
	const char **cells =
	    arena_alloc(m->arena, m->nexceptions * n * sizeof(*cells) + 1);
	char *id = arena_alloc(m->arena, UUID_LEN), name[64];

	if (cells == NULL || id == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < m->nexceptions; i++) {
		const struct model_exception *e = &m->exceptions[i];
		char count[24];

		(void)snprintf(count, sizeof(count), "%zu", e->covers);
		const char *row[] = { e->id, e->state, e->expires, e->check,
			e->key, e->scope, arena_str(m->arena, count), e->owner,
			e->approver, e->reason };

		memcpy(cells + i * n, row, sizeof(row));
	}
	(void)snprintf(name, sizeof(name), "%s/exceptions", m->uuid);
	m->sections[m->nsections++] = (struct model_section){ .uuid = id,
		.name = "exceptions",
		.title = "Exceptions and what they cover",
		.about = "Accepted until a day by a named owner and approver. "
			 "An exception changes no result. One that has expired "
			 "or was withdrawn covers nothing.",
		.columns = columns,
		.ncolumns = n,
		.cells = cells,
		.nrows = m->nexceptions,
		.all = m->nexceptions };
	return arena_failed(m->arena) ? fault_memory(f)
				      : uuid_of(c, name, id, f);
}

int
model_load_exceptions(struct store *reader, struct crypto *c, struct model *m,
    long long record, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = prepare(reader, record, m->as_of, &q, f);

	if (rc == 0)
		rc = load(reader, m, q, f);
	(void)sqlite3_finalize(q);
	for (size_t i = 0; rc == 0 && i < m->ngroups; i++)
		rc = cover(m, &m->groups[i], f);
	return rc == 0 && m->nexceptions > 0 ? tell(m, c, f) : rc;
}
