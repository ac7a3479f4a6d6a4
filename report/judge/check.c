/* See check.h. */
#include "report/judge/check.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/judge/check_pure.h"
#include "base/length.h"
#include "base/file.h"
#include "report/judge/profile.h"
#include "base/text.h"
#include "report/judge/with.h"

#define FIELD_MAX (16 * 1024)
#define ITEMS_MAX 64
#define ORDER_LAST 100000

extern const struct text report_text[];

struct header { /* the raw fields, each as one line */
	struct buf id, order, title, severity, layer, controls, kinds, catalogs,
	    with, rationale, remediation, references, since, gone, untold,
	    lists, code;
};

static const struct field {
	const char *name;
	size_t offset;
	int required;
} fields[] = {
	{ "id", offsetof(struct header, id), 1 },
	{ "order", offsetof(struct header, order), 0 },
	{ "title", offsetof(struct header, title), 1 },
	{ "severity", offsetof(struct header, severity), 1 },
	{ "layer", offsetof(struct header, layer), 0 },
	{ "controls", offsetof(struct header, controls), 1 },
	{ "kinds", offsetof(struct header, kinds), 1 },
	{ "catalogs", offsetof(struct header, catalogs), 0 },
	{ "with", offsetof(struct header, with), 0 },
	{ "rationale", offsetof(struct header, rationale), 1 },
	{ "remediation", offsetof(struct header, remediation), 1 },
	{ "references", offsetof(struct header, references), 0 },
	{ "since", offsetof(struct header, since), 1 },
	{ "gone", offsetof(struct header, gone), 0 },
	{ "untold", offsetof(struct header, untold), 0 },
	{ "lists", offsetof(struct header, lists), 0 },
	{ "code", offsetof(struct header, code), 0 }, /* one or more */
};
#define NFIELDS (LENGTH(fields))

static struct buf *
field_of(struct header *h, const struct field *d)
{
	return (struct buf *)((char *)h + d->offset);
}

/* The field a header line opens, its value in *value; NULL: a continuation. */
static const struct field *
field_opened(const char *line, size_t len, const char **value)
{
	for (size_t i = 0; i < NFIELDS; i++) {
		size_t n = strlen(fields[i].name);

		if (len > n && strncmp(line, fields[i].name, n) == 0 &&
		    line[n] == ':') {
			*value = line + n + 1;
			return &fields[i];
		}
	}
	return NULL;
}

/* Add to the field, words separated by one space. */
static void
field_add(struct buf *b, const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	while (end > p && (end[-1] == ' ' || end[-1] == '\r'))
		end--;
	if (p == end)
		return;
	if (b->len > 0)
		buf_putc(b, ' ');
	buf_put(b, p, (size_t)(end - p));
}

/* The leading "--" lines: "-- name: value", continued by indented ones. */
static int
read_header(
    struct header *h, const char *path, const char *text, struct fault *f)
{
	struct buf *open = NULL;
	int number = 1;

	for (const char *line = text; strncmp(line, "--", 2) == 0; number++) {
		const char *end = strchr(line, '\n'), *value, *p = line + 2;
		const struct field *d;

		if (end == NULL)
			return fault(f, FAULT_FORMAT,
			    "%s: no SELECT after the header", path);
		while (*p == ' ')
			p++;
		if ((d = field_opened(p, (size_t)(end - p), &value)) != NULL) {
			open = field_of(h, d);
			if (open == &h->code && open->len > 0)
				buf_putc(open, '\n');
			else if (open->len > 0)
				return fault(f, FAULT_FORMAT,
				    "%s:%d: '%s' stands twice", path, number,
				    d->name);
			field_add(open, value, end);
		} else if (open == NULL || p - line < 4) {
			return fault(f, FAULT_FORMAT,
			    "%s:%d: not a header field ('-- name: value')",
			    path, number);
		} else {
			field_add(open, p, end);
		}
		line = end + 1;
	}
	for (size_t i = 0; i < NFIELDS; i++)
		if (fields[i].required && field_of(h, &fields[i])->len == 0)
			return fault(f, FAULT_FORMAT,
			    "%s: its header lacks '%s'", path, fields[i].name);
	return 0;
}

/* Split at sep into an array in the arena; empty items are passed over. */
static const char *const *
split(struct arena *a, const char *s, const char *sep, size_t *n)
{
	const char **items = arena_alloc(a, ITEMS_MAX * sizeof(*items));
	char *copy = arena_str(a, s), *save = NULL;

	*n = 0;
	if (items == NULL || copy == NULL)
		return NULL;
	for (char *t = strtok_r(copy, sep, &save); t != NULL && *n < ITEMS_MAX;
	     t = strtok_r(NULL, sep, &save)) {
		while (*t == ' ')
			t++;
		if (*t != '\0')
			items[(*n)++] = t;
	}
	return items;
}

/* "nist-800-53r5 sc-13 ia-7; cmmc-l2 SC.L2-3.13.11" */
static int
read_controls(struct arena *a, struct check *k, const char *s, const char *path,
    struct fault *f)
{
	size_t ngroups, n = 0;
	const char *const *groups = split(a, s, ";", &ngroups);
	struct control *list = arena_alloc(a, ITEMS_MAX * sizeof(*list));

	if (groups == NULL || list == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < ngroups; i++) {
		size_t nwords;
		const char *const *words = split(a, groups[i], " ", &nwords);

		if (words == NULL)
			return fault_memory(f);
		if (nwords < 2 || n + nwords > ITEMS_MAX)
			return fault(f, FAULT_FORMAT,
			    "%s: controls: '%s' is not a framework and its "
			    "controls",
			    path, groups[i]);
		for (size_t w = 1; w < nwords; w++)
			list[n++] = (struct control){ words[0], words[w] };
	}
	k->controls = list;
	k->ncontrols = n;
	return 0;
}

static int
is_severity(const char *s)
{
	static const char *const known[] = { "high", "medium", "low", "info" };

	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(s, known[i]) == 0)
			return 1;
	return 0;
}

static int
is_id(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= 64 &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static const char *
given(const struct buf *field)
{
	return field->len > 0 ? field->p : NULL;
}

static int
fill(struct arena *a, struct check *k, struct header *h, const char *path,
    struct fault *f)
{
	const char *base = strrchr(path, '/');

	k->id = arena_str(a, h->id.p);
	k->order = h->order.len > 0 ? atoi(h->order.p) : ORDER_LAST;
	k->title = arena_str(a, h->title.p);
	k->severity = arena_str(a, h->severity.p);
	k->layer = arena_str(a, h->layer.p);
	k->rationale = arena_str(a, h->rationale.p);
	k->remediation = arena_str(a, h->remediation.p);
	k->since = arena_str(a, h->since.p);
	k->kinds = split(a, h->kinds.p, " ", &k->nkinds);
	k->catalogs = h->catalogs.len == 0
			  ? NULL
			  : split(a, h->catalogs.p, " ", &k->ncatalogs);
	k->references = h->references.len == 0
			    ? NULL
			    : split(a, h->references.p, " ", &k->nreferences);
	if (arena_failed(a))
		return fault_memory(f);
	base = base != NULL ? base + 1 : path;
	if (!is_id(k->id) || strncmp(base, k->id, strlen(k->id)) != 0 ||
	    strcmp(base + strlen(k->id), ".sql") != 0)
		return fault(f, FAULT_FORMAT,
		    "%s: its id '%s' must be the file's name without .sql, of "
		    "a-z, 0-9 and '-'",
		    path, k->id);
	if (!is_severity(k->severity))
		return fault(f, FAULT_FORMAT,
		    "%s: severity '%s' is not high, medium, low or info", path,
		    k->severity);
	if (coded_read(&k->coded, a, given(&h->code), given(&h->gone),
		given(&h->untold), given(&h->lists), path, f) == -1)
		return -1;
	return read_controls(a, k, h->controls.p, path, f);
}

/*
 * The check with the WITH clause it goes on after put before its SELECT, and
 * without the line that says so: what is kept, shown and run is whole.
 */
static int
compose(struct buf *out, const char *text, const char *with, const char *path,
    struct fault *f)
{
	const char *line = text;

	if (!with_known(with, strlen(with)))
		return fault(f, FAULT_FORMAT,
		    "%s: there is no WITH clause '%s'", path, with);
	while (strncmp(line, "--", 2) == 0) {
		size_t len = strcspn(line, "\n") + 1;

		if (strncmp(line, "-- with:", 8) != 0)
			buf_put(out, line, len);
		line += len;
	}
	buf_puts(out, "\n"); /* the clause's own comments are no header */
	with_put(out, with, strlen(with));
	buf_puts(out, line);
	return buf_done(out, path, f);
}

static int
parse(struct checks *cs, struct crypto *c, const char *path, const char *text,
    size_t len, struct check *k, struct fault *f)
{
	struct header h;
	uint8_t d[SHA256_LEN];
	char *copy;
	int rc = -1;
	BUF_AUTO(whole, 2 * CHECK_FILE_MAX);

	for (size_t i = 0; i < NFIELDS; i++)
		*field_of(&h, &fields[i]) = (struct buf){ .max = FIELD_MAX };
	if (strlen(text) != len)
		rc = fault(f, FAULT_FORMAT, "%s: holds a NUL byte", path);
	else if (read_header(&h, path, text, f) == 0)
		rc = fill(cs->arena, k, &h, path, f);
	if (rc == 0 && h.with.len > 0) {
		rc = compose(&whole, text, h.with.p, path, f);
		text = whole.p;
		len = whole.len;
	}
	for (size_t i = 0; i < NFIELDS; i++)
		buf_free(field_of(&h, &fields[i]));
	if (rc == 0)
		rc = check_is_pure(text, path, f);
	if (rc == -1 || digest_sha256(c, text, len, d, f) == -1)
		return -1;
	hex_encode(d, SHA256_LEN, k->sha256);
	if ((copy = arena_str(cs->arena, text)) == NULL)
		return fault_memory(f);
	k->text = copy;
	k->len = len;
	return 0;
}

static int
add(struct checks *cs, struct crypto *c, const char *path, const char *text,
    size_t len, bool builtin, struct fault *f)
{
	struct check k = { .builtin = builtin };

	if (parse(cs, c, path, text, len, &k, f) == -1)
		return -1;
	for (size_t i = 0; i < cs->n; i++)
		if (strcmp(cs->list[i].id, k.id) == 0) {
			cs->list[i] = k;
			return 0;
		}
	if (cs->n == CHECKS_MAX)
		return fault(f, FAULT_LIMIT, "%s: more than %d checks", path,
		    CHECKS_MAX);
	cs->list[cs->n++] = k;
	return 0;
}

static int
add_folder(
    struct checks *cs, struct crypto *c, const char *dir, struct fault *f)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = 0;

	if (d == NULL)
		return fault_errno(f, errno, dir);
	while (rc == 0 && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);
		char path[4096];
		BUF_AUTO(text, CHECK_FILE_MAX);

		if (len < 5 || strcmp(e->d_name + len - 4, ".sql") != 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		rc = file_read(path, &text, f);
		if (rc == 0)
			rc = add(cs, c, path, text.len > 0 ? text.p : "",
			    text.len, false, f);
	}
	(void)closedir(d);
	return rc;
}

static int
by_order(const void *a, const void *b)
{
	const struct check *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int
begin(struct checks *cs, struct fault *f)
{
	*cs = (struct checks){ .arena = arena_new() };
	if (cs->arena != NULL && (cs->list = arena_alloc(cs->arena,
				      CHECKS_MAX * sizeof(*cs->list))) != NULL)
		return 0;
	arena_free(cs->arena);
	return fault_memory(f);
}

/* Hand the list over in order, or give it up if rc says so. */
static int
finish(struct checks *cs, int rc, struct checks *out)
{
	if (rc == -1) {
		checks_free(cs);
		return -1;
	}
	qsort(cs->list, cs->n, sizeof(*cs->list), by_order);
	*out = *cs;
	return 0;
}

/* Is every catalogue there that a check reads? */
static int
have_catalogs(const struct checks *cs, struct fault *f)
{
	for (size_t i = 0; i < cs->n; i++)
		for (size_t n = 0; n < cs->list[i].ncatalogs; n++)
			if (catalogs_find(
				&cs->catalogs, cs->list[i].catalogs[n]) == NULL)
				return fault(f, FAULT_FORMAT,
				    "check %s: there is no catalogue '%s'",
				    cs->list[i].id, cs->list[i].catalogs[n]);
	return 0;
}

int
checks_load(struct checks *out, const char *dir, const char *catalog_dir,
    struct crypto *c, struct fault *f)
{
	struct checks cs;
	int rc;

	if ((rc = begin(&cs, f)) == -1)
		return -1;
	rc = catalogs_load(&cs.catalogs, catalog_dir, c, f);
	for (size_t i = 0; rc == 0 && report_text[i].path != NULL; i++)
		if (strncmp(report_text[i].path, "checks/", 7) == 0)
			rc = add(&cs, c, report_text[i].path, report_text[i].p,
			    report_text[i].len, true, f);
	if (rc == 0 && dir != NULL)
		rc = add_folder(&cs, c, dir, f);
	if (rc == 0)
		rc = have_catalogs(&cs, f);
	if (rc == 0)
		rc = profile_apply(&cs, PROFILE_DEFAULT, c, f);
	return finish(&cs, rc, out);
}

static int
add_judged(
    struct checks *cs, sqlite3_stmt *q, struct crypto *c, struct fault *f)
{
	const char *id = (const char *)sqlite3_column_text(q, 0);
	const char *text = (const char *)sqlite3_column_text(q, 1);
	size_t len = (size_t)sqlite3_column_bytes(q, 1);
	char path[256];

	if (text == NULL)
		return fault(f, FAULT_INTEGRITY,
		    "the text of check %.80s is not in the store", id);
	(void)snprintf(path, sizeof(path), "checks/%.200s.sql", id);
	return add(cs, c, path, text, len, false, f);
}

int
checks_load_judged(struct checks *out, struct store *st, long long judgement,
    struct crypto *c, struct fault *f)
{
	static const char sql[] =
	    "SELECT k.key, t.body FROM judgement j JOIN log l ON l.seq = "
	    "j.record, json_each(l.body, '$.checks') k LEFT JOIN content t ON "
	    "t.sha256 = of_hex(k.value) WHERE j.id = ?1";
	struct checks cs;
	sqlite3_stmt *q = NULL;
	int rc, step;

	if ((rc = begin(&cs, f)) == -1)
		return -1;
	rc = catalogs_load_judged(&cs.catalogs, st, judgement, c, f);
	if (rc == 0 &&
	    sqlite3_prepare_v2(store_db(st), sql, -1, &q, NULL) != SQLITE_OK)
		rc = store_fault(st, "checks", f);
	sqlite3_bind_int64(q, 1, judgement);
	while (rc == 0 && (step = sqlite3_step(q)) != SQLITE_DONE)
		rc = step == SQLITE_ROW ? add_judged(&cs, q, c, f)
					: store_fault(st, "checks", f);
	(void)sqlite3_finalize(q);
	if (rc == 0)
		rc = profile_again(&cs, f);
	return finish(&cs, rc, out);
}

void
check_sql(const struct check *k, const char *sql, struct buf *out)
{
	if (k->coded.ncodes > 0)
		coded_put(&k->coded, k->kinds[0], sql, out);
	else
		buf_puts(out, sql);
}

void
checks_free(struct checks *cs)
{
	catalogs_free(&cs->catalogs);
	arena_free(cs->arena);
	*cs = (struct checks){ 0 };
}

const struct check *
checks_find(const struct checks *cs, const char *id)
{
	for (size_t i = 0; i < cs->n; i++)
		if (strcmp(cs->list[i].id, id) == 0)
			return &cs->list[i];
	return NULL;
}
