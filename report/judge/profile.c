/* See profile.h. */
#include "report/judge/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/file.h"
#include "base/text.h"
#include "base/number.h"

#define FOLDER "catalogs/profiles/"
#define NUMBER_MAX 36500 /* of days or hours: a century */

extern const struct text report_text[];

const struct parameter_def parameter_defs[] = {
	{ "ending_days", "184",
	    "days ahead in which a certificate's sunset is told" },
	{ "environment", "tested",
	    "tested: a certificate holds where it was tested; affirmed: also "
	    "where its vendor affirms it" },
	{ "inherited", "ask",
	    "ask: a module of a service is unknown, since its provider shows "
	    "no "
	    "build; accept: the provider's word for it is enough" },
	{ "match", "stream",
	    "exact: only builds that a certificate lists; stream: other builds "
	    "of its update stream too" },
	{ "max_age_hours", "168",
	    "hours after which evidence is too old (0: never); --max-age goes "
	    "before it" },
	{ "observation_days", "92",
	    "days after which a certificate's observed status has to be looked "
	    "up" },
	{ "standards", "140-2 140-3", "FIPS standards that count" },
	{ NULL, NULL, NULL },
};

/* What a parameter's value may be: words, of which one or several, or a number
 * of days or hours where there are none. */
static const struct form {
	const char *name, *words[3];
	bool several;
} forms[] = {
	{ "environment", { "tested", "affirmed" }, false },
	{ "inherited", { "ask", "accept" }, false },
	{ "match", { "exact", "stream" }, false },
	{ "standards", { "140-2", "140-3" }, true },
	{ "ending_days", { NULL }, false },
	{ "max_age_hours", { NULL }, false },
	{ "observation_days", { NULL }, false },
};

enum { WHAT, NAME, VALUE, WHY, COLUMNS };

struct row {
	char what[16], name[128], value[1024];
	size_t number;
};

struct applying {
	struct checks *cs;
	const struct catalog *k;
	const char *name; /* as it was given */
};

/* ------------------------------------------------------------------- rows */

static int
refuse(const struct applying *a, const struct row *r, struct fault *f,
    const char *what)
{
	return fault(f, FAULT_FORMAT, "profile %s, row %zu (%s %s): %s",
	    a->name, r->number, r->what, r->name, what);
}

static bool
copy_cell(const struct catalog_cell *c, char *out, size_t size)
{
	if (c->len >= size)
		return false;
	memcpy(out, c->p, c->len);
	out[c->len] = '\0';
	return true;
}

/* 1: a row, 0: there are no more. */
static int
next_row(
    const struct applying *a, const char **p, struct row *r, struct fault *f)
{
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];

	if (!catalog_row(a->k, p, cells))
		return 0;
	r->number++;
	if (!copy_cell(&cells[WHAT], r->what, sizeof(r->what)) ||
	    !copy_cell(&cells[NAME], r->name, sizeof(r->name)) ||
	    !copy_cell(&cells[VALUE], r->value, sizeof(r->value)))
		return fault(f, FAULT_FORMAT,
		    "profile %s, row %zu: a cell is too long", a->name,
		    r->number);
	return 1;
}

static struct row *
first_row(const struct applying *a, const char **p, struct row *r)
{
	*p = a->k->rows;
	*r = (struct row){ .number = 0 };
	return r;
}

static bool
is_what(const struct row *r, const char *what)
{
	return strcmp(r->what, what) == 0;
}

/* Does one of the words of the list match? */
static bool
listed(const char *list, const char *word)
{
	char pattern[128];

	for (const char *p = list; *p != '\0';) {
		size_t n = strcspn(p, " ");

		if (n > 0 && n < sizeof(pattern)) {
			(void)snprintf(
			    pattern, sizeof(pattern), "%.*s", (int)n, p);
			if (sqlite3_strglob(pattern, word) == 0)
				return true;
		}
		p += n + (p[n] == ' ');
	}
	return false;
}

/* ------------------------------------------------------------- parameters */

static bool
is_number(const char *s)
{
	long long n;

	return number_read(s, 0, NUMBER_MAX, &n);
}

static bool
is_word_of(const struct form *d, const char *s, size_t len)
{
	for (size_t i = 0; i < 3 && d->words[i] != NULL; i++)
		if (strlen(d->words[i]) == len &&
		    memcmp(d->words[i], s, len) == 0)
			return true;
	return false;
}

static bool
fits(const struct form *d, const char *value)
{
	if (d->words[0] == NULL)
		return is_number(value);
	if (value[0] == '\0')
		return false;
	for (const char *p = value; *p != '\0';) {
		size_t n = d->several ? strcspn(p, " ") : strlen(p);

		if (!is_word_of(d, p, n))
			return false;
		p += n + (p[n] == ' ');
	}
	return true;
}

/* A parameter that no check asks for is a slip, and would go unnoticed. */
static bool
is_read(const struct checks *cs, const char *name)
{
	char quoted[160];

	(void)snprintf(quoted, sizeof(quoted), "'%s'", name);
	for (size_t i = 0; i < cs->n; i++)
		if (strstr(cs->list[i].text, quoted) != NULL)
			return true;
	return false;
}

static int
check_parameter(const struct applying *a, const struct row *r, struct fault *f)
{
	for (size_t i = 0; i < LENGTH(forms); i++)
		if (strcmp(forms[i].name, r->name) == 0)
			return fits(&forms[i], r->value)
				   ? 0
				   : refuse(a, r, f,
					 "not a value it may have; see "
					 "'exhibit checks --parameters'");
	return is_read(a->cs, r->name)
		   ? 0
		   : refuse(a, r, f,
			 "no check reads such a parameter; 'exhibit checks "
			 "--parameters' lists them");
}

static int
put_parameter(
    struct checks *cs, const char *name, const char *value, struct fault *f)
{
	struct parameter *p = cs->parameters;
	size_t i = 0;

	while (i < cs->nparameters && strcmp(p[i].name, name) != 0)
		i++;
	if (i == PROFILE_PARAMETERS_MAX)
		return fault(f, FAULT_LIMIT, "over %d parameters",
		    PROFILE_PARAMETERS_MAX);
	p[i].name = arena_str(cs->arena, name);
	p[i].value = arena_str(cs->arena, value);
	cs->nparameters += i == cs->nparameters;
	return arena_failed(cs->arena) ? fault_memory(f) : 0;
}

static int
set_defaults(struct checks *cs, struct fault *f)
{
	cs->nparameters = 0;
	cs->parameters = arena_alloc(
	    cs->arena, PROFILE_PARAMETERS_MAX * sizeof(*cs->parameters));
	if (cs->parameters == NULL)
		return fault_memory(f);
	for (const struct parameter_def *d = parameter_defs; d->name != NULL;
	     d++)
		if (put_parameter(cs, d->name, d->value, f) == -1)
			return -1;
	return 0;
}

const char *
profile_parameter(const struct checks *cs, const char *name)
{
	for (size_t i = 0; i < cs->nparameters; i++)
		if (strcmp(cs->parameters[i].name, name) == 0)
			return cs->parameters[i].value;
	return NULL;
}

/* ---------------------------------------------------------------- choosing */

/* Is the check run? The last row that matches says. */
static int
chosen(const struct applying *a, const char *id, struct fault *f)
{
	const char *p;
	struct row r;
	int rc, any = 0, in = 0;

	first_row(a, &p, &r);
	while ((rc = next_row(a, &p, &r, f)) == 1)
		if (is_what(&r, "check")) {
			any = 1;
			if (sqlite3_strglob(r.name, id) == 0)
				in = strcmp(r.value, "include") == 0;
		}
	return rc == -1 ? -1 : any ? in : 1;
}

/* Does the control stand? Frameworks that no row names do not, if any is. */
static int
stands(const struct applying *a, const struct control *c, struct fault *f)
{
	const char *p;
	struct row r;
	int rc, any = 0, in = 0;

	first_row(a, &p, &r);
	while ((rc = next_row(a, &p, &r, f)) == 1)
		if (is_what(&r, "framework")) {
			any = 1;
			if (strcmp(r.name, c->framework) == 0 &&
			    listed(r.value, c->id))
				in = 1;
		}
	return rc == -1 ? -1 : any ? in : 1;
}

static int
choose_controls(const struct applying *a, struct check *k, struct fault *f)
{
	struct control *kept =
	    arena_alloc(a->cs->arena, (k->ncontrols + 1) * sizeof(*kept));
	size_t n = 0;

	if (kept == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < k->ncontrols; i++) {
		int rc = stands(a, &k->controls[i], f);

		if (rc == -1)
			return -1;
		if (rc == 1)
			kept[n++] = k->controls[i];
	}
	k->controls = kept;
	k->ncontrols = n;
	return 0;
}

static int
choose(const struct applying *a, struct fault *f)
{
	struct checks *cs = a->cs;
	size_t n = 0;

	for (size_t i = 0; i < cs->n; i++) {
		int rc = chosen(a, cs->list[i].id, f);

		if (rc == -1 ||
		    (rc == 1 && choose_controls(a, &cs->list[i], f) == -1))
			return -1;
		if (rc == 1 && cs->list[i].ncontrols > 0)
			cs->list[n++] = cs->list[i];
	}
	cs->n = n;
	return n > 0 ? 0
		     : fault(f, FAULT_FORMAT, "profile %s chooses no check",
			   a->name);
}

/* ---------------------------------------------------------------- applying */

static int
check_columns(const struct applying *a, struct fault *f)
{
	static const char *const names[COLUMNS] = { "what", "name", "value",
		"why" };

	for (size_t i = 0; i < COLUMNS; i++)
		if (a->k->ncolumns != COLUMNS ||
		    strcmp(a->k->columns[i], names[i]) != 0)
			return fault(f, FAULT_FORMAT,
			    "profile %s: its columns are what, name, value and "
			    "why",
			    a->name);
	return 0;
}

/* A pattern that matches no check is a slip. */
static int
check_choice(const struct applying *a, const struct row *r, struct fault *f)
{
	if (strcmp(r->value, "include") != 0 &&
	    strcmp(r->value, "exclude") != 0)
		return refuse(a, r, f, "say include or exclude");
	for (size_t i = 0; i < a->cs->n; i++)
		if (sqlite3_strglob(r->name, a->cs->list[i].id) == 0)
			return 0;
	return refuse(a, r, f, "no check is named so");
}

/* FedRAMP's type and class, which say what its rules ask for. */
static int
check_rules(const struct applying *a, const struct row *r, struct fault *f)
{
	static const char *const programs[] = { "20x a", "20x b", "20x c",
		"20x d", "rev5 b", "rev5 c", "rev5 d" };

	for (size_t i = 0; i < LENGTH(programs); i++)
		if (strcmp(r->name, "fedramp") == 0 &&
		    strcmp(r->value, programs[i]) == 0)
			return 0;
	return refuse(
	    a, r, f, "rules are fedramp's: 20x a to d, or rev5 b to d");
}

static int
check_row(const struct applying *a, const struct row *r, struct fault *f)
{
	if (r->name[0] == '\0' || r->value[0] == '\0')
		return refuse(a, r, f, "it needs a name and a value");
	if (is_what(r, "check"))
		return check_choice(a, r, f);
	if (is_what(r, "parameter"))
		return check_parameter(a, r, f);
	if (is_what(r, "rules"))
		return check_rules(a, r, f);
	if (is_what(r, "framework") || is_what(r, "requirement"))
		return 0;
	return refuse(a, r, f,
	    "a row begins with check, framework, parameter, requirement or "
	    "rules");
}

static int
check_rows(const struct applying *a, struct fault *f)
{
	const char *p;
	struct row r;
	int rc;

	first_row(a, &p, &r);
	while ((rc = next_row(a, &p, &r, f)) == 1)
		if (check_row(a, &r, f) == -1)
			return -1;
	return rc;
}

static int
set_parameters(const struct applying *a, struct fault *f)
{
	const char *p;
	struct row r;
	int rc = set_defaults(a->cs, f);

	if (rc == -1)
		return -1;
	first_row(a, &p, &r);
	while ((rc = next_row(a, &p, &r, f)) == 1)
		if (is_what(&r, "parameter") &&
		    put_parameter(a->cs, r.name, r.value, f) == -1)
			return -1;
	return rc;
}

static int
apply(struct checks *cs, struct crypto *c, const char *name, const char *path,
    const char *text, size_t len, struct fault *f)
{
	struct applying a = { .cs = cs, .name = name };

	if (catalogs_add(
		&cs->catalogs, c, PROFILE_CATALOG, path, text, len, f) == -1)
		return -1;
	a.k = catalogs_find(&cs->catalogs, PROFILE_CATALOG);
	if (check_columns(&a, f) == -1 || check_rows(&a, f) == -1 ||
	    set_parameters(&a, f) == -1)
		return -1;
	return choose(&a, f);
}

static bool
is_file(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') != NULL ||
	       (len > 4 && strcmp(name + len - 4, ".tsv") == 0);
}

static const struct text *
built_in(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), FOLDER "%.80s.tsv", name);
	for (const struct text *t = report_text; t->path != NULL; t++)
		if (strcmp(t->path, path) == 0)
			return t;
	return NULL;
}

int
profile_apply(
    struct checks *cs, const char *name, struct crypto *c, struct fault *f)
{
	const struct text *t;
	BUF_AUTO(b, CATALOG_FILE_MAX);

	if (is_file(name)) {
		if (file_read(name, &b, f) == -1)
			return -1;
		return apply(cs, c, name, name, b.len > 0 ? b.p : "", b.len, f);
	}
	if ((t = built_in(name)) == NULL)
		return fault(f, FAULT_USAGE,
		    "--profile %s: there is none so named; 'exhibit checks "
		    "--profiles' lists them, and a file of yours is named with "
		    "its folder, as in ./mine.tsv",
		    name);
	return apply(cs, c, name, t->path, t->p, t->len, f);
}

int
profile_again(struct checks *cs, struct fault *f)
{
	struct applying a = { .cs = cs, .name = "of the judgement" };

	a.k = catalogs_find(&cs->catalogs, PROFILE_CATALOG);
	if (a.k == NULL)
		return 0;
	if (check_columns(&a, f) == -1)
		return -1;
	for (size_t i = 0; i < cs->n; i++)
		if (choose_controls(&a, &cs->list[i], f) == -1)
			return -1;
	return 0;
}

void
profile_name(const char *given, char out[CATALOG_NAME_MAX])
{
	const char *slash = strrchr(given, '/');
	size_t len;

	given = slash != NULL ? slash + 1 : given;
	len = strlen(given);
	if (len > 4 && strcmp(given + len - 4, ".tsv") == 0)
		len -= 4;
	(void)snprintf(out, CATALOG_NAME_MAX, "%.*s", (int)len, given);
}

/* The line "# title: ", which every catalogue has. */
static void
title_of(const struct text *t, char title[160])
{
	const char *p = strstr(t->p, "# title: ");

	p = p != NULL ? p + 9 : "";
	(void)snprintf(title, 160, "%.*s", (int)strcspn(p, "\n"), p);
}

bool
profile_at(size_t i, char name[CATALOG_NAME_MAX], char title[160])
{
	for (const struct text *t = report_text; t->path != NULL; t++) {
		if (strncmp(t->path, FOLDER, sizeof(FOLDER) - 1) != 0 ||
		    i-- > 0)
			continue;
		profile_name(t->path, name);
		title_of(t, title);
		return true;
	}
	return false;
}

/* ------------------------------------------------------------------- table */

static int
put_row(
    struct store *reader, const char *name, const char *value, struct fault *f)
{
	char *sql = sqlite3_mprintf(
	    "INSERT OR REPLACE INTO temp.parameter VALUES (%Q, %Q)", name,
	    value);
	int rc;

	if (sql == NULL)
		return fault_memory(f);
	rc = sqlite3_exec(store_db(reader), sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return rc == SQLITE_OK ? 0 : store_fault(reader, "parameters", f);
}

int
parameters_set(struct store *reader, const struct checks *cs, struct fault *f)
{
	if (sqlite3_exec(store_db(reader),
		"CREATE TEMP TABLE IF NOT EXISTS parameter(name TEXT PRIMARY "
		"KEY, value TEXT); DELETE FROM temp.parameter",
		NULL, NULL, NULL) != SQLITE_OK)
		return store_fault(reader, "parameters", f);
	for (const struct parameter_def *d = parameter_defs; d->name != NULL;
	     d++)
		if (put_row(reader, d->name, d->value, f) == -1)
			return -1;
	for (size_t i = 0; cs != NULL && i < cs->nparameters; i++)
		if (put_row(reader, cs->parameters[i].name,
			cs->parameters[i].value, f) == -1)
			return -1;
	return 0;
}

int
parameters_judged(struct store *reader, long long judgement, struct fault *f)
{
	char sql[400];

	if (parameters_set(reader, NULL, f) == -1)
		return -1;
	(void)snprintf(sql, sizeof(sql),
	    "INSERT OR REPLACE INTO temp.parameter SELECT p.key, p.value FROM "
	    "judgement j JOIN log l ON l.seq = j.record, json_each(l.body, "
	    "'$.parameters') p WHERE j.id = %lld AND p.type = 'text'",
	    judgement);
	return sqlite3_exec(store_db(reader), sql, NULL, NULL, NULL) ==
		       SQLITE_OK
		   ? 0
		   : store_fault(reader, "parameters", f);
}
