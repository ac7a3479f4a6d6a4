/*
 * Nothing unsigned is read: every column of every table is edited, every table
 * loses a row and gets one, past the triggers as somebody with the sqlite3
 * shell would; verify has to name it, or the column stands in the short list of
 * those that need not be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/length.h"
#include "store/store.h"

static const struct kind thing = {
	.name = "t.thing",
	.columns =
	    (const struct column[]){
		{ "size", COLUMN_INTEGER, "", "" },
		{ 0 },
	    },
};
static const struct kind other = {
	.name = "t.other",
	.columns =
	    (const struct column[]){
		{ "size", COLUMN_INTEGER, "", "" },
		{ 0 },
	    },
};
static const struct kind *const kinds[] = { &other, &thing, NULL };

struct fixture {
	struct crypto *crypto;
	char folder[64], path[128], kept[128];
	struct fault f;
};

#define OK(x, call)                                                            \
	do {                                                                   \
		if ((call) == -1)                                              \
			fail_msg("%s: %s", #call, (x)->f.text);                \
	} while (0)

/* ---------------------------------------------------------- a rich store */

static void
at_day(int day, char out[UTC_LEN])
{
	utc_format(1767225600 + day * 86400LL, out); /* 2026-01-01 */
}

/* A run over scope host/NAME: size -1: no such thing; gap: of the second kind.
 */
static void
collect(struct fixture *x, struct store *st, int day, const char *scope,
    long long size, enum outcome outcome, bool gap)
{
	char at[UTC_LEN];
	const struct run_begin b = { at, "test", "tester", "0", "{}", false };
	struct run_result result;
	struct emitter e;
	struct run *r;
	struct sink s;

	at_day(day, at);
	r = run_new(st, &b, &x->f);
	if (r == NULL)
		fail_msg("%s", x->f.text);
	s = run_sink(r);
	OK(x, emitter_init(&e, &s, kinds, "test", scope, &x->f));
	for (size_t i = 0; i < 2; i++) {
		ATTRS_AUTO(a);

		attrs_int(&a, "size", size + (i == 1 ? 100 : 0));
		if (size >= 0)
			OK(x,
			    emit_observed(&e, kinds[i], "k", &a, "/s", &x->f));
	}
	if (gap)
		OK(x, emit_gap(&e, &other, OUTCOME_DENIED, "no", &x->f));
	OK(x, emit_coverage(&e, outcome,
		  outcome == OUTCOME_OBSERVED ? NULL : "why", &x->f));
	OK(x, run_end(r, at, &result, &x->f));
	emitter_free(&e);
	run_free(r);
}

static void
fail_run(struct fixture *x, struct store *st, int day)
{
	char at[UTC_LEN];
	const struct run_begin b = { at, "test", "tester", "0", "{}", false };
	struct run *r;

	at_day(day, at);
	r = run_new(st, &b, &x->f);
	assert_non_null(r);
	OK(x, run_fail(r, at, "the disk burned", &x->f));
	run_free(r);
}

static void
judge(struct fixture *x, struct store *st, int day, const char *profile,
    long long run, const char *verdict)
{
	static const char text[] = "SELECT 1", catalog[] = "id\tname\n";
	char at[UTC_LEN], hex[2][SHA256_HEX];
	struct judgement_begin b = { at, at, profile, run, NULL, NULL, NULL,
		NULL };
	uint8_t d[SHA256_LEN];
	struct judgement *j;
	long long id;

	at_day(day, at);
	OK(x, digest_sha256(x->crypto, text, strlen(text), d, &x->f));
	hex_encode(d, SHA256_LEN, hex[0]);
	OK(x, digest_sha256(x->crypto, catalog, strlen(catalog), d, &x->f));
	hex_encode(d, SHA256_LEN, hex[1]);
	b.checks = json_pack("{s:s, s:s}", "c1", hex[0], "c2", hex[0]);
	b.catalogs = json_pack("{s:s}", "cat", hex[1]);
	b.parameters = json_object();
	j = judgement_new(st, &b, &x->f);
	assert_non_null(j);
	OK(x, judgement_text(j, text, strlen(text), &x->f));
	OK(x, judgement_text(j, catalog, strlen(catalog), &x->f));
	for (int64_t subject = 1; subject <= 2; subject++) {
		OK(x, judgement_put(j, "c1", subject, verdict, "so", &x->f));
		OK(x, judgement_put(j, "c2", subject, "unknown", "?", &x->f));
	}
	OK(x, judgement_end(j, &id, &x->f));
	judgement_free(j);
	json_decref(b.checks);
	json_decref(b.catalogs);
	json_decref(b.parameters);
}

static void
log_text(
    struct fixture *x, struct store *st, const char *type, const char *body)
{
	OK(x, log_append(st, type, body, strlen(body), NULL, &x->f));
}

/* What stands for a signature: the note itself. */
static int
signature(void *ctx, const char *note, size_t len, const void *cms,
    size_t cms_len, struct fault *f)
{
	(void)ctx;
	return len == cms_len && memcmp(note, cms, len) == 0
		   ? 0
		   : fault(f, FAULT_INTEGRITY, "is no signature of it");
}

static void
checkpoint(struct fixture *x, struct store *st, int day)
{
	struct log_head head;
	char at[UTC_LEN];
	BUF_AUTO(note, 512);

	at_day(day, at);
	OK(x, log_head(st, &head, &x->f));
	OK(x, checkpoint_note(st, &head, &note, &x->f));
	OK(x, checkpoint_put(
		  st, at, &head, note.p, note.p, note.len, "stamp", 5, &x->f));
}

static void
fill(struct fixture *x, struct store *st)
{
	const struct retain_request old = { "2026-01-20T00:00:00Z",
		"2026-01-04T12:00:00Z", "90d", "tester" };
	struct retain_result gone;

	collect(x, st, 1, "host/a", 1, OUTCOME_OBSERVED, false);
	collect(x, st, 2, "host/b", 2, OUTCOME_OBSERVED, false);
	collect(x, st, 3, "host/a", 3, OUTCOME_OBSERVED, false);
	checkpoint(x, st, 3);
	collect(x, st, 4, "host/a", 3, OUTCOME_UNREACHABLE, false);
	collect(x, st, 5, "host/b", 2, OUTCOME_OBSERVED, true);
	fail_run(x, st, 6);
	judge(x, st, 7, "all", 5, "satisfied");
	judge(x, st, 8, "mine", 5, "not-satisfied");
	judge(x, st, 9, "all", 5, "unknown");
	checkpoint(x, st, 9);
	log_text(x, st, "exception",
	    "{\"check\":\"c1\",\"made\":\"2026-01-11T00:00:00Z\",\"type\":"
	    "\"exception\"}");
	log_text(x, st, "exception-withdrawn",
	    "{\"exception\":17,\"made\":\"2026-01-12T00:00:00Z\",\"type\":"
	    "\"exception-withdrawn\"}");
	collect(x, st, 13, "host/a", -1, OUTCOME_OBSERVED, false);
	checkpoint(x, st, 13);
	OK(x, store_retain(st, &old, &gone, &x->f));
	assert_true(gone.contents > 0);
	checkpoint(x, st, 20);
}

static char *one_text(sqlite3 *db, const char *sql);

/* Once and for all: that they are missing is not counted below. */
static void
drop_triggers(struct fixture *x)
{
	sqlite3 *db;
	char *drops;

	assert_int_equal(sqlite3_open(x->kept, &db), SQLITE_OK);
	drops = one_text(db, "SELECT group_concat('DROP TRIGGER ' || name, ';')"
			     " FROM sqlite_schema WHERE type = 'trigger'");
	assert_int_equal(sqlite3_exec(db, drops, NULL, NULL, NULL), SQLITE_OK);
	free(drops);
	(void)sqlite3_close(db);
}

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));
	struct store *st;

	strcpy(x->folder, "/tmp/exhibit-columns-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	(void)snprintf(x->path, sizeof(x->path), "%s/s.db", x->folder);
	(void)snprintf(x->kept, sizeof(x->kept), "%s/kept.db", x->folder);
	x->crypto = crypto_new(false, &x->f);
	assert_non_null(x->crypto);
	OK(x, store_create(
		  x->kept, "test", "2026-01-01T00:00:00Z", x->crypto, &x->f));
	st = store_open(x->kept, STORE_WRITE, kinds, x->crypto, &x->f);
	if (st == NULL)
		fail_msg("%s", x->f.text);
	fill(x, st);
	store_close(st);
	drop_triggers(x);
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;
	char cmd[128];

	crypto_free(x->crypto);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", x->folder);
	assert_int_equal(system(cmd), 0);
	free(x);
	return 0;
}

/* ------------------------------------------------------------- tampering */

static char *
one_text(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = NULL;
	char *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(q) == SQLITE_ROW && sqlite3_column_text(q, 0) != NULL)
		s = strdup((const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	return s;
}

/* A fresh copy, in which sql was run without checks. Did that change anything?
 */
static bool
tamper(struct fixture *x, const char *sql)
{
	sqlite3 *db;
	FILE *out;
	int changes, rc;
	BUF_AUTO(bytes, 16 * 1024 * 1024);

	OK(x, file_read(x->kept, &bytes, &x->f));
	out = fopen(x->path, "wb"); /* its copy need not survive a power cut */
	assert_non_null(out);
	assert_int_equal(fwrite(bytes.p, 1, bytes.len, out), bytes.len);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "PRAGMA ignore_check_constraints = ON; PRAGMA "
			     "synchronous = OFF",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	changes = sqlite3_changes(db);
	(void)sqlite3_close(db);
	/* NOT NULL, UNIQUE and types stand in nobody's way but ours */
	return rc == SQLITE_OK && changes > 0;
}

static void
count_problem(void *ctx, const char *where, const char *what)
{
	char *all = ctx;
	size_t len = strlen(all);

	if (strncmp(where, "trigger ", 8) != 0) /* all were dropped */
		(void)snprintf(all + len, 4096 - len, "%s: %s\n", where, what);
}

/* What verify finds; "" nothing. What cannot be opened or read is found too. */
static const char *
problems(struct fixture *x, char all[4096])
{
	const struct verifier v = { count_problem, signature, all,
		count_problem };
	struct store *st =
	    store_open(x->path, STORE_READ, kinds, x->crypto, &x->f);
	struct verify_counts n;

	all[0] = '\0';
	if (st == NULL || store_verify(st, &v, &n, &x->f) == -1)
		(void)snprintf(all, 4096, "%s", x->f.text);
	else if (n.covered < n.leaves)
		count_problem(all, "log", "entries under no signature");
	store_close(st);
	return all;
}

/*
 * What verify need not name, and why.
 *
 * The newest checkpoint is under no record yet: its note is compared with the
 * log and its signature verified, but when it was made and a time stamp that
 * was taken off only the next record can tell.
 */
static const struct {
	const char *table, *column, *row;
} unread[] = {
	{ "checkpoint", "made", "newest" },
	{ "checkpoint", "tst", "newest" },
};

static bool
is_unread(const char *table, const char *column, const char *row)
{
	for (size_t i = 0; i < LENGTH(unread); i++)
		if (strcmp(unread[i].table, table) == 0 &&
		    strcmp(unread[i].column, column) == 0 &&
		    strcmp(unread[i].row, row) == 0)
			return true;
	return false;
}

/* The row that is edited: the first, or the newest, in the order of the keys.
 */
static void
edit(struct fixture *x, const char *table, const char *column, const char *keys,
    const char *value, const char *row, long *tried)
{
	char sql[1024], all[4096];

	(void)snprintf(sql, sizeof(sql),
	    "UPDATE \"%s\" SET \"%s\" = %s WHERE (%s) = (SELECT %s FROM \"%s\" "
	    "ORDER BY %s%s LIMIT 1) AND \"%s\" IS NOT (%s)",
	    table, column, value, keys, keys, table,
	    strcmp(row, "newest") == 0 ? "0 - " : "", keys, column, value);
	if (!tamper(x, sql))
		return;
	++*tried;
	if (problems(x, all)[0] == '\0' && !is_unread(table, column, row))
		fail_msg("unseen: %s", sql);
}

/* Values that a column of each type could have, or never may. */
static const struct {
	const char *type, *values[5];
} written[] = {
	{ "INTEGER", { "1", "2", "77", "NULL", NULL } },
	{ "TEXT", { "'x'", "'{}'", "'2026-01-02T00:00:00Z'", NULL } },
	{ "BLOB", { "zeroblob(32)", "x''", "x'00'", "NULL", NULL } },
	{ "ANY", { "'x'", "x''", "NULL", "1", NULL } },
};

static void
edit_column(struct fixture *x, const char *table, const char *column,
    const char *keys, const char *type)
{
	long tried = 0;

	for (size_t i = 0; i < LENGTH(written); i++) {
		if (strcmp(written[i].type, type) != 0)
			continue;
		for (const char *const *v = written[i].values; *v != NULL;
		     v++) {
			edit(x, table, column, keys, *v, "first", &tried);
			edit(x, table, column, keys, *v, "newest", &tried);
		}
	}
	if (tried == 0)
		fail_msg("%s.%s: no value could be written", table, column);
}

/* Call with each table's name, or each column's of a table. */
static void
each(struct fixture *x, const char *sql, const char *table,
    void (*call)(struct fixture *, const char *, const char *))
{
	sqlite3_stmt *q;
	sqlite3 *db;
	int n = 0;

	assert_int_equal(sqlite3_open(x->kept, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	if (table != NULL)
		sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
	for (; sqlite3_step(q) == SQLITE_ROW; n++)
		call(x, (const char *)sqlite3_column_text(q, 0), table);
	assert_true(n > 0);
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
}

static const char all_tables[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
static const char all_columns[] = "SELECT name FROM pragma_table_info(?1)";

/* The columns of the primary key, joined. */
static char *
keys_of(struct fixture *x, const char *table)
{
	char sql[256], *keys;
	sqlite3 *db;

	(void)snprintf(sql, sizeof(sql),
	    "SELECT group_concat(name) FROM (SELECT name FROM "
	    "pragma_table_info('%s') WHERE pk > 0 ORDER BY pk)",
	    table);
	assert_int_equal(sqlite3_open(x->kept, &db), SQLITE_OK);
	keys = one_text(db, sql);
	(void)sqlite3_close(db);
	assert_non_null(keys);
	return keys;
}

static void
edit_one(struct fixture *x, const char *column, const char *table)
{
	char *keys = keys_of(x, table), *type, sql[256];
	sqlite3 *db;

	(void)snprintf(sql, sizeof(sql),
	    "SELECT type FROM pragma_table_info('%s') WHERE name = '%s'", table,
	    column);
	assert_int_equal(sqlite3_open(x->kept, &db), SQLITE_OK);
	type = one_text(db, sql);
	(void)sqlite3_close(db);
	edit_column(x, table, column, keys, type);
	free(type);
	free(keys);
}

static void
edit_table(struct fixture *x, const char *table, const char *unused)
{
	(void)unused;
	each(x, all_columns, table, edit_one);
}

static void
every_edited_column_is_named(void **state)
{
	struct fixture *x = *state;
	char all[4096];

	assert_true(tamper(x, "UPDATE log SET type = type"));
	assert_string_equal(problems(x, all), "");
	each(x, all_tables, NULL, edit_table);
}

/* ------------------------------------------------------- rows less or more */

static void
delete_row(struct fixture *x, const char *table, const char *unused)
{
	static const char *const order[] = { "", "0 - " };
	char *keys = keys_of(x, table), sql[512], all[4096];

	(void)unused;
	for (size_t i = 0; i < LENGTH(order); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "DELETE FROM \"%s\" WHERE (%s) = (SELECT %s FROM \"%s\" "
		    "ORDER BY %s%s LIMIT 1)",
		    table, keys, keys, table, order[i], keys);
		assert_true(tamper(x, sql));
		if (problems(x, all)[0] == '\0')
			fail_msg("unseen: %s", sql);
	}
	(void)snprintf(sql, sizeof(sql), "DELETE FROM \"%s\"", table);
	assert_true(tamper(x, sql));
	if (problems(x, all)[0] == '\0')
		fail_msg("unseen: %s", sql);
	free(keys);
}

static void
every_deleted_row_is_named(void **state)
{
	each(*state, all_tables, NULL, delete_row);
}

/* Rows that fit: others of the same table with another key. */
static const struct {
	const char *table, *sql;
} added[] = {
	{ "answer_change",
	    "INSERT INTO answer_change SELECT series, place, 6, content FROM "
	    "answer_change WHERE run = 1" },
	{ "attempt",
	    "INSERT INTO attempt SELECT 99, began, origin, operator, exhibit, "
	    "module, plan, 0 FROM attempt LIMIT 1" },
	{ "bucket", "INSERT INTO bucket SELECT value, zeroblob(32) FROM "
		    "json_each('[0,1,2,3,4]') WHERE value NOT IN (SELECT "
		    "bucket FROM bucket) LIMIT 1" },
	{ "change", "INSERT INTO change VALUES (1, 2, 1, NULL)" },
	{ "checkpoint",
	    "INSERT INTO checkpoint(made, size, root, note, cms) SELECT made, "
	    "size, root, note, NULL FROM checkpoint WHERE id = 1" },
	{ "content", "INSERT INTO content(sha256, size, body) VALUES "
		     "(x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
		     "91b7852b855', 0, '')" },
	{ "ended",
	    "INSERT INTO ended SELECT run + 1, attempt + 1, ended, state, "
	    "state_root, 0, run + 1 FROM ended ORDER BY run DESC LIMIT 1" },
	{ "item", "INSERT INTO item SELECT 99, kind, scope, scope, bucket FROM "
		  "item LIMIT 1" },
	{ "judgement", "INSERT INTO judgement SELECT 99, made, as_of, run, "
		       "profile, 0 FROM judgement LIMIT 1" },
	{ "log", "INSERT INTO log SELECT (SELECT count(*) FROM log), type, at, "
		 "body, leaf FROM log WHERE type = 'exception'" },
	{ "log_node", "INSERT INTO log_node SELECT level, 99, hash FROM "
		      "log_node LIMIT 1" },
	{ "name", "INSERT INTO name(text) VALUES ('new')" },
	{ "opinion", "INSERT INTO opinion SELECT rule, subject, 2, content "
		     "FROM opinion WHERE judgement = 1 LIMIT 1" },
	{ "place", "INSERT INTO place(scope, collector) VALUES ('new', 'x')" },
	{ "rule", "INSERT INTO rule(profile, check_id) VALUES ('all', 'c9')" },
	{ "sighting_change", "INSERT INTO sighting_change SELECT series, "
			     "subject, 6, 1 FROM sighting_change LIMIT 1" },
	{ "tombstone", "INSERT INTO tombstone SELECT id, (SELECT max(record) "
		       "FROM tombstone) FROM content WHERE id NOT IN (SELECT "
		       "content FROM tombstone) LIMIT 1" },
};

static void
add_row(struct fixture *x, const char *table, const char *unused)
{
	char all[4096];
	bool found = false;

	(void)unused;
	for (size_t i = 0; i < LENGTH(added); i++) {
		if (strcmp(added[i].table, table) != 0)
			continue;
		found = true;
		if (!tamper(x, added[i].sql))
			fail_msg("not done: %s", added[i].sql);
		if (problems(x, all)[0] == '\0')
			fail_msg("unseen: %s", added[i].sql);
	}
	if (!found)
		fail_msg("no row is added to %s", table);
}

static void
every_added_row_is_named(void **state)
{
	each(*state, all_tables, NULL, add_row);
}

/* ------------------------------------------------- blobs of a fixed length */

/* Into a store whose digests are of no length nothing is collected, or it is
 * as it was meant; either way nothing crashes. */
static void
short_blobs_crash_nothing(void **state)
{
	static const char *const columns[][2] = { { "content", "sha256" },
		{ "ended", "state_root" }, { "log", "leaf" },
		{ "log_node", "hash" }, { "bucket", "hash" },
		{ "checkpoint", "root" } };
	static const char *const values[] = { "x''", "x'00'" };
	struct fixture *x = *state;
	char sql[256];

	for (size_t i = 0; i < LENGTH(columns); i++)
		for (size_t v = 0; v < LENGTH(values); v++) {
			struct run_result result;
			struct store *st;
			struct run *r = NULL;
			const struct run_begin b = { "2026-02-01T00:00:00Z",
				"test", "tester", "0", "{}", false };

			/* all rows where that is possible */
			(void)snprintf(sql, sizeof(sql),
			    "UPDATE OR IGNORE \"%s\" SET \"%s\" = %s",
			    columns[i][0], columns[i][1], values[v]);
			assert_true(tamper(x, sql));
			st = store_open(
			    x->path, STORE_WRITE, kinds, x->crypto, &x->f);
			if (st != NULL)
				r = run_new(st, &b, &x->f);
			if (r != NULL) {
				struct sink s = run_sink(r);
				struct emitter e;
				ATTRS_AUTO(a);

				attrs_int(&a, "size", 9);
				OK(x, emitter_init(&e, &s, kinds, "test",
					  "host/a", &x->f));
				OK(x, emit_observed(
					  &e, &thing, "n", &a, "/s", &x->f));
				OK(x, emit_coverage(
					  &e, OUTCOME_OBSERVED, NULL, &x->f));
				may_fail(run_end(
				    r, "2026-02-01T00:00:00Z", &result, &x->f));
				emitter_free(&e);
				run_free(r);
			}
			store_close(st);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_edited_column_is_named),
		cmocka_unit_test(every_deleted_row_is_named),
		cmocka_unit_test(every_added_row_is_named),
		cmocka_unit_test(short_blobs_crash_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
