/* exhibit history: every change of a subject or a kind, and of its verdicts. */
#include "cli/cli.h"

#include <string.h>

#include "base/length.h"
#include "cli/viewing.h"
#include "base/period.h"
#include "cli/rows.h"
#include "cli/subject.h"

struct asking {
	struct look look;
	struct subject subject;	 /* of one: id is not 0 */
	const struct kind *kind; /* of all of a kind, or NULL */
	struct period period;
	enum rows_format format;
};

/*
 * Changes in the period, each with what was there before. A subject that came
 * back is compared with what it last was.
 */
#define CHANGES                                                                \
	"WITH chosen AS MATERIALIZED (SELECT id, kind, scope, key FROM "       \
	"subject WHERE id = :id UNION ALL SELECT id, kind, scope, key FROM "   \
	"subject WHERE kind = :kind), "                                        \
	"span AS MATERIALIZED (SELECT min(run) AS first, max(run) AS last "    \
	"FROM ended WHERE ended >= :from AND ended < :to AND run <= :run), "   \
	"moved AS (SELECT s.*, x.run, e.ended AS at, x.content, "              \
	"(SELECT content IS NULL FROM change WHERE subject = s.id AND run < "  \
	"x.run ORDER BY run DESC LIMIT 1) AS was_gone, "                       \
	"(SELECT content FROM change WHERE subject = s.id AND run < x.run "    \
	"AND content IS NOT NULL ORDER BY run DESC LIMIT 1) AS old, "          \
	"(SELECT seen_run FROM seen_at WHERE run = x.run - 1 AND subject = "   \
	"s.id) AS before FROM span b CROSS JOIN chosen s CROSS JOIN change x " \
	"ON x.subject = s.id AND x.run BETWEEN b.first AND b.last JOIN ended " \
	"e ON e.run = x.run), "                                                \
	"told AS MATERIALIZED (SELECT m.*, CASE WHEN was_gone IS NULL THEN "   \
	"'appeared' "                                                          \
	"WHEN m.content IS NULL THEN 'gone' WHEN was_gone THEN 'came back' "   \
	"ELSE 'changed' END AS what, n.body AS new_body, o.body AS old_body, " \
	"nullif(lower(hex(n.sha256)), '') AS sha256, "                         \
	"nullif(lower(hex(o.sha256)), '') AS old_sha256, "                     \
	"(SELECT max(why) FROM dropped WHERE content IN (m.content, m.old)) "  \
	"AS why "                                                              \
	"FROM moved m LEFT JOIN content n ON n.id = m.content "                \
	"LEFT JOIN content o ON o.id = m.old), "

#define EVIDENCE                                                               \
	"evidence AS (SELECT at, 0 AS part, what, NULL AS name, NULL AS old, " \
	"CASE what WHEN 'gone' THEN NULL ELSE new_body ->> '$.outcome' END "   \
	"AS new, before AS before_run, run, kind, scope, key, sha256, id, "    \
	"iif(new_body IS NULL AND what <> 'gone', why, NULL) AS reason "       \
	"FROM told WHERE what <> 'changed' UNION ALL "                         \
	"SELECT t.at, 1, 'changed', d.name, d.old, d.new, t.before, t.run, "   \
	"t.kind, t.scope, t.key, t.sha256, t.id, NULL FROM told t JOIN "       \
	"differs d "                                                           \
	"ON d.id = t.id AND d.run = t.run WHERE t.what IN ('changed', "        \
	"'came back') AND t.old_body IS NOT NULL AND t.new_body IS NOT NULL "  \
	"UNION ALL SELECT at, 1, 'changed', 'content_sha256', old_sha256, "    \
	"sha256, before, run, kind, scope, key, sha256, id, why FROM told "    \
	"WHERE "                                                               \
	"what IN ('changed', 'came back') AND (old_body IS NULL OR new_body "  \
	"IS NULL)) "

#define ROWS                                                                   \
	"SELECT at, what, name, old, new, before_run, run, NULL AS "           \
	"before_judgement, NULL AS judgement, NULL AS as_of, reason, "         \
	"sha256 AS content_sha256, NULL AS check_sha256, NULL AS profile, "    \
	"kind, scope, key, part FROM evidence UNION ALL "                      \
	"SELECT v.judged, 'verdict', v.check_id, v.was, v.verdict, (SELECT "   \
	"run FROM judgement WHERE id = v.before_judgement), v.run, "           \
	"v.before_judgement, v.judgement, v.as_of, v.reason, NULL, "           \
	"v.check_sha256, v.profile, v.kind, v.scope, v.key, 2 "                \
	"FROM verdict_change v WHERE v.subject IN (SELECT id FROM chosen) "    \
	"AND v.rule IN (SELECT id FROM rule) AND "                             \
	"v.judged >= :from AND "                                               \
	"v.judged < :to AND "                                                  \
	"v.run <= :run AND v.was IS NOT v.verdict "                            \
	"ORDER BY 1, 18, 15, 16, 17, 9, 3"

static const char history[] = CHANGES LOOK_DIFFERS ", " EVIDENCE ROWS;

/* Its columns, by their place in ROWS. */
enum {
	AT,
	WHAT,
	NAME,
	OLD,
	NEW,
	BEFORE_RUN,
	RUN,
	BEFORE_JUDGEMENT,
	JUDGEMENT,
	AS_OF,
	REASON,
	CONTENT,
	CHECK,
	PROFILE,
	KIND,
	SCOPE,
	KEY
};

/* A table has room for less than a file. */
static const int in_table[] = { AT, WHAT, NAME, OLD, NEW, BEFORE_RUN, RUN,
	BEFORE_JUDGEMENT, JUDGEMENT, REASON };
static const int in_table_of_kind[] = { AT, SCOPE, KEY, WHAT, NAME, OLD, NEW,
	BEFORE_RUN, RUN, BEFORE_JUDGEMENT, JUDGEMENT, REASON };
static const int in_file[] = { AT, WHAT, NAME, OLD, NEW, BEFORE_RUN, RUN,
	BEFORE_JUDGEMENT, JUDGEMENT, AS_OF, REASON, CONTENT, CHECK, PROFILE,
	KIND, SCOPE, KEY };

#define COUNT(list) (LENGTH(list))

static const int *
columns_of(const struct asking *g, size_t *n)
{
	if (g->format != ROWS_TABLE) {
		*n = COUNT(in_file);
		return in_file;
	}
	*n = g->kind != NULL ? COUNT(in_table_of_kind) : COUNT(in_table);
	return g->kind != NULL ? in_table_of_kind : in_table;
}

static void
bind_names(struct asking *g, sqlite3_stmt *q)
{
	look_bind_number(q, ":id", g->subject.id);
	look_bind_text(q, ":kind", g->kind != NULL ? g->kind->name : NULL);
	look_bind_text(q, ":from", g->period.from);
	look_bind_text(q, ":to", g->period.to);
}

static int
print(struct asking *g, struct fault *f)
{
	size_t n;
	const int *shown = columns_of(g, &n);
	sqlite3_stmt *q;
	int rc;

	if (look_ask(&g->look, history, &q, f) == -1)
		return -1;
	bind_names(g, q);
	rc = look_rows(&g->look, q, shown, n, g->format, f) == -1 ? -1 : 0;
	(void)sqlite3_finalize(q);
	return rc;
}

/* A kind's name asks of all its subjects; anything else names one. */
static int
ask(struct asking *g, const char *what, struct fault *f)
{
	if ((g->kind = kind_find(what)) == NULL &&
	    subject_find(&g->look, what, &g->subject, f) == -1)
		return -1;
	return print(g, f);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const struct look_request looking = look_read(o);
	const char *period = option_or(o, "period", "1970..9998");
	struct asking g = { 0 };
	int rc;

	if (o->noperands != 1)
		return fault(f, FAULT_USAGE,
		    "history: say one subject, or a kind; 'exhibit kinds' "
		    "lists the kinds");
	if (rows_format(o, &g.format, f) == -1 ||
	    period_parse(period, &g.period, f) == -1)
		return -1;
	rc = look_open(cli, &looking, &g.look, f);
	if (rc == 0)
		rc = ask(&g, o->operands[0], f);
	subject_free(&g.subject);
	look_close(&g.look);
	return rc == -1 ? -1 : STATUS_OK;
}

const struct command cmd_history = {
	.name = "history",
	.operands = "SUBJECT | KIND",
	.about = "every change of a subject or a kind, and of its verdicts",
	.help =
	    "SUBJECT is named as for 'show'; KIND asks of all its subjects. A "
	    "change is told\ncolumn by column, with the last run that saw it "
	    "as before and the run that saw it\nnew: it happened between them. "
	    "A verdict's change is told with the judgement before,\nthe one "
	    "that changed it, and in CSV and JSON the digest of the check."
	    "\n\n"
	    "  exhibit history web-1\n"
	    "  exhibit history web-1 --period 2026Q3 --format csv\n"
	    "  exhibit history node.package --period 2026-07",
	.options =
	    (const struct option_def[]){
		{ "as-of", "RUN|DATE", "nothing newer than that" },
		{ "known-at", "DATE", "verdicts as they were known then" },
		{ "period", "PERIOD", "2026Q3, 2026-07 or FROM..TO (all)" },
		{ "format", "table|csv|json", "how to print (table)" },
		{ 0 },
	    },
	.run = run,
};
