/* The package's own texts, tables and sample. See package.h. */
#include "report/package/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/format/csv.h"
#include "base/json.h"
#include "base/text.h"

#define SAMPLE_TEXT_MAX (256UL * 1024 * 1024)
#define POPULATION_MAX 10000000 /* subjects a sample is drawn from */

extern const struct text report_text[];

bool
package_seed_ok(const char *seed)
{
	size_t len = strlen(seed);

	return len > 0 && len <= PACKAGE_SEED_MAX &&
	       strspn(seed, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

/* ------------------------------------------------------------ package.json */

int
package_about_write(
    const struct package_about *a, struct buf *out, struct fault *f)
{
	json_t *v =
	    json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:I, s:I, s:s, s:s, s:s, "
		      "s:s}",
		"as_of", a->at, "exhibit", a->exhibit, "from", a->from,
		"judgement", (json_int_t)a->judgement, "made", a->made,
		"redacted", a->redacted, "run", (json_int_t)a->run, "sample",
		(json_int_t)a->sample, "seed", a->seed, "store", a->store,
		"templates", a->templates ? "other" : "built-in", "to", a->to);
	int rc = v == NULL ? fault_memory(f) : json_canonical(v, out, f);

	json_decref(v);
	buf_putc(out, '\n');
	return rc == 0 ? buf_done(out, "package.json", f) : -1;
}

static int
take_text(const json_t *v, const char *key, char *out, size_t size)
{
	const char *s = json_string_value(json_object_get(v, key));
	size_t len = s != NULL ? strlen(s) : size;

	if (len >= size)
		return -1;
	memcpy(out, s, len + 1);
	return 0;
}

static int
take_number(const json_t *v, const char *key, long long max, long long *out)
{
	const json_t *n = json_object_get(v, key);

	*out = json_integer_value(n);
	return json_is_integer(n) && *out >= 0 && *out <= max ? 0 : -1;
}

static int
take_all(const json_t *v, struct package_about *a)
{
	char templates[16];
	int64_t t;

	if (take_text(v, "as_of", a->at, sizeof(a->at)) == -1 ||
	    take_text(v, "made", a->made, sizeof(a->made)) == -1 ||
	    take_text(v, "from", a->from, sizeof(a->from)) == -1 ||
	    take_text(v, "to", a->to, sizeof(a->to)) == -1 ||
	    take_text(v, "exhibit", a->exhibit, sizeof(a->exhibit)) == -1 ||
	    take_text(v, "store", a->store, sizeof(a->store)) == -1 ||
	    take_text(v, "seed", a->seed, sizeof(a->seed)) == -1 ||
	    take_text(v, "templates", templates, sizeof(templates)) == -1 ||
	    take_number(v, "run", INT32_MAX, &a->run) == -1 ||
	    take_number(v, "judgement", INT32_MAX, &a->judgement) == -1 ||
	    take_number(v, "sample", PACKAGE_SAMPLE_MAX, &a->sample) == -1 ||
	    utc_parse(a->at, &t) == -1 || utc_parse(a->made, &t) == -1 ||
	    utc_parse(a->from, &t) == -1 || utc_parse(a->to, &t) == -1 ||
	    (a->sample > 0 && !package_seed_ok(a->seed)))
		return -1;
	a->templates = strcmp(templates, "built-in") != 0;
	/* packages of before there was redaction do not say */
	if (json_object_get(v, "redacted") != NULL &&
	    take_text(v, "redacted", a->redacted, sizeof(a->redacted)) == -1)
		return -1;
	return 0;
}

int
package_about_read(
    const void *p, size_t len, struct package_about *out, struct fault *f)
{
	json_t *v = json_read(p, len, "package.json", f);
	struct package_about a = { 0 };
	int rc;

	if (v == NULL)
		return -1;
	rc = take_all(v, &a);
	json_decref(v);
	if (rc == -1)
		return fault(f, FAULT_FORMAT,
		    "package.json: a member is missing or not what it should "
		    "be");
	*out = a;
	return 0;
}

struct query_when
package_when(const struct package_about *a)
{
	return (struct query_when){ .run = a->run,
		.judgement = a->judgement,
		.at = a->at,
		.made = a->made,
		.from = a->from,
		.to = a->to };
}

/* ------------------------------------------------------------------ tables */

const struct package_table package_tables[] = {
	{ "csv/coverage.csv", "coverage", false },
	{ "csv/evidence.csv", "evidence", false },
	{ "csv/exceptions.csv", "exceptions", false },
	{ "csv/findings.csv", "findings", false },
	{ "csv/gaps.csv", "gaps", false },
	{ "csv/modules.csv", "modules", false },
	{ "csv/population.csv", "population", false },
	{ "csv/runs.csv", "runs", false },
	{ "csv/unknown.csv", "unknown", false },
	{ "csv/verdicts.csv", "results", false },
	{ "csv/period-answers.csv", "answer", true },
	{ "csv/period-changes.csv", "findings-compared", true },
	{ "csv/period-expires.csv", "expires", true },
	{ "csv/period-gaps.csv", "gaps-in-period", true },
	{ "csv/period-hours.csv", "node-hours", true },
	{ "csv/period-map.csv", "fips-map", true },
	{ "csv/period-not-in-fips.csv", "not-in-fips", true },
	{ "csv/period-outages.csv", "outages", true },
	{ "csv/period-population.csv", "population-over-period", true },
	{ "csv/period-scope.csv", "scope-over-period", true },
	{ "csv/period-to-do.csv", "to-do", true },
	{ NULL, NULL, false },
};

int
package_table(struct store *reader, const struct catalogs *catalogs,
    const struct package_about *a, size_t i,
    int (*put)(void *ctx, const void *p, size_t len, struct fault *), void *ctx,
    struct fault *f)
{
	const struct query_when when = package_when(a);

	return named_query_csv(
	    reader, catalogs, package_tables[i].query, &when, put, ctx, f);
}

/* ------------------------------------------------------------------ sample */

struct drawn {
	uint8_t draw[SHA256_LEN];
	char name[SHA256_HEX];
	const char *kind, *scope, *key;
};

struct drawing {
	struct drawn *list;
	size_t n, cap;
	struct arena *arena;
};

static int
compare(const void *a, const void *b)
{
	const struct drawn *x = a, *y = b;
	int d = memcmp(x->draw, y->draw, SHA256_LEN);

	return d != 0 ? d : strcmp(x->name, y->name);
}

static int
draw_row(struct drawing *d, struct crypto *c, const char *seed, sqlite3_stmt *q,
    struct fault *f)
{
	const char *name = (const char *)sqlite3_column_text(q, 0);
	const struct slice v[] = { { seed, strlen(seed) },
		{ name, name != NULL ? strlen(name) : 0 } };
	struct drawn *e;

	if (name == NULL || d->n >= POPULATION_MAX)
		return fault(f, FAULT_LIMIT, "the population: over %d subjects",
		    POPULATION_MAX);
	if (d->n == d->cap) {
		size_t cap = d->cap == 0 ? 1024 : 2 * d->cap;

		if ((e = realloc(d->list, cap * sizeof(*e))) == NULL)
			return fault_memory(f);
		d->list = e;
		d->cap = cap;
	}
	e = &d->list[d->n++];
	(void)snprintf(e->name, sizeof(e->name), "%s", name);
	e->kind = arena_str(d->arena, (const char *)sqlite3_column_text(q, 1));
	e->scope = arena_str(d->arena, (const char *)sqlite3_column_text(q, 2));
	e->key = arena_str(d->arena, (const char *)sqlite3_column_text(q, 3));
	return digest_sha256v(c, v, 2, e->draw, f);
}

static int
draw_all(struct drawing *d, struct crypto *c, struct store *reader,
    const struct package_about *a, struct fault *f)
{
	struct named_query population;
	sqlite3_stmt *q = NULL;
	int rc = 0, step = SQLITE_DONE;
	BUF_AUTO(sql, QUERY_SQL_MAX);

	if (!named_query_find("population", &population))
		return fault(f, FAULT_USAGE, "no query 'population'");
	named_query_sql(&population, &sql);
	if (buf_done(&sql, "sample", f) == -1 ||
	    store_prepare(reader, sql.p, &q, f) == -1)
		return -1;
	sqlite3_bind_int64(q, sqlite3_bind_parameter_index(q, ":run"), a->run);
	while (rc == 0 && (step = sqlite3_step(q)) == SQLITE_ROW)
		rc = draw_row(d, c, a->seed, q, f);
	if (rc == 0 && step != SQLITE_DONE)
		rc = store_fault(reader, "sample", f);
	(void)sqlite3_finalize(q);
	if (rc == 0 && arena_failed(d->arena))
		rc = fault_memory(f);
	if (rc == 0 && d->n > 1)
		qsort(d->list, d->n, sizeof(*d->list), compare);
	return rc;
}

static void
put_drawn(const struct drawn *e, struct buf *out)
{
	char hex[SHA256_HEX];

	hex_encode(e->draw, SHA256_LEN, hex);
	csv_text(out, hex, SHA256_HEX - 1);
	csv_next(out);
	csv_text(out, e->name, strlen(e->name));
	csv_next(out);
	csv_text(out, e->kind, strlen(e->kind));
	csv_next(out);
	csv_text(out, e->scope, strlen(e->scope));
	csv_next(out);
	csv_text(out, e->key, strlen(e->key));
	csv_end(out);
}

int
package_sample(struct crypto *c, struct store *reader,
    const struct package_about *a, struct buf *out, struct fault *f)
{
	struct drawing d = { .arena = arena_new() };
	int rc;

	if (d.arena == NULL)
		return fault_memory(f);
	out->max = SAMPLE_TEXT_MAX;
	rc = draw_all(&d, c, reader, a, f);
	if (rc == 0) {
		buf_puts(out, "draw,name,kind,scope,key\r\n");
		for (size_t i = 0; i < d.n && i < (size_t)a->sample; i++)
			put_drawn(&d.list[i], out);
		rc = buf_done(out, "sample", f);
	}
	free(d.list);
	arena_free(d.arena);
	return rc;
}

/* -------------------------------------------------------------- VERIFY.txt */

/* The value of @name@, or NULL. */
static const char *
placeholder(
    const struct package_about *a, const char *s, size_t len, char number[24])
{
	if (len == 5 && strncmp(s, "as_of", 5) == 0)
		return a->at;
	if (len == 5 && strncmp(s, "store", 5) == 0)
		return a->store;
	if (len == 4 && strncmp(s, "seed", 4) == 0)
		return a->seed;
	if (len == 8 && strncmp(s, "redacted", 8) == 0)
		return a->redacted;
	if (len == 7 && strncmp(s, "exhibit", 7) == 0)
		return a->exhibit;
	(void)snprintf(number, 24, "%lld",
	    len == 3 && strncmp(s, "run", 3) == 0 ? a->run
	    : len == 6				  ? a->sample
						  : a->judgement);
	return number;
}

/* A line "#if word" … "#end" of the template: is it to be left out? */
static bool
left_out(const struct package_about *a, const struct package_has *has,
    const char *word)
{
	if (strncmp(word, "sample", 6) == 0)
		return a->sample == 0;
	if (strncmp(word, "stamp", 5) == 0)
		return !has->stamp;
	if (strncmp(word, "checkpoint-stamp", 16) == 0)
		return !has->checkpoint_stamp;
	if (strncmp(word, "whole-previous", 14) == 0)
		return !has->previous || a->redacted[0] != '\0';
	if (strncmp(word, "previous", 8) == 0)
		return !has->previous || a->redacted[0] == '\0';
	if (strncmp(word, "whole", 5) == 0)
		return a->redacted[0] != '\0';
	if (strncmp(word, "redacted", 8) == 0)
		return a->redacted[0] == '\0';
	return !has->plan;
}

static void
fill_line(
    const struct package_about *a, const char *p, size_t len, struct buf *out)
{
	const char *end = p + len;

	while (p < end) {
		const char *at = memchr(p, '@', (size_t)(end - p)), *to = NULL;
		char number[24];

		if (at != NULL)
			to = memchr(at + 1, '@', (size_t)(end - at - 1));
		if (to == NULL) {
			buf_put(out, p, (size_t)(end - p));
			return;
		}
		buf_put(out, p, (size_t)(at - p));
		buf_puts(
		    out, placeholder(a, at + 1, (size_t)(to - at - 1), number));
		p = to + 1;
	}
}

int
package_verify_text(const struct package_about *a,
    const struct package_has *has, struct buf *out, struct fault *f)
{
	const char *p = NULL;
	bool skip = false;

	for (const struct text *t = report_text; t->path != NULL; t++)
		if (strcmp(t->path, "templates/VERIFY.txt") == 0)
			p = t->p;
	if (p == NULL)
		return fault(f, FAULT_ABSENT, "templates/VERIFY.txt");
	while (*p != '\0') {
		size_t len = strcspn(p, "\n") + 1;

		if (strncmp(p, "#if ", 4) == 0)
			skip = left_out(a, has, p + 4);
		else if (strncmp(p, "#end", 4) == 0)
			skip = false;
		else if (!skip)
			fill_line(a, p, len, out);
		p += len;
	}
	return buf_done(out, "VERIFY.txt", f);
}

/* -------------------------------------------------------------- statements */

int
package_statement(const char *role, int n, const char *made,
    const uint8_t manifest_sha384[SHA384_LEN], struct buf *out, struct fault *f)
{
	char hex[SHA384_HEX], name[64];

	hex_encode(manifest_sha384, SHA384_LEN, hex);
	package_name(name, "signature", n, "p7s");
	buf_printf(out,
	    "{\"made\":\"%s\",\"manifest_sha384\":\"%s\",\"role\":\"%s\","
	    "\"signature\":\"%s\"}\n",
	    made, hex, role, name);
	return buf_done(out, "statement", f);
}

int
package_statement_read(const void *p, size_t len, int n,
    const uint8_t manifest_sha384[SHA384_LEN], char role[16], struct fault *f)
{
	json_t *v = json_read(p, len, "statement", f);
	char made[UTC_LEN];
	int rc;
	BUF_AUTO(again, 4096);

	if (v == NULL)
		return -1;
	rc = take_text(v, "role", role, 16);
	if (rc == 0)
		rc = take_text(v, "made", made, sizeof(made));
	json_decref(v);
	if (rc == -1 ||
	    (strcmp(role, "reviewer") != 0 && strcmp(role, "approver") != 0))
		return fault(f, FAULT_FORMAT,
		    "names neither a reviewer nor an approver");
	if (package_statement(role, n, made, manifest_sha384, &again, f) == -1)
		return -1;
	if (again.len != len || memcmp(again.p, p, len) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "is of another signature or another manifest");
	return 0;
}
