/* The store: what it keeps, what it refuses, what tampering it names. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/length.h"
#include "base/build.h"
#include "base/file.h"
#include "store/store.h"

static const struct kind thing = {
	.name = "t.thing",
	.columns =
	    (const struct column[]){
		{ "on", COLUMN_BOOLEAN, "", "" },
		{ "size", COLUMN_INTEGER, "", "" },
		{ 0 },
	    },
};
static const struct kind other = {
	.name = "t.other",
	.columns = (const struct column[]){ { 0 } },
};
static const struct kind *const kinds[] = { &other, &thing, NULL };
static const struct kind *const only_thing[] = { &thing, NULL };

struct fixture {
	struct crypto *crypto;
	char folder[64], path[128];
	struct store *st;
	struct fault f;
};

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	strcpy(x->folder, "/tmp/exhibit-store-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	(void)snprintf(x->path, sizeof(x->path), "%s/s.db", x->folder);
	x->crypto = crypto_new(false, &x->f);
	assert_non_null(x->crypto);
	assert_int_equal(store_create(x->path, "test", "2026-01-01T00:00:00Z",
			     x->crypto, &x->f),
	    0);
	x->st = store_open(x->path, STORE_WRITE, kinds, x->crypto, &x->f);
	if (x->st == NULL)
		fail_msg("%s", x->f.text);
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;
	char cmd[128];

	store_close(x->st);
	crypto_free(x->crypto);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", x->folder);
	assert_int_equal(system(cmd), 0);
	free(x);
	return 0;
}

#define OK(x, call)                                                            \
	do {                                                                   \
		if ((call) == -1)                                              \
			fail_msg("%s: %s", #call, (x)->f.text);                \
	} while (0)

/* One number out of the store. */
static long long
number(struct fixture *x, const char *sql)
{
	sqlite3_stmt *q;
	long long n;

	if (store_prepare(x->st, sql, &q, &x->f) == -1)
		fail_msg("%s: %s", sql, x->f.text);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return n;
}

static struct run *
begin(struct fixture *x)
{
	const struct run_begin b = { "2026-01-02T00:00:05Z", "test", "tester",
		exhibit_build, "{}", false };
	struct run *r = run_new(x->st, &b, &x->f);

	if (r == NULL)
		fail_msg("%s", x->f.text);
	return r;
}

static void
put(struct fixture *x, struct emitter *e, const char *key, long long size)
{
	ATTRS_AUTO(a);

	attrs_int(&a, "size", size);
	attrs_bool(&a, "on", size > 0);
	OK(x, emit_observed(e, &thing, key, &a, "/src", &x->f));
}

/* A run over scope host/a: `things` is "k=1,l=2"; outcome of the scope. */
static struct run_result
collect(struct fixture *x, const char *things, enum outcome outcome)
{
	struct run *r = begin(x);
	struct sink s = run_sink(r);
	struct run_result result = { 0 };
	struct emitter e;
	char *copy = strdup(things), *save = NULL;

	OK(x, emitter_init(&e, &s, only_thing, "test", "host/a", &x->f));
	for (char *t = strtok_r(copy, ",", &save); t != NULL;
	     t = strtok_r(NULL, ",", &save)) {
		char *eq = strchr(t, '=');

		*eq = '\0';
		put(x, &e, t, atoll(eq + 1));
	}
	OK(x, emit_coverage(&e, outcome,
		  outcome == OUTCOME_OBSERVED ? NULL : "why", &x->f));
	OK(x, run_end(r, "2026-01-02T00:00:05Z", &result, &x->f));
	emitter_free(&e);
	run_free(r);
	free(copy);
	return result;
}

static void
count_problem(void *ctx, const char *where, const char *what)
{
	char *all = ctx;
	size_t len = strlen(all);

	(void)snprintf(all + len, 4096 - len, "%s: %s\n", where, what);
}

/* What verify finds, as lines. */
static const char *
problems(struct fixture *x, char all[4096])
{
	struct verify_counts n;
	const struct verifier v = { count_problem, NULL, all, NULL };

	all[0] = '\0';
	OK(x, store_verify(x->st, &v, &n, &x->f));
	return all;
}

static void
unchanged_evidence_is_stored_once(void **state)
{
	struct fixture *x = *state;
	struct run_result r1 = collect(x, "k=1,l=2", OUTCOME_OBSERVED);
	struct run_result r2 = collect(x, "k=1,l=2", OUTCOME_OBSERVED);
	char all[4096];

	assert_int_equal(r1.added, 2);
	assert_string_equal(r1.state, "complete");
	assert_int_equal(r2.added + r2.changed + r2.gone, 0);
	assert_int_equal(r2.unchanged, 2);
	assert_int_equal(number(x, "SELECT count(*) FROM change"), 2);
	assert_int_equal(number(x, "SELECT count(*) FROM t_thing"), 2);
	assert_int_equal(
	    number(x, "SELECT count(DISTINCT state_root) FROM run"), 1);
	assert_int_equal(number(x, "SELECT min(seen_run) FROM t_thing"), 2);
	assert_string_equal(problems(x, all), "");
}

static void
every_past_state_can_be_asked(void **state)
{
	struct fixture *x = *state;

	(void)collect(x, "k=1,l=2", OUTCOME_OBSERVED);
	(void)collect(x, "k=7,l=2", OUTCOME_OBSERVED);
	(void)collect(x, "l=2", OUTCOME_OBSERVED);
	(void)collect(x, "k=1,l=2", OUTCOME_OBSERVED);
	assert_int_equal(number(x, "SELECT size FROM t_thing_at WHERE run = 1 "
				   "AND key = 'k'"),
	    1);
	assert_int_equal(number(x, "SELECT size FROM t_thing_at WHERE run = 2 "
				   "AND key = 'k'"),
	    7);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM t_thing_at WHERE run = 3"), 1);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM history WHERE key = 'k'"), 4);
	/* the same state again has the same root */
	assert_int_equal(
	    number(x, "SELECT (SELECT state_root FROM run WHERE id = 1) = "
		      "(SELECT state_root FROM run WHERE id = 4)"),
	    1);
}

static void
absence_needs_a_complete_answer(void **state)
{
	struct fixture *x = *state;
	struct run_result r;
	char all[4096];

	(void)collect(x, "k=1,l=2", OUTCOME_OBSERVED);
	r = collect(x, "k=1", OUTCOME_UNREACHABLE);
	assert_string_equal(r.state, "partial");
	assert_int_equal(r.gone, 0);
	assert_int_equal(number(x, "SELECT count(*) FROM t_thing"), 2);
	/* k was sighted in run 2, l is stale since run 1 */
	assert_int_equal(
	    number(x, "SELECT seen_run FROM t_thing WHERE key = 'k'"), 2);
	assert_int_equal(
	    number(x, "SELECT seen_run FROM t_thing WHERE key = 'l'"), 1);
	r = collect(x, "k=1", OUTCOME_OBSERVED);
	assert_int_equal(r.gone, 1);
	assert_int_equal(number(x, "SELECT count(*) FROM t_thing"), 1);
	assert_string_equal(problems(x, all), "");
}

static void
a_gap_in_one_kind_keeps_that_kind(void **state)
{
	struct fixture *x = *state;
	struct run *r = begin(x);
	struct sink s = run_sink(r);
	struct run_result result;
	struct emitter e;

	(void)result;
	run_free(r);
	(void)collect(x, "k=1", OUTCOME_OBSERVED);
	r = begin(x);
	s = run_sink(r);
	OK(x, emitter_init(&e, &s, kinds, "test", "host/a", &x->f));
	OK(x, emit_gap(&e, &thing, OUTCOME_DENIED, "no permission", &x->f));
	OK(x, emit_coverage(&e, OUTCOME_OBSERVED, NULL, &x->f));
	OK(x, run_end(r, "2026-01-03T00:00:00Z", &result, &x->f));
	emitter_free(&e);
	run_free(r);
	assert_string_equal(result.state, "partial");
	assert_int_equal(number(x, "SELECT count(*) FROM t_thing"), 1);
	assert_int_equal(number(x, "SELECT seen_run FROM t_thing"), 1);
}

static void
a_run_that_is_not_ended_leaves_only_its_attempt(void **state)
{
	struct fixture *x = *state;
	struct run *r = begin(x);
	struct sink s = run_sink(r);
	struct emitter e;
	char all[4096];

	OK(x, emitter_init(&e, &s, only_thing, "test", "host/a", &x->f));
	put(x, &e, "k", 1);
	emitter_free(&e);
	run_free(r);
	assert_int_equal(number(x, "SELECT count(*) FROM subject"), 0);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM run WHERE state = 'open'"), 1);
	(void)collect(x, "k=1", OUTCOME_OBSERVED);
	assert_string_equal(problems(x, all), "");
}

static void
a_failed_run_says_why(void **state)
{
	struct fixture *x = *state;
	struct run *r = begin(x);
	char all[4096];

	OK(x, run_fail(r, "2026-01-03T00:00:00Z", "the disk burned", &x->f));
	run_free(r);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM log WHERE type = 'run' AND "
		      "body ->> '$.reason' = 'the disk burned'"),
	    1);
	assert_string_equal(problems(x, all), "");
}

static void
the_last_word_on_a_key_counts(void **state)
{
	struct fixture *x = *state;

	(void)collect(x, "k=1", OUTCOME_OBSERVED);
	(void)collect(x, "k=2,k=1", OUTCOME_OBSERVED);
	assert_int_equal(number(x, "SELECT size FROM t_thing"), 1);
	(void)collect(x, "k=1,k=3", OUTCOME_OBSERVED);
	assert_int_equal(number(x, "SELECT size FROM t_thing"), 3);
}

static void
two_writers_lose_nothing(void **state)
{
	struct fixture *x = *state, y = *x;
	struct run *r1, *r2;
	struct sink s1, s2;
	struct emitter e1, e2;
	struct run_result result;
	char all[4096];

	(void)collect(x, "k=1,l=1", OUTCOME_OBSERVED);
	y.st = store_open(x->path, STORE_WRITE, kinds, x->crypto, &y.f);
	assert_non_null(y.st);
	r1 = begin(x);
	r2 = begin(&y);
	s1 = run_sink(r1);
	s2 = run_sink(r2);
	OK(x, emitter_init(&e1, &s1, only_thing, "test", "host/a", &x->f));
	OK(x, emitter_init(&e2, &s2, only_thing, "test", "host/a", &x->f));
	put(x, &e1, "k", 1); /* unchanged to run 2, changed by run 3 */
	put(x, &e1, "l", 2);
	put(&y, &e2, "k", 5);
	put(&y, &e2, "l", 2);
	OK(x, emit_coverage(&e1, OUTCOME_OBSERVED, NULL, &x->f));
	OK(x, emit_coverage(&e2, OUTCOME_OBSERVED, NULL, &x->f));
	OK(x, run_end(r2, "2026-01-03T00:00:00Z", &result, &y.f));
	assert_int_equal(result.run, 2);
	OK(x, run_end(r1, "2026-01-03T00:00:01Z", &result, &x->f));
	assert_int_equal(result.run, 3);
	emitter_free(&e1);
	emitter_free(&e2);
	run_free(r1);
	run_free(r2);
	store_close(y.st);
	assert_int_equal(number(x, "SELECT size FROM t_thing_at WHERE run = 2 "
				   "AND key = 'k'"),
	    5);
	assert_int_equal(
	    number(x, "SELECT size FROM t_thing WHERE key = 'k'"), 1);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM change WHERE run = 3"), 1);
	assert_string_equal(problems(x, all), "");
}

static json_t *
no_names(void)
{
	json_t *o = json_object();

	assert_non_null(o);
	return o;
}

/* Judge: one verdict for each subject listed as "1=satisfied". */
static long long
judge(struct fixture *x, const char *verdicts)
{
	json_t *none = no_names();
	const struct judgement_begin b = { "2026-02-01T00:00:00Z",
		"2026-02-01T00:00:00Z", "all", 1, none, none, none, NULL };
	struct judgement *j = judgement_new(x->st, &b, &x->f);
	char *copy = strdup(verdicts), *save = NULL;
	long long id;

	assert_non_null(j);
	for (char *t = strtok_r(copy, ",", &save); t != NULL;
	     t = strtok_r(NULL, ",", &save)) {
		char *eq = strchr(t, '=');

		OK(x,
		    judgement_put(j, "c", atoll(t), eq + 1, "because", &x->f));
	}
	OK(x, judgement_end(j, &id, &x->f));
	judgement_free(j);
	json_decref(none);
	free(copy);
	return id;
}

static void
verdicts_are_written_when_they_change(void **state)
{
	struct fixture *x = *state;
	char all[4096];

	(void)collect(x, "k=1,l=2", OUTCOME_OBSERVED);
	assert_int_equal(judge(x, "1=satisfied,2=unknown"), 1);
	assert_int_equal(judge(x, "1=satisfied,2=unknown"), 2);
	assert_int_equal(number(x, "SELECT count(*) FROM opinion"), 2);
	assert_int_equal(judge(x, "1=not-satisfied"), 3);
	assert_int_equal(number(x, "SELECT count(*) FROM opinion"), 4);
	assert_int_equal(number(x, "SELECT count(*) FROM verdict"), 1);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM verdict_at WHERE judgement = 2 "
		      "AND verdict = 'satisfied'"),
	    1);
	assert_string_equal(problems(x, all), "");
}

static void
a_check_may_not_say_two_things(void **state)
{
	struct fixture *x = *state;
	json_t *none = no_names();
	const struct judgement_begin b = { "2026-02-01T00:00:00Z",
		"2026-02-01T00:00:00Z", "all", 1, none, none, none, NULL };
	struct judgement *j;

	(void)collect(x, "k=1", OUTCOME_OBSERVED);
	j = judgement_new(x->st, &b, &x->f);
	assert_non_null(j);
	OK(x, judgement_put(j, "c", 1, "satisfied", "", &x->f));
	assert_int_equal(judgement_put(j, "c", 1, "unknown", "", &x->f), -1);
	judgement_free(j);
	json_decref(none);
	assert_int_equal(number(x, "SELECT count(*) FROM opinion"), 0);
}

static void
every_table_refuses_to_forget(void **state)
{
	struct fixture *x = *state;
	static const char *const refused[] = {
		"UPDATE content SET body = 'x'",
		"UPDATE content SET body = NULL",
		"DELETE FROM content",
		"INSERT OR REPLACE INTO content SELECT id, sha256, size, 'x' "
		"FROM content",
		"UPDATE name SET text = 'x'",
		"DELETE FROM name",
		"INSERT OR REPLACE INTO name SELECT * FROM name",
		"UPDATE item SET key = 1",
		"DELETE FROM item",
		"INSERT OR REPLACE INTO item SELECT * FROM item",
		"UPDATE attempt SET operator = 'x'",
		"DELETE FROM attempt",
		"INSERT OR REPLACE INTO attempt SELECT * FROM attempt",
		"UPDATE ended SET ended = 'x'",
		"DELETE FROM ended",
		"INSERT OR REPLACE INTO ended SELECT * FROM ended",
		"UPDATE change SET content = NULL",
		"DELETE FROM change",
		"INSERT OR REPLACE INTO change SELECT subject, run, NULL, NULL "
		"FROM change",
		"UPDATE place SET scope = 'x'",
		"DELETE FROM place",
		"INSERT OR REPLACE INTO place SELECT * FROM place",
		"UPDATE answer_change SET content = 1",
		"DELETE FROM answer_change",
		"INSERT OR REPLACE INTO answer_change SELECT * FROM "
		"answer_change",
		"UPDATE sighting_change SET run = 9",
		"DELETE FROM sighting_change",
		"INSERT OR REPLACE INTO sighting_change SELECT * FROM "
		"sighting_change",
		"UPDATE log SET body = 'x'",
		"DELETE FROM log",
		"INSERT OR REPLACE INTO log SELECT * FROM log",
		"UPDATE checkpoint SET note = 'x'",
		"DELETE FROM checkpoint",
		"INSERT OR REPLACE INTO checkpoint SELECT * FROM checkpoint",
		"UPDATE judgement SET made = 'x'",
		"DELETE FROM judgement",
		"INSERT OR REPLACE INTO judgement SELECT * FROM judgement",
		"UPDATE rule SET profile = 'x'",
		"DELETE FROM rule",
		"INSERT OR REPLACE INTO rule SELECT * FROM rule",
		"UPDATE opinion SET content = NULL",
		"DELETE FROM opinion",
		"INSERT OR REPLACE INTO opinion SELECT * FROM opinion",
	};
	struct log_head head;
	BUF_AUTO(note, 512);

	(void)collect(x, "k=1,l=2", OUTCOME_OBSERVED);
	(void)collect(x, "k=1", OUTCOME_UNREACHABLE);
	(void)judge(x, "1=satisfied");
	OK(x, log_head(x->st, &head, &x->f));
	OK(x, checkpoint_note(x->st, &head, &note, &x->f));
	OK(x, checkpoint_put(x->st, "2026-02-01T00:00:00Z", &head, note.p, NULL,
		  0, NULL, 0, &x->f));
	for (size_t i = 0; i < LENGTH(refused); i++)
		if (sqlite3_exec(store_db(x->st), refused[i], NULL, NULL,
			NULL) != SQLITE_CONSTRAINT)
			fail_msg("accepted: %s", refused[i]);
}

/* Edit the file as a person with the sqlite3 shell would: triggers dropped,
 * then put back, so that only the hashes can tell. */
static void
tamper(struct fixture *x, const char *sql)
{
	static const char drop[] =
	    "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM "
	    "sqlite_schema WHERE type = 'trigger'";
	static const char make[] = "SELECT group_concat(sql, ';') FROM "
				   "sqlite_schema WHERE type = 'trigger'";
	sqlite3 *db;
	sqlite3_stmt *q;
	char *drops, *makes;

	store_close(x->st);
	x->st = NULL;
	assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, drop, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	drops = strdup((const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	assert_int_equal(sqlite3_prepare_v2(db, make, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	makes = strdup((const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	assert_int_equal(sqlite3_exec(db, drops, NULL, NULL, NULL), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_exec(db, makes, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
	free(drops);
	free(makes);
	x->st = store_open(x->path, STORE_READ, kinds, x->crypto, &x->f);
	if (x->st == NULL)
		fail_msg("%s", x->f.text);
}

static void
every_tampering_is_named(void **state)
{
	static const struct {
		const char *sql, *where, *what;
	} cases[] = {
		{ "UPDATE content SET body = replace(body, '1', '0') WHERE "
		  "body ->> '$.attributes.size' = 1",
		    "content", "do not match its SHA-256" },
		{ "UPDATE content SET body = NULL WHERE body ->> "
		  "'$.attributes.size' = 1",
		    "content", "without a tombstone" },
		{ "UPDATE name SET text = 'z' WHERE text = 'k'", "subject",
		    "was edited" },
		{ "UPDATE item SET key = (SELECT id FROM name WHERE text = "
		  "'host/a') WHERE id = 1; UPDATE item SET bucket = 7 WHERE id "
		  "= "
		  "2",
		    "subject 2", "was edited" },
		{ "UPDATE change SET content = (SELECT min(content) FROM "
		  "change) WHERE run = 2",
		    "run 2", "its changes are not those" },
		{ "UPDATE change SET provenance = NULL WHERE run = 2", "run 2",
		    "its changes are not those" },
		{ "DELETE FROM change WHERE run = 2", "run 2",
		    "state of all subjects" },
		{ "INSERT INTO name VALUES (99, 'new'); INSERT INTO item "
		  "SELECT 3, kind, scope, 99, 7 FROM item LIMIT 1; INSERT INTO "
		  "change VALUES (3, 1, 1, 2)",
		    "run 1", "its changes are not those" },
		{ "DELETE FROM answer_change WHERE run = 3", "run 3",
		    "its coverage is not" },
		{ "DELETE FROM sighting_change", "run 3",
		    "its sightings are not" },
		{ "UPDATE ended SET series = 3 WHERE run = 3", "run 3",
		    "its coverage is not" },
		{ "UPDATE log SET at = '2026-01-09T00:00:00Z' WHERE seq = 2",
		    "log entry 2", "its time is not" },
		{ "UPDATE rule SET profile = 'hidden'", "rule 1",
		    "its profile hidden is not" },
		{ "UPDATE place SET collector = 'other'", "place 1",
		    "its scope or collector" },
		{ "UPDATE attempt SET operator = 'somebody' WHERE id = 1",
		    "attempt 1", "columns are not" },
		{ "UPDATE ended SET ended = '2026-01-09T00:00:00Z' WHERE run "
		  "= 2",
		    "run 2", "columns are not" },
		{ "UPDATE ended SET state = 'complete' WHERE run = 3", "run 3",
		    "columns are not" },
		{ "DELETE FROM change WHERE run = 2; DELETE FROM answer_change "
		  "WHERE run = 2; DELETE FROM ended WHERE run = 2",
		    "log entry", "run 2, which it records, is missing" },
		{ "UPDATE log SET body = replace(body, 'complete', 'partial') "
		  "WHERE seq = 2",
		    "log entry 2", "does not match its leaf" },
		{ "UPDATE log SET body = replace(body, 'tester', 'nobody'), "
		  "leaf = zeroblob(32) WHERE seq = 1",
		    "checkpoint 1", "its root is not the log's" },
		{ "DELETE FROM log WHERE seq >= (SELECT max(seq) FROM log)",
		    "checkpoint 1", "entries were removed" },
		{ "UPDATE log SET seq = -1 WHERE seq = 2; UPDATE log SET seq "
		  "= 2 WHERE seq = 4; UPDATE log SET seq = 4 WHERE seq = -1",
		    "checkpoint 1", "reordered" },
		{ "UPDATE log_node SET hash = zeroblob(32) WHERE level = 1",
		    "log node", "not the hash of its children" },
		{ "UPDATE bucket SET hash = zeroblob(32)", "state bucket",
		    "not the hash of the newest state" },
		{ "UPDATE opinion SET content = 1", "judgement 1",
		    "its verdicts are not" },
		{ "DELETE FROM opinion", "judgement 1",
		    "its verdicts are not" },
		{ "UPDATE judgement SET made = '2025-01-01T00:00:00Z'",
		    "judgement 1", "columns are not" },
		{ "UPDATE checkpoint SET note = 'exhibit/test\n1\n' || "
		  "substr(note, -45)",
		    "checkpoint 1", "columns are not" },
		{ "CREATE TABLE extra(x)", "table extra", "was added" },
		{ "CREATE VIEW aa AS SELECT 1", "view aa", "was added" },
	};
	char all[4096];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fixture *x;
		struct log_head head;
		BUF_AUTO(note, 512);

		(void)teardown(state);
		(void)setup(state);
		x = *state;
		(void)collect(x, "k=1,l=2", OUTCOME_OBSERVED);
		(void)collect(x, "k=5,l=2", OUTCOME_OBSERVED);
		(void)collect(x, "k=5", OUTCOME_UNREACHABLE);
		(void)judge(x, "1=satisfied");
		OK(x, log_head(x->st, &head, &x->f));
		OK(x, checkpoint_note(x->st, &head, &note, &x->f));
		OK(x, checkpoint_put(x->st, "2026-02-01T00:00:00Z", &head,
			  note.p, NULL, 0, NULL, 0, &x->f));
		assert_string_equal(problems(x, all), "");
		tamper(x, cases[i].sql);
		(void)problems(x, all);
		if (strstr(all, cases[i].where) == NULL ||
		    strstr(all, cases[i].what) == NULL)
			fail_msg("%s\nshould say %s, %s; says\n%s",
			    cases[i].sql, cases[i].where, cases[i].what, all);
	}
}

static void
a_dropped_trigger_is_named(void **state)
{
	struct fixture *x = *state;
	char all[4096];

	assert_int_equal(
	    sqlite3_exec(store_db(x->st),
		"DROP TRIGGER log_keep_update; DROP TRIGGER log_keep_delete; "
		"CREATE TRIGGER log_keep_delete BEFORE DELETE ON log BEGIN "
		"SELECT 1; END",
		NULL, NULL, NULL),
	    SQLITE_OK);
	(void)problems(x, all);
	assert_non_null(strstr(all, "trigger log_keep_update: is missing"));
	assert_non_null(strstr(all, "trigger log_keep_delete: was altered"));
}

static void
log_roots_of_the_past_stay(void **state)
{
	struct fixture *x = *state;
	uint8_t roots[40][SHA256_LEN], again[SHA256_LEN];
	struct log_head head;
	struct merkle m = { 0 };

	for (int i = 1; i < 40; i++) {
		char body[64];
		int n = snprintf(
		    body, sizeof(body), "{\"n\":%d,\"type\":\"t\"}", i);

		OK(x, log_head(x->st, &head, &x->f));
		assert_int_equal(head.size, i);
		memcpy(roots[i], head.root, SHA256_LEN);
		OK(x, log_append(x->st, "t", body, (size_t)n, NULL, &x->f));
	}
	for (int i = 1; i < 40; i++) {
		OK(x, log_root_at(x->st, i, again, &x->f));
		assert_memory_equal(again, roots[i], SHA256_LEN);
	}
	/* the cached nodes agree with the plain tree */
	for (int i = 0; i < 39; i++) {
		sqlite3_stmt *q;
		char sql[64];

		(void)snprintf(
		    sql, sizeof(sql), "SELECT leaf FROM log WHERE seq = %d", i);
		assert_int_equal(
		    sqlite3_prepare_v2(store_db(x->st), sql, -1, &q, NULL),
		    SQLITE_OK);
		assert_int_equal(sqlite3_step(q), SQLITE_ROW);
		OK(x, merkle_add(
			  &m, x->crypto, sqlite3_column_blob(q, 0), &x->f));
		(void)sqlite3_finalize(q);
		OK(x, merkle_root(&m, x->crypto, again, &x->f));
		assert_memory_equal(again, roots[i + 1], SHA256_LEN);
	}
	assert_int_equal(log_root_at(x->st, 41, again, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_INTEGRITY);
}

static void
checkpoints_read_back(void **state)
{
	static const char *const bad[] = { "", "a\n1\n", "a\nx\ny\n",
		"a\n1\nAAAA\n",
		"a\n-1\nRoA8QTLjtwDzJzDDqFPQXM7Zl3oVxKSqs0OxP9pSO2M=\n",
		"a\n1\nRoA8QTLjtwDzJzDDqFPQXM7Zl3oVxKSqs0OxP9pSO2M=\nmore\n" };
	struct fixture *x = *state;
	struct log_head head, again = { 0 };
	char origin[CHECKPOINT_ORIGIN_MAX];
	BUF_AUTO(note, 512);

	OK(x, log_head(x->st, &head, &x->f));
	OK(x, checkpoint_note(x->st, &head, &note, &x->f));
	OK(x, checkpoint_parse(note.p, note.len, origin, &again, &x->f));
	assert_string_equal(origin, "exhibit/test");
	assert_int_equal(again.size, head.size);
	assert_memory_equal(again.root, head.root, SHA256_LEN);
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_int_equal(checkpoint_parse(bad[i], strlen(bad[i]),
				     origin, &again, &x->f),
		    -1);
		assert_int_equal(x->f.kind, FAULT_FORMAT);
	}
}

static void
refuses_what_is_no_store(void **state)
{
	struct fixture *x = *state;
	char path[160];
	struct fault f = { 0 };
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/text", x->folder);
	OK(x, file_write(path,
		  "not a database, but long enough to look at "
		  "as if it were one................",
		  70, 0600, &f));
	assert_null(store_open(path, STORE_READ, kinds, x->crypto, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_non_null(strstr(f.text, path));

	(void)snprintf(path, sizeof(path), "%s/other.db", x->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL), 0);
	(void)sqlite3_close(db);
	assert_null(store_open(path, STORE_READ, kinds, x->crypto, &f));
	assert_int_equal(f.kind, FAULT_USAGE);

	(void)snprintf(path, sizeof(path), "%s/none.db", x->folder);
	assert_null(store_open(path, STORE_WRITE, kinds, x->crypto, &f));
	assert_int_equal(f.kind, FAULT_ABSENT);
	assert_int_equal(access(path, F_OK), -1);

	assert_int_equal(sqlite3_exec(store_db(x->st),
			     "PRAGMA user_version = 3", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_null(store_open(x->path, STORE_READ, kinds, x->crypto, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_non_null(strstr(f.text, "newer"));

	assert_int_equal(
	    store_create(x->path, "b", "2026-01-01T00:00:00Z", x->crypto, &f),
	    -1);
	assert_int_equal(f.kind, FAULT_USAGE);
	(void)snprintf(path, sizeof(path), "%s/bad-id.db", x->folder);
	assert_int_equal(
	    store_create(path, "B\n", "2026-01-01T00:00:00Z", x->crypto, &f),
	    -1);
	assert_int_equal(access(path, F_OK), -1);
}

static void
a_reader_changes_nothing(void **state)
{
	struct fixture *x = *state;
	struct store *reader;

	(void)collect(x, "k=1", OUTCOME_OBSERVED);
	reader = store_open(x->path, STORE_READ, kinds, x->crypto, &x->f);
	assert_non_null(reader);
	assert_int_equal(log_append(reader, "t", "{}", 2, NULL, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_DENIED);
	store_close(reader);
}

/* Begin a run at a time; keep or forget it. */
static int
try_run(struct fixture *x, const char *began, const char *ended)
{
	const struct run_begin b = { began, "test", "tester", exhibit_build,
		"{}", false };
	struct run *r = run_new(x->st, &b, &x->f);
	struct run_result result;
	int rc = -1;

	if (r != NULL)
		rc = run_end(r, ended, &result, &x->f);
	run_free(r);
	return rc;
}

static void
clock_of_test(void *ctx, char out[UTC_LEN])
{
	(void)snprintf(out, UTC_LEN, "%s", (const char *)ctx);
}

static void
nothing_is_recorded_before_the_newest_record(void **state)
{
	struct fixture *x = *state;
	char late[] = "2026-03-01T00:00:09Z";
	struct store_clock clock = { .now = clock_of_test, .ctx = late };
	struct judgement_begin j = { "2026-02-28T23:59:59Z",
		"2026-02-28T23:59:59Z", "all", 1, NULL, NULL, NULL, NULL };
	const struct retain_request old = { "2026-02-28T00:00:00Z",
		"2025-01-01T00:00:00Z", "1y", "tester" };
	struct retain_result gone;
	struct log_head before, after;

	OK(x, try_run(x, "2026-03-01T00:00:00Z", "2026-03-01T00:00:05Z"));
	OK(x, try_run(x, "2026-03-01T00:00:05Z", "2026-03-01T00:00:05Z"));
	OK(x, log_head(x->st, &before, &x->f));
	assert_int_equal(
	    try_run(x, "2026-03-01T00:00:04Z", "2026-03-01T00:00:06Z"), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	assert_non_null(strstr(x->f.text, "2026-03-01T00:00:04Z"));
	assert_non_null(strstr(x->f.text, "2026-03-01T00:00:05Z"));
	assert_non_null(strstr(x->f.text, "--now"));
	assert_null(judgement_new(x->st, &j, &x->f));
	assert_int_equal(
	    log_append(x->st, "exception",
		"{\"made\":\"2026-02-01T00:00:00Z\",\"type\":\"exception\"}",
		51, NULL, &x->f),
	    -1);
	assert_int_equal(checkpoint_put(x->st, "2026-02-01T00:00:00Z", &before,
			     "n", NULL, 0, NULL, 0, &x->f),
	    -1);
	assert_int_equal(store_retain(x->st, &old, &gone, &x->f), -1);
	OK(x, log_head(x->st, &after, &x->f));
	assert_int_equal(before.size, after.size);

	/* late, by a clock that is right: other work was recorded meanwhile */
	store_set_clock(x->st, &clock);
	OK(x, try_run(x, "2026-03-01T00:00:04Z", "2026-03-01T00:00:06Z"));
	memcpy(late, "2026-03-01T00:00:01Z", sizeof(late));
	assert_int_equal(
	    try_run(x, "2026-03-01T00:00:04Z", "2026-03-01T00:00:06Z"), -1);
	/* a clock that was set back while it ran costs no evidence */
	memcpy(late, "2026-03-01T00:00:20Z", sizeof(late));
	OK(x, try_run(x, "2026-03-01T00:00:20Z", "2026-03-01T00:00:07Z"));
	/* that a time was given stands in the record */
	clock.given = "given";
	store_set_clock(x->st, &clock);
	OK(x, try_run(x, "2026-03-01T00:00:30Z", "2026-03-01T00:00:30Z"));
	assert_int_equal(
	    number(x, "SELECT count(*) FROM log WHERE body ->> '$.clock' = "
		      "'given'"),
	    2);
}

/* Two observations of one subject in a run that takes each once. */
static int
try_twice(struct fixture *x, long long first, long long second)
{
	const struct run_begin b = { "2026-01-02T00:00:05Z", "test", "tester",
		exhibit_build, "{}", true };
	struct run *r = run_new(x->st, &b, &x->f);
	struct sink s = run_sink(r);
	struct emitter e;
	int rc = 0;

	OK(x, emitter_init(&e, &s, only_thing, "test", "host/a", &x->f));
	for (int i = 0; rc == 0 && i < 2; i++) {
		ATTRS_AUTO(a);

		attrs_int(&a, "size", i == 0 ? first : second);
		attrs_bool(&a, "on", true);
		rc = emit_observed(&e, &thing, "k", &a, "/src", &x->f);
	}
	emitter_free(&e);
	run_free(r);
	return rc;
}

static void
contradictions_are_refused(void **state)
{
	struct fixture *x = *state;

	OK(x, try_twice(x, 1, 1));
	assert_int_equal(try_twice(x, 1, 2), -1);
	assert_non_null(strstr(x->f.text, "contradict"));
	(void)collect(x, "k=7", OUTCOME_OBSERVED);
	OK(x, try_twice(x, 7, 7));
	assert_int_equal(try_twice(x, 7, 8), -1);
	assert_int_equal(try_twice(x, 8, 7), -1);
	assert_int_equal(try_twice(x, 8, 9), -1);
	OK(x, try_twice(x, 8, 8));
}

/* Write half a transaction in another process, then be killed. */
static void
interrupt_a_writer(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		sqlite3 *db;

		if (sqlite3_open(path, &db) != SQLITE_OK ||
		    sqlite3_exec(db,
			"PRAGMA journal_mode = DELETE; PRAGMA cache_size = 2; "
			"BEGIN IMMEDIATE; CREATE TABLE half(x); "
			"INSERT INTO half WITH n(i) AS (SELECT 1 UNION ALL "
			"SELECT i + 1 FROM n WHERE i < 2000) "
			"SELECT zeroblob(1000) FROM n",
			NULL, NULL, NULL) != SQLITE_OK)
			_exit(1);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void
a_reader_gets_past_an_interrupted_writer(void **state)
{
	struct fixture *x = *state;
	char all[4096], journal[160];

	(void)collect(x, "k=1", OUTCOME_OBSERVED);
	store_close(x->st);
	x->st = NULL;
	interrupt_a_writer(x->path);
	(void)snprintf(journal, sizeof(journal), "%s-journal", x->path);
	assert_int_equal(access(journal, F_OK), 0);
	x->st = store_open(x->path, STORE_READ, kinds, x->crypto, &x->f);
	if (x->st == NULL)
		fail_msg("%s", x->f.text);
	assert_int_equal(number(x, "SELECT count(*) FROM t_thing"), 1);
	assert_string_equal(problems(x, all), "");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(unchanged_evidence_is_stored_once),
		T(every_past_state_can_be_asked),
		T(absence_needs_a_complete_answer),
		T(a_gap_in_one_kind_keeps_that_kind),
		T(a_run_that_is_not_ended_leaves_only_its_attempt),
		T(a_failed_run_says_why),
		T(the_last_word_on_a_key_counts),
		T(two_writers_lose_nothing),
		T(verdicts_are_written_when_they_change),
		T(a_check_may_not_say_two_things),
		T(every_table_refuses_to_forget),
		T(every_tampering_is_named),
		T(a_dropped_trigger_is_named),
		T(log_roots_of_the_past_stay),
		T(checkpoints_read_back),
		T(refuses_what_is_no_store),
		T(nothing_is_recorded_before_the_newest_record),
		T(contradictions_are_refused),
		T(a_reader_changes_nothing),
		T(a_reader_gets_past_an_interrupted_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
