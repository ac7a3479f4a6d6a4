/* See catalog.h. */
#include "report/judge/catalog.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/judge/own.h"
#include "base/file.h"
#include "base/json.h"
#include "report/judge/profile.h"
#include "report/judge/query.h"
#include "base/text.h"
#include "base/utc.h"

#define SOURCES_MAX 32
#define LINE_MAX_LEN (64 * 1024)

extern const struct text report_text[];

struct reading {
	const char *path;
	struct arena *arena;
	struct catalog *k;
	const char **sources;
	const char *p; /* the next line */
	size_t line;   /* its number */
};

static int
refuse(const struct reading *r, struct fault *f, const char *what)
{
	return fault(f, FAULT_FORMAT, "%s:%zu: %s", r->path, r->line, what);
}

/* A copy of a line's words, in the arena. */
static const char *
keep(struct arena *a, const char *p, size_t len)
{
	char *s = arena_alloc(a, len + 1);

	if (s != NULL)
		memcpy(s, p, len);
	return s;
}

/* "# name: value" */
static int
read_comment(struct reading *r, size_t len, struct fault *f)
{
	static const char *const names[] = {
		"# title: ", "# date: ", "# source: "
	};
	struct catalog *k = r->k;

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(names[i]);
		const char *v;

		if (len <= n || strncmp(r->p, names[i], n) != 0)
			continue;
		if ((v = keep(r->arena, r->p + n, len - n)) == NULL)
			return fault_memory(f);
		if (i == 2 && k->nsources == SOURCES_MAX)
			return refuse(r, f, "too many sources");
		if (i == 2)
			r->sources[k->nsources++] = v;
		else if (*(i == 0 ? &k->title : &k->date) != NULL)
			return refuse(r, f, "title or date stands twice");
		else
			*(i == 0 ? &k->title : &k->date) = v;
	}
	return 0;
}

static bool
is_name(const char *s, size_t len, const char *more)
{
	if (len == 0 || len >= CATALOG_NAME_MAX || s[0] < 'a' || s[0] > 'z')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') ||
			(s[i] >= '0' && s[i] <= '9') ||
			strchr(more, s[i]) != NULL))
			return false;
	return true;
}

static int
read_columns(struct reading *r, size_t len, struct fault *f)
{
	struct catalog *k = r->k;
	const char **names =
	    arena_alloc(r->arena, CATALOG_COLUMNS_MAX * sizeof(*names));

	if (names == NULL)
		return fault_memory(f);
	for (const char *p = r->p, *end = r->p + len; p <= end;) {
		size_t n = strcspn(p, "\t\n");

		if (!is_name(p, n, "_"))
			return refuse(
			    r, f, "a column's name is not of a-z, 0-9 and _");
		if (k->ncolumns == CATALOG_COLUMNS_MAX)
			return refuse(r, f, "too many columns");
		if ((names[k->ncolumns] = keep(r->arena, p, n)) == NULL)
			return fault_memory(f);
		for (size_t i = 0; i < k->ncolumns; i++)
			if (strcmp(names[i], names[k->ncolumns]) == 0)
				return refuse(r, f, "a column stands twice");
		k->ncolumns++;
		p += n + 1;
	}
	k->columns = names;
	return 0;
}

static int
check_row(struct reading *r, size_t len, struct fault *f)
{
	size_t cells = 1;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)r->p[i];

		if (c == '\t')
			cells++;
		else if (c < 0x20 || c == 0x7f)
			return refuse(r, f, "a control character");
	}
	if (cells != r->k->ncolumns)
		return fault(f, FAULT_FORMAT,
		    "%s:%zu: %zu cells, but there are %zu columns", r->path,
		    r->line, cells, r->k->ncolumns);
	r->k->nrows++;
	return 0;
}

static int
check_head(const struct reading *r, struct fault *f)
{
	const struct catalog *k = r->k;
	int64_t t;

	if (k->title == NULL || k->date == NULL || k->nsources == 0)
		return fault(f, FAULT_FORMAT,
		    "%s: it needs '# title:', '# date:' and '# source:' before "
		    "its columns",
		    r->path);
	if (strlen(k->date) != 10 || utc_parse(k->date, &t) == -1)
		return fault(f, FAULT_FORMAT,
		    "%s: its date '%s' is not like 2026-11-23", r->path,
		    k->date);
	return 0;
}

static int
read_line(struct reading *r, size_t len, struct fault *f)
{
	int rc;

	if (len > LINE_MAX_LEN)
		return refuse(r, f, "the line is too long");
	if (r->k->ncolumns > 0)
		return check_row(r, len, f);
	if (len > 0 && r->p[0] == '#')
		return read_comment(r, len, f);
	if ((rc = check_head(r, f)) == 0)
		rc = read_columns(r, len, f);
	r->k->rows = r->p + len + 1;
	return rc;
}

/* "catalogs/cmvp.tsv": its name, by the file's. */
static int
read_name(struct reading *r, struct fault *f)
{
	const char *base = strrchr(r->path, '/');
	size_t len;

	base = base != NULL ? base + 1 : r->path;
	len = strlen(base);
	if (len < 5 || strcmp(base + len - 4, ".tsv") != 0 ||
	    !is_name(base, len - 4, "-"))
		return fault(f, FAULT_FORMAT,
		    "%s: a catalogue is named with a-z, 0-9 and '-', then .tsv",
		    r->path);
	r->k->name = keep(r->arena, base, len - 4);
	return r->k->name == NULL ? fault_memory(f) : 0;
}

static int
parse(struct arena *a, const char *path, const char *text, size_t len,
    struct catalog *k, struct fault *f)
{
	struct reading r = { .path = path, .arena = a, .k = k, .line = 1 };
	json_t *valid;

	if (len > CATALOG_FILE_MAX)
		return fault(f, FAULT_LIMIT, "%s: over %d bytes", path,
		    CATALOG_FILE_MAX);
	if ((valid = json_stringn(text, len)) == NULL)
		return fault(f, FAULT_FORMAT, "%s: is not UTF-8", path);
	json_decref(valid);
	if (memchr(text, '\0', len) != NULL)
		return fault(f, FAULT_FORMAT, "%s: holds a NUL byte", path);
	k->text = r.p = keep(a, text, len);
	k->len = len;
	r.sources = arena_alloc(a, SOURCES_MAX * sizeof(*r.sources));
	if (k->text == NULL || r.sources == NULL)
		return fault_memory(f);
	if (read_name(&r, f) == -1)
		return -1;
	for (size_t n; *r.p != '\0'; r.p += n + 1, r.line++) {
		n = strcspn(r.p, "\n");
		if (r.p[n] == '\0')
			return refuse(&r, f, "the last line is cut off");
		if (read_line(&r, n, f) == -1)
			return -1;
	}
	k->sources = r.sources;
	return k->nrows > 0 ? 0
			    : fault(f, FAULT_FORMAT, "%s: has no row", path);
}

/* Under this name, or that of its path where it is NULL. */
static int
add_as(struct catalogs *cs, struct crypto *c, const char *name,
    const char *path, const char *text, size_t len, struct fault *f)
{
	struct catalog k = { 0 };
	uint8_t d[SHA256_LEN];

	if (parse(cs->arena, path, text, len, &k, f) == -1 ||
	    digest_sha256(c, text, len, d, f) == -1)
		return -1;
	if (name != NULL)
		k.name = name;
	hex_encode(d, SHA256_LEN, k.sha256);
	for (size_t i = 0; i < cs->n; i++)
		if (strcmp(cs->list[i].name, k.name) == 0) {
			cs->list[i] = k;
			return 0;
		}
	if (cs->n == CATALOGS_MAX)
		return fault(f, FAULT_LIMIT, "%s: more than %d catalogues",
		    path, CATALOGS_MAX);
	cs->list[cs->n++] = k;
	return 0;
}

static int
add(struct catalogs *cs, struct crypto *c, const char *path, const char *text,
    size_t len, struct fault *f)
{
	return add_as(cs, c, NULL, path, text, len, f);
}

static int
add_folder(
    struct catalogs *cs, struct crypto *c, const char *dir, struct fault *f)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = 0;

	if (d == NULL)
		return fault_errno(f, errno, dir);
	while (rc == 0 && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);
		char path[4096];
		BUF_AUTO(text, CATALOG_FILE_MAX);

		if (len < 5 || strcmp(e->d_name + len - 4, ".tsv") != 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		rc = file_read(path, &text, f);
		if (rc == 0)
			rc = add(cs, c, path, text.len > 0 ? text.p : "",
			    text.len, f);
	}
	(void)closedir(d);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	const struct catalog *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
begin(struct catalogs *cs, struct fault *f)
{
	*cs = (struct catalogs){ .arena = arena_new() };
	if (cs->arena != NULL &&
	    (cs->list = arena_alloc(
		 cs->arena, CATALOGS_MAX * sizeof(*cs->list))) != NULL)
		return 0;
	arena_free(cs->arena);
	cs->arena = NULL;
	return fault_memory(f);
}

static int
finish(struct catalogs *cs, int rc, struct catalogs *out)
{
	if (rc == -1) {
		arena_free(cs->arena);
		return -1;
	}
	if (cs->n > 0)
		qsort(cs->list, cs->n, sizeof(*cs->list), by_name);
	*out = *cs;
	return 0;
}

int
catalogs_load(
    struct catalogs *out, const char *dir, struct crypto *c, struct fault *f)
{
	struct catalogs cs;
	int rc = begin(&cs, f);

	if (rc == -1)
		return -1;
	for (size_t i = 0; rc == 0 && report_text[i].path != NULL; i++)
		if (strncmp(report_text[i].path, "catalogs/", 9) == 0 &&
		    strchr(report_text[i].path + 9, '/') == NULL)
			rc = add(&cs, c, report_text[i].path, report_text[i].p,
			    report_text[i].len, f);
	if (rc == 0 && dir != NULL)
		rc = add_folder(&cs, c, dir, f);
	return finish(&cs, rc, out);
}

static int
add_judged(
    struct catalogs *cs, sqlite3_stmt *q, struct crypto *c, struct fault *f)
{
	const char *name = (const char *)sqlite3_column_text(q, 0);
	const char *text = (const char *)sqlite3_column_text(q, 1);
	char path[256];

	if (text == NULL)
		return fault(f, FAULT_INTEGRITY,
		    "the text of catalogue %.80s is not in the store", name);
	(void)snprintf(path, sizeof(path), "catalogs/%.200s.tsv", name);
	return add(cs, c, path, text, (size_t)sqlite3_column_bytes(q, 1), f);
}

int
catalogs_load_judged(struct catalogs *out, struct store *st,
    long long judgement, struct crypto *c, struct fault *f)
{
	struct catalogs cs;
	sqlite3_stmt *q = NULL;
	int rc = begin(&cs, f), step;

	if (rc == -1)
		return -1;
	if (sqlite3_prepare_v2(store_db(st),
		"SELECT k.key, t.body FROM judgement j JOIN log l ON l.seq = "
		"j.record, json_each(l.body, '$.catalogs') k LEFT JOIN content "
		"t ON t.sha256 = of_hex(k.value) WHERE j.id = ?1",
		-1, &q, NULL) != SQLITE_OK)
		return finish(&cs, store_fault(st, "catalogues", f), out);
	sqlite3_bind_int64(q, 1, judgement);
	while (rc == 0 && (step = sqlite3_step(q)) != SQLITE_DONE)
		rc = step == SQLITE_ROW ? add_judged(&cs, q, c, f)
					: store_fault(st, "catalogues", f);
	(void)sqlite3_finalize(q);
	return finish(&cs, rc, out);
}

int
catalogs_add(struct catalogs *cs, struct crypto *c, const char *name,
    const char *path, const char *text, size_t len, struct fault *f)
{
	const char *kept = arena_str(cs->arena, name);

	if (kept == NULL)
		return fault_memory(f);
	if (add_as(cs, c, kept, path, text, len, f) == -1)
		return -1;
	qsort(cs->list, cs->n, sizeof(*cs->list), by_name);
	return 0;
}

void
catalogs_free(struct catalogs *cs)
{
	arena_free(cs->arena);
	*cs = (struct catalogs){ 0 };
}

const struct catalog *
catalogs_find(const struct catalogs *cs, const char *name)
{
	for (size_t i = 0; i < cs->n; i++)
		if (strcmp(cs->list[i].name, name) == 0)
			return &cs->list[i];
	return NULL;
}

bool
catalog_row(const struct catalog *k, const char **p,
    struct catalog_cell cells[CATALOG_COLUMNS_MAX])
{
	if (**p == '\0')
		return false;
	for (size_t i = 0; i < k->ncolumns; i++) {
		cells[i] = (struct catalog_cell){ *p, strcspn(*p, "\t\n") };
		*p += cells[i].len + 1;
	}
	return true;
}
