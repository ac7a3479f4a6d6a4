/* exhibit show: the store, a run, or one subject, for a person. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "cli/viewing.h"
#include "cli/rows.h"
#include "cli/subject.h"
#include "base/number.h"

#define CHANGES_SHOWN "10"
#define VALUE_SHOWN 400 /* bytes of one column */

/* One "name  value" line. */
static void
line(const char *name, const char *value)
{
	printf("%-16s ", name);
	print_clean(stdout, value, VALUE_SHOWN);
	printf("\n");
}

/*
 * A titled list: SQL of our own, all columns as text. Nothing is printed when
 * there are no rows. Returns rows, or -1.
 */
static int
list(struct look *l, const char *title, const char *sql, int64_t id,
    struct fault *f)
{
	const char *names[16];
	struct cell cells[16];
	struct rows *r = NULL;
	sqlite3_stmt *q;
	int n, i, rc;

	if (look_ask(l, sql, &q, f) == -1)
		return -1;
	if ((i = sqlite3_bind_parameter_index(q, ":id")) > 0)
		sqlite3_bind_int64(q, i, id);
	n = sqlite3_column_count(q);
	for (i = 0; i < n && i < 16; i++)
		names[i] = sqlite3_column_name(q, i);
	while ((rc = look_next(l, q, f)) == 1) {
		if (r == NULL) {
			printf("\n%s\n", title);
			if ((r = rows_new(stdout, ROWS_TABLE, names, (size_t)n,
				 f)) == NULL)
				break;
		}
		for (i = 0; i < n; i++) {
			cells[i] =
			    cell_text((const char *)sqlite3_column_text(q, i));
			if (sqlite3_column_type(q, i) == SQLITE_INTEGER)
				cells[i].type = CELL_NUMBER;
		}
		if (rows_put(r, cells, f) == -1)
			break;
	}
	if (rc == 0 && r != NULL)
		rc = rows_end(r, f);
	rows_free(r);
	(void)sqlite3_finalize(q);
	return rc == 0 ? 0 : -1;
}

/* ------------------------------------------------------------------- store */

static int
show_newest_run(struct look *l, struct fault *f)
{
	char text[256];
	sqlite3_stmt *q;
	int rc;

	if (look_ask(l,
		"SELECT id, state, ended, operator FROM run WHERE id = :run",
		&q, f) == -1)
		return -1;
	if ((rc = look_next(l, q, f)) == 1)
		(void)snprintf(text, sizeof(text),
		    "run %s, %s, ended %s, by "
		    "%s",
		    look_text(q, 0), look_text(q, 1), look_text(q, 2),
		    look_text(q, 3));
	(void)sqlite3_finalize(q);
	if (rc != -1)
		line("looked at", rc == 1 ? text : "no run has ended yet");
	return rc == -1 ? -1 : 0;
}

static int
show_checkpoint(struct look *l, struct fault *f)
{
	char text[256];
	sqlite3_stmt *q;
	int rc;

	if (look_ask(l,
		"SELECT made, size, cms IS NOT NULL, (SELECT count(*) FROM "
		"log) FROM checkpoint ORDER BY id DESC LIMIT 1",
		&q, f) == -1)
		return -1;
	if ((rc = look_next(l, q, f)) == 1)
		(void)snprintf(text, sizeof(text),
		    "%s, %s, over %s of %s log entries", look_text(q, 0),
		    sqlite3_column_int(q, 2) ? "signed" : "not signed",
		    look_text(q, 1), look_text(q, 3));
	(void)sqlite3_finalize(q);
	if (rc != -1)
		line("checkpoint", rc == 1 ? text : "none yet");
	return rc == -1 ? -1 : 0;
}

static int
show_counts(struct look *l, struct fault *f)
{
	char text[256];
	sqlite3_stmt *q;
	int rc;

	if (look_ask(l,
		"SELECT count(*), count(*) FILTER (WHERE state = 'complete'), "
		"count(*) FILTER (WHERE state = 'partial'), "
		"count(*) FILTER (WHERE state = 'failed'), "
		"count(*) FILTER (WHERE state = 'open') FROM run",
		&q, f) == -1)
		return -1;
	if ((rc = look_next(l, q, f)) == 1) {
		(void)snprintf(text, sizeof(text),
		    "%s: %s complete, %s partial, %s failed, %s not ended",
		    look_text(q, 0), look_text(q, 1), look_text(q, 2),
		    look_text(q, 3), look_text(q, 4));
		line("runs", text);
	}
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : 0;
}

static int
show_store(struct look *l, struct fault *f)
{
	line("store", store_path(l->st));
	line("id", store_id(l->st));
	if (show_counts(l, f) == -1 || show_newest_run(l, f) == -1 ||
	    show_checkpoint(l, f) == -1)
		return -1;
	if (list(l, "Subjects",
		"SELECT kind, count(*) AS subjects, "
		"count(*) FILTER (WHERE c.body ->> '$.outcome' = 'observed') "
		"AS observed, count(*) FILTER (WHERE c.body ->> '$.outcome' "
		"NOT IN ('observed', 'absent')) AS unreadable "
		"FROM state t JOIN content c ON c.id = t.content "
		"WHERE t.run = :run GROUP BY kind ORDER BY kind",
		0, f) == -1)
		return -1;
	return list(l, "Verdicts",
	    "SELECT v.profile, v.verdict, count(*) AS subjects, "
	    "count(DISTINCT v.check_id) AS checks FROM verdict v "
	    "GROUP BY v.profile, v.verdict ORDER BY v.profile, v.verdict",
	    0, f);
}

/* --------------------------------------------------------------------- run */

static void
show_run_row(sqlite3_stmt *q)
{
	static const char *const names[] = { "run", "state", "began", "ended",
		"asked by", "origin", "exhibit", "hashed by", "plan",
		"state root", "log entry", "changes" };

	for (int i = 0; i < (int)(LENGTH(names)); i++)
		line(names[i], look_text(q, i));
}

static int
show_run(struct look *l, const char *number, struct fault *f)
{
	sqlite3_stmt *q;
	long long id;
	int rc;

	if (!number_read(number, 0, NUMBERS_MAX, &id))
		return fault(
		    f, FAULT_USAGE, "show run %s: not a run's number", number);
	if (look_ask(l,
		"SELECT id, state, began, ended, operator, origin, exhibit, "
		"module, plan, state_root, record, (SELECT count(*) FROM "
		"change WHERE run = r.id) FROM run r WHERE id = :id",
		&q, f) == -1)
		return -1;
	sqlite3_bind_int64(q, sqlite3_bind_parameter_index(q, ":id"), id);
	if ((rc = look_next(l, q, f)) == 1)
		show_run_row(q);
	(void)sqlite3_finalize(q);
	if (rc == 0)
		return fault(f, FAULT_USAGE,
		    "%s: no run %s; 'exhibit query runs' lists them",
		    store_path(l->st), number);
	if (rc == -1 ||
	    list(l, "Asked",
		"SELECT scope, collector, outcome, subjects, calls, denied, "
		"reason FROM coverage WHERE run = :id ORDER BY 1, 2",
		id, f) == -1)
		return -1;
	return list(l, "Could not be collected in full",
	    "SELECT v.scope, g.value ->> '$.kind' AS kind, g.value ->> "
	    "'$.outcome' AS outcome, g.value ->> '$.reason' AS reason "
	    "FROM coverage v, json_each(v.gaps) g WHERE v.run = :id "
	    "ORDER BY 1, 2",
	    id, f);
}

/* ----------------------------------------------------------------- subject */

/* The columns of the kind's view that are not null. */
static void
show_columns(const struct kind *k, sqlite3_stmt *q, int from)
{
	printf("\n");
	for (int i = 0; k->columns[i].name != NULL; i++) {
		if (sqlite3_column_type(q, from + i) == SQLITE_NULL)
			continue;
		printf("  %-26s ", k->columns[i].name);
		if (k->columns[i].type == COLUMN_BOOLEAN)
			printf("%s",
			    sqlite3_column_int(q, from + i) ? "yes" : "no");
		else
			print_clean(
			    stdout, look_text(q, from + i), VALUE_SHOWN);
		printf("\n");
	}
}

#define STATE_COLUMNS 7

/* Its row of the kind's view: 1, or 0 if it is gone. */
static int
show_state(struct look *l, const struct subject *s, struct fault *f)
{
	static const char *const names[STATE_COLUMNS] = { "outcome", "reason",
		"first seen", "last seen", "unchanged since", "evidence",
		"source" };
	char view[KIND_VIEW_MAX];
	sqlite3_stmt *q;
	int rc;
	BUF_AUTO(sql, 65536);

	kind_view(s->kind, view);
	buf_puts(&sql, "SELECT v.outcome, v.reason, "
		       "(SELECT e.ended || ', run ' || e.run FROM change x "
		       "JOIN ended e ON e.run = x.run WHERE x.subject = "
		       "v.subject ORDER BY x.run LIMIT 1), "
		       "(SELECT ended || ', run ' || run FROM ended WHERE "
		       "run = v.seen_run), "
		       "(SELECT ended || ', run ' || run FROM ended WHERE "
		       "run = v.since_run), v.content_sha256 || ' (SHA-256)', "
		       "(SELECT coalesce(p.body ->> '$.source', (SELECT why "
		       "FROM dropped WHERE content = p.id)) FROM change x JOIN "
		       "content p ON p.id = x.provenance WHERE x.subject = "
		       "v.subject AND x.run = v.since_run)");
	for (const struct column *c = s->kind->columns; c->name != NULL; c++)
		buf_printf(&sql, ", v.\"%s\"", c->name);
	buf_printf(&sql, " FROM \"%s\" v WHERE v.subject = %lld", view,
	    (long long)s->id);
	if (buf_done(&sql, "query", f) == -1 || look_ask(l, sql.p, &q, f) == -1)
		return -1;
	if ((rc = look_next(l, q, f)) == 1) {
		for (int i = 0; i < STATE_COLUMNS; i++)
			if (sqlite3_column_type(q, i) != SQLITE_NULL)
				line(names[i], look_text(q, i));
		show_columns(s->kind, q, STATE_COLUMNS);
	}
	(void)sqlite3_finalize(q);
	return rc;
}

static int
show_subject(struct look *l, const char *what, struct fault *f)
{
	struct subject s = { 0 };
	int rc = subject_find(l, what, &s, f);

	if (rc == 0) {
		line("subject", s.key);
		line("kind", s.name);
		line("scope", s.scope);
		rc = s.kind != NULL ? show_state(l, &s, f) : 0;
		if (rc == 0)
			line("outcome",
			    s.kind != NULL
				? "gone: a complete answer no longer had it"
				: "of a kind this version does not know");
	}
	if (rc != -1)
		rc = list(l, "Verdicts",
		    "SELECT v.verdict, v.check_id AS \"check\", s.as_of AS "
		    "since, v.judged, v.profile, v.reason FROM verdict v "
		    "JOIN judgement s ON s.id = v.since_judgement "
		    "WHERE v.subject = :id ORDER BY v.profile, v.check_id",
		    s.id, f);
	if (rc != -1)
		rc = list(l, "Changes, newest first",
		    "SELECT x.run, e.ended AS at, CASE WHEN x.content IS NULL "
		    "THEN 'gone' ELSE c.body ->> '$.outcome' END AS outcome, "
		    "lower(hex(c.sha256)) AS sha256 FROM change x "
		    "JOIN ended e ON e.run = x.run "
		    "LEFT JOIN content c ON c.id = x.content "
		    "WHERE x.subject = :id AND x.run <= :run "
		    "ORDER BY x.run DESC LIMIT " CHANGES_SHOWN,
		    s.id, f);
	if (rc != -1)
		rc = list(l, "Also in its scope",
		    "SELECT t.kind, count(*) AS subjects FROM state t "
		    "WHERE t.run = :run AND t.scope = (SELECT scope FROM "
		    "subject WHERE id = :id) AND t.subject <> :id "
		    "GROUP BY t.kind ORDER BY t.kind",
		    s.id, f);
	subject_free(&s);
	return rc;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const struct look_request looking = look_read(o);
	const char *views = option(o, "views");
	bool of_run = o->noperands == 2 && strcmp(o->operands[0], "run") == 0;
	struct look l;
	int rc;

	if (o->noperands > 1 && !of_run)
		return fault(f, FAULT_USAGE,
		    "show takes one subject, or 'run' and its number");
	rc = look_open(cli, &looking, &l, f);
	if (rc == 0 && views != NULL)
		rc = store_copy(l.st, views, f);
	else if (rc == 0 && o->noperands == 0)
		rc = show_store(&l, f);
	else if (rc == 0)
		rc = of_run ? show_run(&l, o->operands[1], f)
			    : show_subject(&l, o->operands[0], f);
	look_close(&l);
	return rc == -1 ? -1 : STATUS_OK;
}

const struct command cmd_show = {
	.name = "show",
	.operands = "[SUBJECT | run NUMBER]",
	.about = "the store, one run or one subject",
	.help =
	    "Without an operand: the store at a glance. SUBJECT is a key, a "
	    "scope, or\nkind:scope:key; it shows what is known of it, since "
	    "when, the evidence's digest,\nthe verdicts and the last changes. "
	    "A name of several subjects lists them.\n\n"
	    "  exhibit show\n"
	    "  exhibit show web-1 --as-of 2026-09-30\n"
	    "  exhibit show node.file:host/web-1:/etc/os-release\n"
	    "  exhibit show run 12\n"
	    "  exhibit show --views handed-over.db",
	.options =
	    (const struct option_def[]){
		{ "as-of", "RUN|DATE", "the state as of then" },
		{ "known-at", "DATE", "verdicts as they were known then" },
		{ "views", "FILE",
		    "write a copy with a view for each kind, for sqlite3" },
		{ 0 },
	    },
	.run = run,
};
