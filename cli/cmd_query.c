/* exhibit query: ask the store in SQL, reading only. */
#include "cli/requests.h"
#include "report/judge/own.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/viewing.h"
#include "base/period.h"
#include "report/judge/profile.h"
#include "report/judge/query.h"
#include "store/readonly.h"
#include "cli/query_rests.h"
#include "cli/rows.h"
#include "cli/suggest.h"
#include "report/judge/asked.h"
#include "report/judge/catalog_table.h"
#include "base/number.h"

#define TIMEOUT 60		   /* seconds */
#define TIMEOUT_MAX 86400	   /* seconds */
#define QUERY_COLUMNS_MAX 2000	   /* as SQLite's own */
#define HEX_MAX (64 * 1024 * 1024) /* digits of one blob that are shown */

struct query_request { /* borrowed */
	const char *operand;
	struct look_request look;
	struct judging by; /* --profile and its directories */
	const char *period;
	const char *params[OPTIONS_MAX]; /* "name=value", as given */
	size_t nparams;
	enum rows_format format;
	int seconds; /* of time */
	bool sql;    /* is shown, not asked */
};

struct querying {
	struct query_request r;
	struct look look;
	struct period period;
	struct read_limit limit;
	struct named_query named; /* name "": SQL from the command line */
	struct buf sql;
	sqlite3_stmt *q;
};

static const char what[] = "query";

/* -------------------------------------------------------------------- list */

static int
print_list(const struct options *o, struct fault *f)
{
	static const char *const names[] = { "name", "parameters", "about" };
	enum rows_format format;
	struct named_query q;
	struct rows *r;
	int rc = 0;

	if (rows_format(o, &format, f) == -1 ||
	    (r = rows_new(stdout, format, names, 3, f)) == NULL)
		return -1;
	for (size_t i = 0; rc == 0 && named_query_at(i, &q); i++) {
		BUF_AUTO(params, 1024);

		for (size_t k = 0; k < q.nparams; k++)
			buf_printf(&params, "%s%s", k > 0 ? " " : "",
			    q.params[k].name);
		const struct cell cells[] = { cell_text(q.name),
			cell_text(params.p), cell_text(q.title) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc == -1 ? -1 : STATUS_OK;
}

/* -------------------------------------------------------------- parameters */

/* The value of --param name=..., the last one given, or NULL. */
static const char *
param_given(const struct query_request *r, const char *name)
{
	const char *value = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < r->nparams; i++)
		if (strncmp(r->params[i], name, len) == 0 &&
		    r->params[i][len] == '=')
			value = r->params[i] + len + 1;
	return value;
}

static const char *
param_default(const struct named_query *q, const char *name)
{
	for (size_t i = 0; i < q->nparams; i++)
		if (strcmp(q->params[i].name, name) == 0)
			return q->params[i].value;
	return NULL;
}

/* Digits are a number, everything else is text; so is 007, a name perhaps. */
static void
bind_value(sqlite3_stmt *q, int i, const char *value)
{
	const char *digits = value + (value[0] == '-');
	bool padded = digits[0] == '0' && digits != value + strlen(value) - 1;

	if (!padded && digits[0] != '\0' && strlen(digits) < 16 &&
	    digits[strspn(digits, "0123456789")] == '\0')
		sqlite3_bind_int64(q, i, atoll(value));
	else
		sqlite3_bind_text(q, i, value, -1, SQLITE_STATIC);
}

/* What the command line sets by options of their own; NULL: not one. */
static const char *
option_of_param(const struct querying *g, const char *name, size_t len)
{
	if ((len == 3 && strncmp(name, "run", len) == 0) ||
	    (len == 2 && strncmp(name, "at", len) == 0))
		return "as-of";
	if (g->r.period != NULL &&
	    ((len == 4 && strncmp(name, "from", len) == 0) ||
		(len == 2 && strncmp(name, "to", len) == 0)))
		return "period";
	return NULL;
}

/* The period asked about; without one, the quarter that is looked at. */
static const char *
period_end(const struct querying *g, const char *name)
{
	if (strcmp(name, "from") == 0)
		return g->period.from;
	return strcmp(name, "to") == 0 ? g->period.to : NULL;
}

static int
bind_one(struct querying *g, int i, struct fault *f)
{
	const char *name = sqlite3_bind_parameter_name(g->q, i), *value;

	if (name == NULL || name[0] == '?')
		return fault(f, FAULT_USAGE,
		    "%s: a parameter without a name; write :name and give "
		    "--param name=value",
		    what);
	name++;
	if (strcmp(name, "run") == 0) {
		sqlite3_bind_int64(g->q, i, g->look.run);
		return 0;
	}
	if (strcmp(name, "at") == 0) {
		sqlite3_bind_text(g->q, i, g->look.at, -1, SQLITE_STATIC);
		return 0;
	}
	if ((value = param_given(&g->r, name)) == NULL)
		value = param_default(&g->named, name);
	if (value == NULL)
		value = period_end(g, name);
	if (value == NULL)
		return fault(f, FAULT_USAGE,
		    "%s: :%s has no value; give --param %s=value", what, name,
		    name);
	bind_value(g->q, i, value);
	return 0;
}

static bool
has_param(sqlite3_stmt *q, const char *name, size_t len)
{
	for (int i = 1; i <= sqlite3_bind_parameter_count(q); i++) {
		const char *s = sqlite3_bind_parameter_name(q, i);

		if (s != NULL && strlen(s) == len + 1 &&
		    strncmp(s + 1, name, len) == 0)
			return true;
	}
	return false;
}

/* Every --param must be one that the query asks for. */
static int
check_params(struct querying *g, struct fault *f)
{
	for (size_t i = 0; i < g->r.nparams; i++) {
		const char *s = g->r.params[i];
		size_t len = strcspn(s, "=");
		const char *by = option_of_param(g, s, len);

		if (s[len] != '=' || len == 0)
			return fault(
			    f, FAULT_USAGE, "--param %s: not name=value", s);
		if (by != NULL)
			return fault(f, FAULT_USAGE,
			    "--param %s: --%s sets :%.*s", s, by, (int)len, s);
		if (!has_param(g->q, s, len))
			return fault(f, FAULT_USAGE,
			    "--param %s: the query has no :%.*s; 'exhibit "
			    "query --list' shows what each has",
			    s, (int)len, s);
	}
	return 0;
}

static int
bind_all(struct querying *g, struct fault *f)
{
	if (check_params(g, f) == -1)
		return -1;
	for (int i = 1; i <= sqlite3_bind_parameter_count(g->q); i++)
		if (bind_one(g, i, f) == -1)
			return -1;
	return 0;
}

/* -------------------------------------------------------------------- rows */

/* A blob is shown in hex: digests, names, signatures. */
static struct cell
blob_cell(sqlite3_stmt *q, int i, struct buf *hex)
{
	size_t len = (size_t)sqlite3_column_bytes(q, i), from = hex->len;
	char *to = buf_reserve(hex, 2 * len + 1);

	if (to == NULL)
		return (struct cell){ CELL_NULL, "", 0 };
	hex_encode(sqlite3_column_blob(q, i), len, to);
	hex->len += 2 * len + 1;
	/* reserved before for all blobs of the row: the buffer stays put */
	return (struct cell){ CELL_TEXT, hex->p + from, 2 * len };
}

static struct cell
cell_of(sqlite3_stmt *q, int i, struct buf *hex)
{
	enum cell_type type = CELL_NUMBER;

	switch (sqlite3_column_type(q, i)) {
	case SQLITE_NULL:
		return (struct cell){ CELL_NULL, "", 0 };
	case SQLITE_BLOB:
		return blob_cell(q, i, hex);
	case SQLITE_TEXT:
		type = CELL_TEXT;
		break;
	default:
		break;
	}
	/* text first: it is what the length speaks of */
	const char *p = (const char *)sqlite3_column_text(q, i);

	return (struct cell){ type, p != NULL ? p : "",
		(size_t)sqlite3_column_bytes(q, i) };
}

static int
put_row(struct querying *g, struct rows *r, struct cell *cells, struct fault *f)
{
	int n = sqlite3_column_count(g->q);
	size_t blobs = 0;
	BUF_AUTO(hex, HEX_MAX);

	for (int i = 0; i < n; i++)
		if (sqlite3_column_type(g->q, i) == SQLITE_BLOB)
			blobs += 2 * (size_t)sqlite3_column_bytes(g->q, i) + 1;
	if (blobs > 0 && buf_reserve(&hex, blobs) == NULL)
		return fault(f, FAULT_LIMIT,
		    "%s: over %d bytes of blobs in one row; ask for their "
		    "length() or substr()",
		    what, HEX_MAX / 2);
	for (int i = 0; i < n; i++)
		cells[i] = cell_of(g->q, i, &hex);
	return rows_put(r, cells, f);
}

static int
put_rows(
    struct querying *g, struct rows *r, struct cell *cells, struct fault *f)
{
	int rc;

	while (
	    (rc = store_read_step(g->look.st, g->q, &g->limit, what, f)) == 1)
		if (put_row(g, r, cells, f) == -1)
			return -1;
	return rc == 0 ? rows_end(r, f) : -1;
}

static int
print_rows(struct querying *g, struct fault *f)
{
	size_t n = (size_t)sqlite3_column_count(g->q);
	const char **names = calloc(n + 1, sizeof(*names));
	struct cell *cells = calloc(n + 1, sizeof(*cells));
	struct rows *r = NULL;
	int rc = -1;

	for (size_t i = 0; names != NULL && i < n; i++)
		names[i] = sqlite3_column_name(g->q, (int)i);
	if (names == NULL || cells == NULL)
		(void)fault_memory(f);
	else if ((r = rows_new(stdout, g->r.format, names, n, f)) != NULL)
		rc = put_rows(g, r, cells, f);
	rows_free(r);
	free(cells);
	free(names);
	return rc;
}

/* ------------------------------------------------------------------- whole */

static int
timeout_of(const struct options *o, int *seconds, struct fault *f)
{
	const char *s = option(o, "timeout");
	long long n = TIMEOUT;

	if (s != NULL && !number_read(s, 1, TIMEOUT_MAX, &n))
		return fault(f, FAULT_USAGE,
		    "--timeout %s: not a number of seconds, 1 to %d", s,
		    TIMEOUT_MAX);
	*seconds = (int)n;
	return 0;
}

/* One word is a name; anything longer is SQL. */
static int
read_operand(struct querying *g, struct fault *f)
{
	struct named_query q;
	char near_text[SUGGESTION_LEN];
	struct near near;
	const char *s;

	s = g->r.operand;
	if (s[0] == '\0' ||
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_")] != '\0') {
		buf_puts(&g->sql, s);
		return buf_done(&g->sql, what, f);
	}
	if (!named_query_find(s, &g->named)) {
		near = near_to(s);
		for (size_t i = 0; named_query_at(i, &q); i++)
			near_offer(&near, span_of(q.name));
		return fault(f, FAULT_USAGE,
		    "query: there is none named '%s'%s; 'exhibit query --list' "
		    "lists them",
		    s, suggestion(&near, "", near_text));
	}
	named_query_sql(&g->named, &g->sql);
	return buf_done(&g->sql, what, f);
}

/* --period, or the quarter of what is looked at. */
static int
read_period(struct querying *g, struct fault *f)
{
	if (g->r.period != NULL)
		return period_parse(g->r.period, &g->period, f);
	period_quarter_of(g->look.at, &g->period);
	return 0;
}

/* The parameters of --profile instead of the judgement's. */
static int
set_profile(struct cli *cli, struct querying *g, struct fault *f)
{
	struct checks checks;
	int rc;

	if (cli_checks(cli, &g->r.by, &checks, f) == -1)
		return -1;
	rc = parameters_set(g->look.st, &checks, f);
	checks_free(&checks);
	return rc;
}

/* The catalogues it speaks of, and what is asked when. */
static int
attach(struct cli *cli, struct querying *g, struct fault *f)
{
	const char *sql = g->sql.len > 0 ? g->sql.p : "";
	struct catalogs cs;
	long long judgement = 0;
	int rc;

	if ((strstr(sql, "asked") != NULL ||
		strstr(sql, "parameter") != NULL) &&
	    (look_number(&g->look,
		 "SELECT coalesce(max(judgement), 0) FROM verdict", &judgement,
		 f) == -1 ||
		asked_set(g->look.st, g->look.at, cli->now, g->look.run,
		    judgement, f) == -1))
		return -1;
	if (g->r.by.profile != NULL && set_profile(cli, g, f) == -1)
		return -1;
	if (strstr(sql, "catalog_") == NULL)
		return own_attach_for(sql, g->look.st, f);
	if (catalogs_load(&cs, g->r.by.catalogs, cli->crypto, f) == -1)
		return -1;
	rc = catalogs_attach_for(&cs, sql, g->look.st, f);
	catalogs_free(&cs);
	return rc;
}

static int
answer(struct cli *cli, struct querying *g, struct fault *f)
{
	int rested = 0;
	int rc;

	g->r.look.any_day = g->named.catalogs_only;
	rc = look_open(cli, &g->r.look, &g->look, f);
	if (rc == 0 && g->look.run > 0 && g->sql.len > 0 &&
	    store_views_named(g->look.st, g->sql.p) > 1)
		rc = store_freeze(g->look.st, g->look.run, f);
	if (rc == 0)
		rc = read_period(g, f);
	if (rc == 0)
		rc = attach(cli, g, f);
	if (rc == 0) {
		store_read_only(g->look.st, &g->limit);
		rc = store_read_prepare(g->look.st,
		    g->sql.len > 0 ? g->sql.p : "", g->sql.len, what, &g->q, f);
		if (rc == 0)
			rc = bind_all(g, f);
		if (rc == 0)
			rc = print_rows(g, f);
		(void)sqlite3_finalize(g->q);
		if (rc == 0 && g->named.rests[0] != '\0' &&
		    (rested = query_rests(g->look.st, &g->named,
			 param_given(&g->r, "scope"), &g->limit, f)) == -1)
			rc = -1;
		store_read_end(g->look.st);
	}
	look_close(&g->look);
	if (rc == -1)
		return -1;
	return rested == 1 ? STATUS_FINDINGS : STATUS_OK;
}

static int
query_read(const struct options *o, struct query_request *out, struct fault *f)
{
	*out = (struct query_request){ .look = look_read(o),
		.by = { .profile = option(o, "profile"),
		    .checks = option(o, "checks"),
		    .catalogs = option(o, "catalogs") },
		.period = option(o, "period"),
		.sql = option(o, "sql") != NULL };
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->given[i].name, "param") == 0)
			out->params[out->nparams++] = o->given[i].value;
	if (rows_format(o, &out->format, f) == -1 ||
	    timeout_of(o, &out->seconds, f) == -1)
		return -1;
	if (o->noperands != 1)
		return fault(f, FAULT_USAGE,
		    "query: say one query's name, or SQL in quotes; 'exhibit "
		    "query --list' lists the names");
	out->operand = o->operands[0];
	return 0;
}

/* What reads catalogs alone wants no store: an empty one, for the moment. */
static int
answer_without_store(struct cli *cli, struct querying *g, struct fault *f)
{
	const char *store = cli->store;
	char folder[4096], path[4128];
	int n = snprintf(folder, sizeof(folder), "%s/exhibit-query-XXXXXX",
	    cli->tmp != NULL ? cli->tmp : "/tmp");
	int rc = -1;

	if (n < 0 || (size_t)n >= sizeof(folder) || mkdtemp(folder) == NULL)
		return fault(f, FAULT_IO, "a temporary directory");
	(void)snprintf(path, sizeof(path), "%s/empty.db", folder);
	if (cli_create(cli, path, NULL, f) == 0) {
		cli->store = path;
		rc = answer(cli, g, f);
		cli->store = store;
		(void)unlink(path);
	}
	(void)rmdir(folder);
	return rc;
}

static int
ask(struct cli *cli, struct querying *g, struct fault *f)
{
	g->limit.seconds = g->r.seconds;
	if (read_operand(g, f) == -1)
		return -1;
	if (!g->r.sql)
		return g->named.catalogs_only && !cli->store_given &&
			       access(cli->store, F_OK) == -1
			   ? answer_without_store(cli, g, f)
			   : answer(cli, g, f);
	printf("%s\n", g->sql.len > 0 ? g->sql.p : "");
	return STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct querying g = { .sql.max = READ_SQL_MAX + 1 };
	int rc;

	if (option(o, "list") != NULL) {
		if (o->noperands > 0)
			return fault(
			    f, FAULT_USAGE, "query --list takes no operand");
		return print_list(o, f);
	}
	if (query_read(o, &g.r, f) == -1)
		return -1;
	rc = ask(cli, &g, f);
	buf_free(&g.sql);
	return rc;
}

const struct command cmd_query = {
	.name = "query",
	.operands = "SQL | NAME",
	.about = "ask the store in SQL, or by a query's name",
	.help =
	    "Answers one SELECT over the store's views: each kind has one "
	    "(node, node_package,\n... see 'exhibit kinds'), beside run, "
	    "coverage, history, state, verdict and\nverdict_at. Nothing can be "
	    "written. In SQL, :run and :at are the run and the time\nlooked "
	    "at, :from and :to the period asked about.\n\n"
	    "  exhibit query --list\n"
	    "  exhibit query nodes --as-of 2026-09-30\n"
	    "  exhibit query findings --param scope='host/web-*' --format csv\n"
	    "  exhibit query not-in-fips --period 2026Q3\n"
	    "  exhibit query 'SELECT key, fips_enabled FROM node'\n\n"
	    "CSV is RFC 4180; text that a spreadsheet would take for a formula "
	    "gets an\napostrophe before it.",
	.options =
	    (const struct option_def[]){
		{ "as-of", "RUN|DATE", "the state as of then" },
		{ "known-at", "DATE", "verdicts as they were known then" },
		{ "period", "PERIOD", "2026Q3, 2026-07 or FROM..TO" },
		{ "catalogs", "DIR", "more catalogues, or newer ones" },
		{ "profile", "NAME|FILE", "by the parameters of this profile" },
		{ "format", "table|csv|json", "how to print (table)" },
		{ "param", "NAME=VALUE", "value of :NAME; repeatable" },
		{ "timeout", "SECONDS", "stop after this long (60)" },
		{ "list", NULL, "list the named queries" },
		{ "sql", NULL, "print the SQL instead of asking it" },
		{ 0 },
	    },
	.run = run,
};
