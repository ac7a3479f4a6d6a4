/* Rows for a person (table), a spreadsheet (CSV) or a program (JSON). */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "cli/cli.h"

#define ROWS_CELL_MAX 72  /* characters of a cell of a table */
#define ROWS_LAST_MAX 240 /* of a cell of its last column */

enum rows_format { ROWS_TABLE, ROWS_CSV, ROWS_JSON };

/* The value of --format, table without one. FAULT_USAGE. */
MUST_USE int rows_format(
    const struct options *o, enum rows_format *out, struct fault *f);

enum cell_type { CELL_NULL, CELL_NUMBER, CELL_TEXT };

struct cell { /* borrowed for the call */
	enum cell_type type;
	const char *p; /* a number is its digits */
	size_t len;
};

struct cell cell_text(const char *s); /* NULL: a null */

struct rows;

/*
 * A table's widths follow its first rows; the rest streams. In a table control
 * characters are shown and long cells cut; CSV and JSON hold everything. names
 * are copied. FAULT_USAGE: JSON with one name twice. The caller frees.
 */
MUST_USE struct rows *rows_new(FILE *to, enum rows_format format,
    const char *const *names, size_t n, struct fault *f);
MUST_USE int rows_put(
    struct rows *r, const struct cell *cells, struct fault *f);
MUST_USE int rows_end(struct rows *r, struct fault *f);
void rows_free(struct rows *r);

#endif
