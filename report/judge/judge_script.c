/*
 * A judgement as statements of the stock sqlite3 shell, for who trusts no
 * program of ours: see judge.h. It says what judge.c does, in the same order.
 */
#include "report/judge/judge.h"

#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "report/judge/catalog_table.h"
#include "report/judge/profile.h"

void
judge_script_begin(struct buf *out)
{
	buf_puts(out,
	    ".bail on\n.mode list\n.headers off\n"
	    "-- Every result again, from evidence.db, by the statements that "
	    "the texts in\n-- checks/ stand for: sqlite3 -readonly evidence.db "
	    "<judge.sql\n"
	    "SELECT 'profile,check,kind,scope,key,verdict,reason' || "
	    "char(13);\n");
}

/* A catalogue's rows out of its file: what follows its header, lines as arrays,
 * what is empty as NULL. */
static void
put_catalog(const struct catalog *k, struct buf *out)
{
	char name[CATALOG_TABLE_MAX];

	catalog_table_sql(k, name, out);
	buf_printf(out, ";\nINSERT INTO temp.%s SELECT ", name);
	for (size_t i = 0; i < k->ncolumns; i++)
		buf_printf(out, "%snullif(json_extract(r.value, '$[%zu]'), '')",
		    i > 0 ? ", " : "", i);
	buf_printf(out,
	    " FROM (SELECT CAST(substr(readfile('catalogs/%s.tsv'), %zu) AS "
	    "TEXT) AS t) f, json_each('[[\"' || replace(replace(replace("
	    "replace(substr(t, 1, length(t) - 1), '\\', '\\\\'), '\"', "
	    "'\\\"'), char(9), '\",\"'), char(10), '\"],[\"') || '\"]]') r "
	    "WHERE t <> '';\n",
	    k->name, (size_t)(k->rows - k->text) + 1);
	catalog_index_sql(k, out);
	buf_puts(out, ";\n");
}

/* What was asked and by which parameters: as the log has it. */
static void
put_asked(long long judgement, struct buf *out)
{
	buf_printf(out,
	    "CREATE TEMP TABLE asked AS SELECT as_of, made, run, NULL AS "
	    "judgement FROM judgement WHERE id = %lld;\n"
	    "CREATE TEMP TABLE parameter(name TEXT PRIMARY KEY, value TEXT);\n",
	    judgement);
	for (const struct parameter_def *d = parameter_defs; d->name != NULL;
	     d++) {
		buf_puts(out, "INSERT INTO temp.parameter VALUES (");
		sql_text(out, d->name, strlen(d->name));
		buf_puts(out, ", ");
		sql_text(out, d->value, strlen(d->value));
		buf_puts(out, ");\n");
	}
	buf_printf(out,
	    "INSERT OR REPLACE INTO temp.parameter SELECT p.key, p.value FROM "
	    "judgement j JOIN log l ON l.seq = j.record, json_each(l.body, "
	    "'$.parameters') p WHERE j.id = %lld AND p.type = 'text';\n",
	    judgement);
}

/* Who of a population was last seen too long ago: nothing counts of him. */
static void
put_stale(const char *kind, long long judgement, struct buf *out)
{
	char view[KIND_VIEW_MAX];

	kind_view(&(const struct kind){ .name = kind }, view);
	buf_printf(out,
	    "INSERT OR IGNORE INTO temp.stale SELECT v.subject, e.ended, "
	    "p.hours "
	    "FROM (SELECT j.as_of, l.body ->> '$.parameters.max_age' AS age, "
	    "l.body ->> '$.parameters.max_age' / 3600 AS hours FROM judgement "
	    "j JOIN log l ON l.seq = j.record WHERE j.id = %lld) p CROSS JOIN "
	    "%s v JOIN ended e ON e.run = v.seen_run WHERE p.age > 0 AND "
	    "e.ended < strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', p.as_of, '-' || "
	    "p.age || ' seconds');\n",
	    judgement, view);
}

static bool
comes_before(const struct checks *cs, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(cs->list[k].kinds[0], cs->list[i].kinds[0]) == 0)
			return true;
	return false;
}

/*
 * A line of CSV as report/format/csv.c writes it: quotes where they are needed,
 * and an apostrophe before what a spreadsheet would calculate.
 */
#define CELL(x)                                                                \
	"(SELECT CASE WHEN c IS NULL THEN '' WHEN c = '' THEN '\"\"' WHEN c "  \
	"GLOB '*[,\"' || char(13, 10) || ']*' THEN '\"' || replace(c, "        \
	"'\"', '\"\"') || '\"' ELSE c END FROM (SELECT iif(unicode(" x         \
	") IN (61, 43, 45, 64, 9, 13, 10, 65309, 65291, 65293, 65312), "       \
	"char(39), '') || " x " AS c))"

/* A reason is cut at 2,000 bytes, after the character that goes over. */
#define MORE(n) "(hex(substr(b, " n ", 1)) BETWEEN '80' AND 'BF')"
#define REASON                                                                 \
	"(SELECT iif(length(b) > 2000, CAST(substr(b, 1, 2000 + " MORE(        \
	    "2001") " * (1 + " MORE("2002") " * (1 + " MORE("2003") "))) AS "  \
								    "TEXT) "   \
								    "|| "      \
								    "char("    \
								    "8230), "  \
								    "CAST(b "  \
								    "AS "      \
								    "TEXT)) "  \
								    "FROM "    \
								    "(SELECT " \
								    "CAST("    \
								    "coalesce" \
								    "("        \
								    "r."       \
								    "reason, " \
								    "'the "    \
								    "evidence" \
								    " lacks "  \
								    "a value " \
								    "that "    \
								    "this "    \
								    "check "   \
								    "tells "   \
								    "of') AS " \
								    "BLOB) "   \
								    "AS b))"

#define LINE                                                                   \
	"SELECT profile || ',' || check_id || ',' || kind || ',' || " CELL(    \
	    "scope") " || ',' || " CELL("key") " || ',' || verdict || ',' "    \
					       "|| " CELL("reason") " || "     \
								    "char(13)" \
								    " FROM ("
#define IN_ORDER ") ORDER BY profile, check_id, scope, key, kind;\n"

/* What judge.c makes of a check's answers: stale, or without a reason. */
static void
put_results(struct buf *out)
{
	buf_puts(out, LINE
	    "SELECT j.profile, r.check_id, s.kind, s.scope, s.key, "
	    "iif(r.reason IS NULL OR (t.seen IS NOT NULL AND r.verdict <> "
	    "'not-applicable'), 'unknown', r.verdict) AS verdict, "
	    "iif(t.seen IS NOT NULL AND (r.reason IS NULL OR r.verdict <> "
	    "'not-applicable'), 'last seen ' || t.seen || ', longer ago than "
	    "the accepted ' || t.hours || ' hours', " REASON ") AS reason FROM "
	    "temp.result r JOIN judgement j ON j.id = r.judgement JOIN subject "
	    "s ON s.id = r.subject LEFT JOIN temp.stale t ON t.subject = "
	    "r.subject" IN_ORDER);
}

/* Without its evidence nobody can: what was recorded, and told to be. */
static void
put_recorded(struct store *reader, long long run, long long judgement,
    const char *day, struct buf *out)
{
	buf_printf(out,
	    "-- Evidence of this state was purged on %.10s. These results are "
	    "shown as they\n-- were recorded. They are NOT evaluated again.\n",
	    day);
	store_script(reader, "", run, out);
	buf_printf(out,
	    LINE "SELECT * FROM verdict_at WHERE judgement = %lld" IN_ORDER,
	    judgement);
}

static void
put_check(const struct check *k, long long judgement, struct buf *out)
{
	struct buf sql = { .max = JUDGE_SCRIPT_MAX };

	check_sql(k, k->text, &sql);
	while (sql.len > 0 && strchr("; \n\t", sql.p[sql.len - 1]) != NULL)
		sql.p[--sql.len] = '\0';
	if (sql.failed != FAULT_NONE)
		out->failed = sql.failed;
	else
		buf_printf(out,
		    "INSERT INTO temp.result SELECT %lld, '%s', * FROM (\n%s\n"
		    ");\n",
		    judgement, k->id, sql.p);
	buf_free(&sql);
}

/* All that the checks are, for what they name. */
static int
named(const struct checks *cs, struct buf *all, struct fault *f)
{
	for (size_t i = 0; i < cs->n; i++) {
		check_sql(&cs->list[i], cs->list[i].text, all);
		buf_putc(all, '\n');
	}
	return buf_done(all, "judge.sql", f);
}

static void
put_judgement(struct store *reader, const struct checks *checks, long long run,
    long long judgement, const char *named_sql, struct buf *out)
{
	store_script(reader, named_sql, run, out);
	put_asked(judgement, out);
	for (size_t i = 0; i < checks->catalogs.n; i++)
		if (catalog_is_named(&checks->catalogs.list[i], named_sql))
			put_catalog(&checks->catalogs.list[i], out);
	buf_puts(out,
	    "CREATE TEMP TABLE stale(subject INTEGER PRIMARY KEY, seen, "
	    "hours);\nCREATE TEMP TABLE result(judgement, check_id, subject, "
	    "verdict, reason);\n");
	for (size_t i = 0; i < checks->n; i++)
		if (!comes_before(checks, i))
			put_stale(checks->list[i].kinds[0], judgement, out);
	for (size_t i = 0; i < checks->n; i++)
		put_check(&checks->list[i], judgement, out);
	put_results(out);
}

int
judge_script(struct store *reader, const struct checks *checks,
    long long judgement, struct buf *out, struct fault *f)
{
	struct judge_request q = { 0 };
	char made[UTC_LEN], as_of[UTC_LEN], day[UTC_LEN];
	BUF_AUTO(all, JUDGE_SCRIPT_MAX);

	if (judge_read(reader, judgement, &q, made, as_of, f) == -1 ||
	    store_dropped(reader, q.run, judgement, day, f) == -1 ||
	    named(checks, &all, f) == -1)
		return -1;
	buf_printf(out, "\n-- Judgement %lld.\nBEGIN;\n", judgement);
	if (day[0] != '\0')
		put_recorded(reader, q.run, judgement, day, out);
	else
		put_judgement(reader, checks, q.run, judgement, all.p, out);
	buf_puts(out, "ROLLBACK;\n");
	return buf_done(out, "judge.sql", f);
}
