/*
 * Catalogues: dated facts that checks judge by, such as certificates and their
 * status, or which TLS suites are approved. catalogs/NAME.tsv, compiled in:
 *
 *   # title: one line
 *   # date: 2026-11-23         when its facts were last looked at
 *   # source: URL or document  once or more
 *   name<TAB>second            columns, then rows; an empty cell is NULL
 *
 * UTF-8, no quoting. In a check or query it is the table catalog_NAME, with
 * dashes as underscores and every column TEXT.
 */
#ifndef REPORT_JUDGE_CATALOG_H
#define REPORT_JUDGE_CATALOG_H

#include <stddef.h>

#include "base/arena.h"
#include "base/digest.h"
#include "store/store.h"

#define CATALOG_FILE_MAX (8 * 1024 * 1024) /* bytes of one */
#define CATALOG_COLUMNS_MAX 32
#define CATALOG_NAME_MAX 48 /* bytes, its NUL included */
#define CATALOGS_MAX 100

struct catalog {
	const char *name; /* the file's, without .tsv */
	const char *title, *date;
	const char *const *sources;
	size_t nsources;
	const char *const *columns;
	size_t ncolumns, nrows;
	const char *text; /* the whole file */
	size_t len;
	const char *rows;	 /* within text: after the line of columns */
	char sha256[SHA256_HEX]; /* of text */
};

struct catalogs {
	struct catalog *list; /* by name */
	size_t n;
	struct arena *arena; /* owns everything */
};

/*
 * Load the catalogues compiled in and, if dir is not NULL, the *.tsv files
 * there (one of the same name replaces the built-in). FAULT_FORMAT names file
 * and line.
 */
MUST_USE int catalogs_load(
    struct catalogs *out, const char *dir, struct crypto *c, struct fault *f);

/* Load the very catalogues a judgement used, from the texts the store kept. */
MUST_USE int catalogs_load_judged(struct catalogs *out, struct store *st,
    long long judgement, struct crypto *c, struct fault *f);

void catalogs_free(struct catalogs *cs);
const struct catalog *catalogs_find(
    const struct catalogs *cs, const char *name);

/* One more, under this name whatever the file's; it replaces one of the name.
 */
MUST_USE int catalogs_add(struct catalogs *cs, struct crypto *c,
    const char *name, const char *path, const char *text, size_t len,
    struct fault *f);

struct catalog_cell { /* within the catalogue's text; empty: nothing known */
	const char *p;
	size_t len;
};

/* The cells of the row at *p, which then is at the next; false: no more. *p
 * begins as k->rows. */
bool catalog_row(const struct catalog *k, const char **p,
    struct catalog_cell cells[CATALOG_COLUMNS_MAX]);

#endif
