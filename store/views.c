/*
 * One pair of views per kind, made from its declaration, so that the stock
 * sqlite3 shell reads evidence as tables.
 */
#include "store/internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_MAX (256 * 1024)

/* The newest run at or before e.run that saw the subject: see views.sql. */
static const char seen_run[] = "(SELECT q.seen_run FROM seen_at q WHERE q.run "
			       "= e.run AND q.subject = s.id)";

/* A kind over all runs, or now: one statement each, CREATE what first. */
static void
view_sql(const struct kind *k, const char *create, bool at, const char *now,
    struct buf *out)
{
	char name[KIND_VIEW_MAX];

	kind_view(k, name);
	if (!at) {
		buf_printf(out, "%s %s AS SELECT * FROM %s_at WHERE run = (%s)",
		    create, name, name, now);
		return;
	}
	buf_printf(out,
	    "%s %s_at AS SELECT e.run, s.id AS subject, s.scope, "
	    "s.key, iif(c.body IS NULL, 'dropped', json_extract(c.body, "
	    "'$.outcome')) AS outcome, iif(c.body IS NULL, (SELECT why FROM "
	    "dropped WHERE content = c.id), json_extract(c.body, '$.reason')) "
	    "AS reason, ",
	    create, name);
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_printf(out,
		    "json_extract(c.body, '$.attributes.%s') AS \"%s\", ",
		    c->name, c->name);
	buf_printf(out,
	    "lower(hex(c.sha256)) AS content_sha256, x.run AS since_run, %s AS "
	    "seen_run FROM ended e CROSS JOIN subject s JOIN change x ON "
	    "x.subject = s.id AND x.run = (SELECT max(run) FROM change WHERE "
	    "subject = s.id AND run <= e.run) JOIN content c ON c.id = "
	    "x.content WHERE s.kind = '%s'",
	    seen_run, k->name);
}

static void
kind_sql(
    const struct kind *k, const char *create, const char *now, struct buf *out)
{
	view_sql(k, create, true, now, out);
	buf_puts(out, ";");
	view_sql(k, create, false, now, out);
	buf_puts(out, ";");
}

int
views_reference(const struct kind *const *kinds, sqlite3 **db, struct fault *f)
{
	BUF_AUTO(all, 4 * 1024 * 1024);

	buf_puts(&all, store_text[1].p);
	for (size_t i = 0; kinds != NULL && kinds[i] != NULL; i++)
		kind_sql(kinds[i], "CREATE VIEW", "SELECT max(run) FROM ended",
		    &all);
	if (buf_done(&all, "views", f) == -1)
		return -1;
	if (sqlite3_open(":memory:", db) != SQLITE_OK ||
	    sqlite3_exec(*db, all.p, NULL, NULL, NULL) != SQLITE_OK) {
		(void)fault(f, FAULT_IO, "views: %s", sqlite3_errmsg(*db));
		(void)sqlite3_close(*db);
		return -1;
	}
	return 0;
}

/* Is the view in the file with exactly this text? */
static int
view_is(struct store *st, sqlite3_stmt *view, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (sqlite3_prepare_v2(st->db,
		"SELECT sql = ?2 FROM main.sqlite_schema WHERE type = 'view' "
		"AND name = ?1",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "views", f);
	sqlite3_bind_value(q, 1, sqlite3_column_value(view, 0));
	sqlite3_bind_value(q, 2, sqlite3_column_value(view, 1));
	if ((rc = stmt_row(st, q, f)) == 1)
		rc = sqlite3_column_int(q, 0);
	(void)sqlite3_finalize(q);
	return rc;
}

static int
view_replace(struct store *st, sqlite3_stmt *view, struct fault *f)
{
	const char *name = (const char *)sqlite3_column_text(view, 0);
	const char *text = (const char *)sqlite3_column_text(view, 1);
	BUF_AUTO(sql, VIEW_MAX);

	/* the text begins CREATE VIEW name */
	buf_printf(&sql, "DROP VIEW IF EXISTS main.%s; CREATE VIEW main.%s",
	    name, text + strlen("CREATE VIEW "));
	if (buf_done(&sql, "view", f) == -1)
		return -1;
	return store_exec(st, sql.p, f);
}

/* Do the file's views differ from those of the reference? With make they are
 * made anew where they do. 1, 0 or -1. */
static int
compare_views(struct store *st, sqlite3 *reference, bool make, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = 0;

	if (sqlite3_prepare_v2(reference,
		"SELECT name, sql FROM sqlite_schema WHERE type = 'view'", -1,
		&q, NULL) != SQLITE_OK)
		rc = fault(f, FAULT_IO, "views: %s", sqlite3_errmsg(reference));
	while (rc == 0 && sqlite3_step(q) == SQLITE_ROW) {
		int same = view_is(st, q, f);

		if (same == -1)
			rc = -1;
		else if (same == 0)
			rc = make ? view_replace(st, q, f) : 1;
	}
	(void)sqlite3_finalize(q);
	return rc;
}

/* Views of the file beyond the reference's: dropped with make. 1, 0 or -1. */
static int
drop_views(struct store *st, sqlite3 *reference, bool make, struct fault *f)
{
	sqlite3_stmt *q = NULL, *known = NULL;
	int rc = 0;
	BUF_AUTO(sql, VIEW_MAX);

	if (sqlite3_prepare_v2(st->db,
		"SELECT name FROM main.sqlite_schema WHERE type = 'view'", -1,
		&q, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(reference,
		"SELECT 1 FROM sqlite_schema WHERE name = ?1", -1, &known,
		NULL) != SQLITE_OK)
		rc = store_fault(st, "views", f);
	while (rc == 0 && sqlite3_step(q) == SQLITE_ROW) {
		char *drop = sqlite3_mprintf("DROP VIEW main.\"%w\";",
		    (const char *)sqlite3_column_text(q, 0));

		(void)sqlite3_reset(known);
		sqlite3_bind_value(known, 1, sqlite3_column_value(q, 0));
		if (sqlite3_step(known) != SQLITE_ROW)
			buf_puts(&sql, drop != NULL ? drop : "");
		sqlite3_free(drop);
	}
	(void)sqlite3_finalize(q);
	(void)sqlite3_finalize(known);
	if (rc == -1 || sql.len == 0)
		return rc;
	if (!make)
		return 1;
	return buf_done(&sql, "views", f) == -1 ? -1 : store_exec(st, sql.p, f);
}

static int
bring_up(struct store *st, sqlite3 *reference, bool make, struct fault *f)
{
	int rc = compare_views(st, reference, make, f);

	return rc == 0 ? drop_views(st, reference, make, f) : rc;
}

static int
make_views(
    struct store *st, const struct kind *const *kinds_of, struct fault *f)
{
	sqlite3 *reference;
	int rc;

	if (views_reference(kinds_of, &reference, f) == -1)
		return -1;
	rc = bring_up(st, reference, false, f);
	/* another writer may be about to make them too */
	if (rc == 1 && (rc = store_exec(st, "BEGIN IMMEDIATE", f)) == 0) {
		rc = bring_up(st, reference, true, f);
		if (rc == 0)
			rc = store_exec(st, "COMMIT", f);
		if (rc == -1)
			(void)sqlite3_exec(
			    st->db, "ROLLBACK", NULL, NULL, NULL);
	}
	(void)sqlite3_close(reference);
	return rc;
}

int
views_make(struct store *st, struct fault *f)
{
	return make_views(st, NULL, f);
}

int
views_make_all(struct store *st, struct fault *f)
{
	return make_views(st, st->kinds, f);
}

/* views.sql with every CREATE VIEW at the beginning of a line made TEMP. */
static void
temporary(const char *text, struct buf *out)
{
	static const char create[] = "CREATE VIEW ";
	const char *at = text;

	while ((at = strstr(text, create)) != NULL) {
		bool first = at == store_text[1].p || at[-1] == '\n';

		buf_put(out, text, (size_t)(at - text));
		buf_puts(out, first ? "CREATE TEMP VIEW " : create);
		text = at + sizeof(create) - 1;
	}
	buf_puts(out, text);
}

/* Which run the views without _at show: a row of this connection. */
#define LOOKED                                                                 \
	"SELECT coalesce((SELECT run FROM temp.looked), (SELECT max(run) "     \
	"FROM ended))"

/* FNV-1a of a view's name in small letters. */
static size_t
hash_name(const char *p, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint32_t)tolower((unsigned char)p[i])) * 16777619U;
	return h;
}

/* Where the kinds' views are found by their names. */
static int
names_make(struct store *st, size_t n, struct fault *f)
{
	st->nnames = 64;
	while (st->nnames < 4 * n)
		st->nnames *= 2;
	if ((st->names = calloc(st->nnames, sizeof(*st->names))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < n; i++) {
		char name[KIND_VIEW_MAX];
		size_t at;

		kind_view(st->kinds[i], name);
		at = hash_name(name, strlen(name));
		while (st->names[at & (st->nnames - 1)] != 0)
			at++;
		st->names[at & (st->nnames - 1)] = i + 1;
	}
	return 0;
}

/* The kind whose view is so named, in ASCII of any case as SQLite compares
 * names, counted from 1; 0: none. */
static size_t
name_find(const struct store *st, const char *word, size_t len)
{
	size_t at = hash_name(word, len), k;

	for (; (k = st->names[at & (st->nnames - 1)]) != 0; at++) {
		char name[KIND_VIEW_MAX];

		kind_view(st->kinds[k - 1], name);
		if (strlen(name) == len &&
		    sqlite3_strnicmp(name, word, (int)len) == 0)
			return k;
	}
	return 0;
}

/* The same for the word as the kind's view or as that of a run ("node_at"). */
static size_t
kind_of(const struct store *st, const char *word, size_t len)
{
	static const char at[] = "_at";
	const size_t n = sizeof(at) - 1;
	size_t k = name_find(st, word, len);

	if (k == 0 && len > n &&
	    sqlite3_strnicmp(word + len - n, at, (int)n) == 0)
		k = name_find(st, word, len - n);
	return k;
}

int
views_own(struct store *st, struct fault *f)
{
	BUF_AUTO(all, 1024 * 1024);
	size_t n = 0;

	while (st->kinds != NULL && st->kinds[n] != NULL)
		n++;
	if ((st->own = calloc(n + 1, sizeof(*st->own))) == NULL)
		return fault_memory(f);
	if (names_make(st, n, f) == -1)
		return -1;
	buf_puts(&all, "BEGIN; CREATE TEMP TABLE looked(run INTEGER); ");
	temporary(store_text[1].p, &all);
	buf_puts(&all, "COMMIT");
	if (buf_done(&all, "views", f) == -1)
		return -1;
	return store_exec(st, all.p, f);
}

/* After a comment that begins at p, or p. */
static const char *
after_comment(const char *p)
{
	const char *end;

	if (p[0] == '-' && p[1] == '-')
		return p + strcspn(p, "\n");
	if (p[0] != '/' || p[1] != '*')
		return p;
	end = strstr(p + 2, "*/");
	return end != NULL ? end + 2 : p + strlen(p);
}

/* The next word of a text as SQLite reads names; false: none is left. A name
 * has no quote in it, so it is always written out as one word. Comments name
 * nothing, and what stands between single quotes is one word, which SQLite
 * takes for a table's name where it must be one. */
static bool
next_word(const char **text, const char **word, size_t *len)
{
	const char *p = *text;

	while (*p != '\0' && !isalpha((unsigned char)*p) && *p != '_' &&
	       *p != '\'') {
		const char *after = after_comment(p);

		p = after != p ? after : p + 1;
	}
	if (*p == '\'') {
		*word = ++p;
		p += strcspn(p, "'");
		*len = (size_t)(p - *word);
		*text = p + (*p == '\'');
		return true;
	}
	*word = p;
	while (isalnum((unsigned char)*p) || *p == '_' || *p == '$' ||
	       (unsigned char)*p >= 0x80)
		p++;
	*text = p;
	*len = (size_t)(p - *word);
	return *len > 0;
}

/* The kinds whose views the text names, found by find: how many, and which,
 * where named has room for all. */
static size_t
find_named(const struct store *st, const char *text,
    size_t (*find)(const struct store *, const char *, size_t), bool *named)
{
	const char *word;
	size_t len, k, n = 0;

	while (next_word(&text, &word, &len)) {
		if ((k = find(st, word, len)) == 0 || named[k - 1])
			continue;
		named[k - 1] = true;
		n++;
	}
	return n;
}

int
store_kinds_absent(struct store *st, const char *sql, struct fault *f)
{
	bool *named = calloc(st->nnames, sizeof(*named));
	size_t n;
	int rc = 0;

	if (named == NULL)
		return fault_memory(f);
	n = find_named(st, sql, kind_of, named);
	for (size_t i = 0; rc == 0 && n > 0 && st->kinds[i] != NULL; i++)
		if (named[i])
			rc = store_has_kind(st, st->kinds[i]->name, f);
	free(named);
	return rc == 0 ? n > 0 : rc == 1 ? 0 : -1;
}

static bool
names_standing(const char *text)
{
	static const char standing[] = "standing";
	const char *word;
	size_t len;

	while (next_word(&text, &word, &len))
		if (len == sizeof(standing) - 1 &&
		    sqlite3_strnicmp(word, standing, (int)len) == 0)
			return true;
	return false;
}

void
store_script(
    const struct store *st, const char *sql, long long run, struct buf *out)
{
	const struct frozen_as z = {
		.run = run, .standing = true, .masked = true
	};
	bool *named = calloc(st->nnames, sizeof(*named));

	if (named == NULL) {
		out->failed = FAULT_IO;
		return;
	}
	temporary(store_text[1].p, out);
	frozen_answered_sql(run, out);
	frozen_state_sql(run, out);
	unseen_sql(run, out);
	(void)find_named(st, sql, kind_of, named);
	for (size_t i = 0; st->kinds[i] != NULL; i++) {
		if (!named[i])
			continue;
		view_sql(st->kinds[i], "CREATE TEMP VIEW", true, NULL, out);
		buf_puts(out, ";\n");
		frozen_sql(&z, st->kinds[i], out);
		buf_putc(out, '\n');
	}
	free(named);
}

size_t
store_views_named(const struct store *st, const char *sql)
{
	bool *named = calloc(st->nnames, sizeof(*named));
	size_t n;

	if (named == NULL)
		return 2; /* as if it joined: only speed hangs on it */
	n = find_named(st, sql, name_find, named);
	free(named);
	return n;
}

static int
make_own(struct store *st, size_t i, struct buf *all, struct fault *f)
{
	buf_reset(all);
	buf_puts(all, "SAVEPOINT views; ");
	if (st->frozen != 0) {
		view_sql(st->kinds[i], "CREATE TEMP VIEW", true, NULL, all);
		buf_puts(all, ";");
		frozen_sql(&(struct frozen_as){ .run = st->frozen,
			       .standing = st->standing,
			       .masked = st->masked },
		    st->kinds[i], all);
	} else {
		kind_sql(st->kinds[i], "CREATE TEMP VIEW", LOOKED, all);
	}
	buf_puts(all, "RELEASE views");
	if (buf_done(all, "views", f) == -1)
		return -1;
	if (store_exec(st, all->p, f) == -1) {
		(void)sqlite3_exec(st->db, "ROLLBACK TO views; RELEASE views",
		    NULL, NULL, NULL);
		return -1;
	}
	st->own[i] = true;
	return 0;
}

int
views_named(struct store *st, const char *text, struct fault *f)
{
	BUF_AUTO(all, 4 * 1024 * 1024);
	size_t n = 0;
	bool *named;
	int rc = 0;

	while (st->kinds != NULL && st->kinds[n] != NULL)
		n++;
	if (n == 0)
		return 0;
	if (st->frozen != 0 && !st->standing && names_standing(text) &&
	    frozen_state(st, f) == -1)
		return -1;
	if ((named = calloc(n, sizeof(*named))) == NULL)
		return fault_memory(f);
	(void)find_named(st, text, kind_of, named);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (named[i] && !st->own[i])
			rc = make_own(st, i, &all, f);
	free(named);
	return rc;
}

int
store_prepare(
    struct store *st, const char *sql, sqlite3_stmt **q, struct fault *f)
{
	*q = NULL;
	if (views_named(st, sql, f) == -1)
		return -1;
	if (sqlite3_prepare_v2(st->db, sql, -1, q, NULL) != SQLITE_OK)
		return store_fault(st, "query", f);
	return 0;
}

/* A view of this connection alone, before the file's of that name. */
static int
own_view(
    struct store *st, const char *name, const char *select, struct fault *f)
{
	BUF_AUTO(sql, 1024);

	buf_printf(&sql,
	    "DROP VIEW IF EXISTS temp.%s; CREATE TEMP VIEW %s AS %s", name,
	    name, select);
	if (buf_done(&sql, "view", f) == -1)
		return -1;
	return store_exec(st, sql.p, f);
}

int
store_as_of(struct store *st, long long run, struct fault *f)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql),
	    "DELETE FROM temp.looked; INSERT INTO temp.looked VALUES (%lld)",
	    run);
	if (store_exec(st, sql, f) == -1)
		return -1;
	return own_view(st, "verdict",
	    "SELECT * FROM verdict_at WHERE judgement IN (SELECT judgement "
	    "FROM judged_at WHERE run = (" LOOKED "))",
	    f);
}

int
store_known_at(struct store *st, const char *when, struct fault *f)
{
	char *select =
	    sqlite3_mprintf("SELECT * FROM main.judgement WHERE id "
			    "< coalesce((SELECT min(id) FROM "
			    "main.judgement WHERE made > %Q), id + 1)",
		when);
	int rc;

	if (select == NULL)
		return fault_memory(f);
	rc = own_view(st, "judgement", select, f);
	sqlite3_free(select);
	return rc;
}
