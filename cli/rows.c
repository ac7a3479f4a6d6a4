/* See rows.h. */
#include "cli/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "report/format/csv.h"

#define HEAD_ROWS 1000		    /* that decide a table's widths */
#define HEAD_MAX (32 * 1024 * 1024) /* bytes of them */
#define HEAD_FULL (HEAD_MAX / 2)
#define LINE_MAX_LEN (1024UL * 1024 * 1024) /* bytes of one row */

struct column_of {
	char *name;   /* owned; as shown in a table */
	size_t width; /* characters */
};

struct rows {
	FILE *to;
	enum rows_format format;
	size_t n;
	struct column_of *columns;
	struct buf names; /* JSON: "name": one after another, NUL-terminated */
	struct buf head;  /* table: per cell its type, text and a NUL */
	struct buf line;
	size_t nhead;
	bool flowing;	/* the head is out */
	long long rows; /* put */
};

int
rows_format(const struct options *o, enum rows_format *out, struct fault *f)
{
	static const char *const names[] = { "table", "csv", "json" };
	const char *asked = option_or(o, "format", "table");

	for (size_t i = 0; i < LENGTH(names); i++)
		if (strcmp(asked, names[i]) == 0) {
			*out = (enum rows_format)i;
			return 0;
		}
	return fault(
	    f, FAULT_USAGE, "--format %s: knows table, csv and json", asked);
}

struct cell
cell_text(const char *s)
{
	if (s == NULL)
		return (struct cell){ CELL_NULL, "", 0 };
	return (struct cell){ CELL_TEXT, s, strlen(s) };
}

/* ------------------------------------------------------------------- table */

static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Append p as it is shown: on one line, at most max characters. */
static void
shown(struct buf *out, const char *p, size_t len, size_t max)
{
	BUF_AUTO(all, 16 * max + 64);
	size_t n = 0, i = 0;

	text_clean(&all, p, len, 4 * max);
	for (; i < all.len; i++) {
		char c = all.p[i];

		if (((unsigned char)c & 0xc0) != 0x80 && n++ == max)
			break;
		buf_putc(out, c == '\n' || c == '\t' ? ' ' : c);
	}
	if (i < all.len)
		buf_puts(out, "\xe2\x80\xa6");
	if (all.failed != FAULT_NONE)
		out->failed = all.failed;
}

static size_t
cap_of(const struct rows *r, size_t column)
{
	return column + 1 == r->n ? ROWS_LAST_MAX : ROWS_CELL_MAX;
}

/* One cell, padded unless it is the last of its line. */
static void
table_cell(struct rows *r, size_t i, bool right, const char *text)
{
	size_t w = r->columns[i].width, n = characters(text);
	int pad = n < w ? (int)(w - n) : 0;

	if (right)
		(void)fprintf(r->to, "%*s%s", pad, "", text);
	else
		(void)fprintf(r->to, "%s%*s", text, i + 1 < r->n ? pad : 0, "");
	(void)fputs(i + 1 < r->n ? "  " : "\n", r->to);
}

/* Print what was held back, once its widths are known. */
static void
table_head(struct rows *r)
{
	const char *p = r->head.p;

	r->flowing = true;
	for (size_t i = 0; i < r->n; i++)
		table_cell(r, i, false, r->columns[i].name);
	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = 0; k < r->columns[i].width; k++)
			(void)fputc('-', r->to);
		(void)fputs(i + 1 < r->n ? "  " : "\n", r->to);
	}
	for (size_t row = 0; row < r->nhead; row++)
		for (size_t i = 0; i < r->n; i++) {
			table_cell(r, i, *p == CELL_NUMBER, p + 1);
			p += strlen(p + 1) + 2;
		}
	buf_free(&r->head);
}

static int
table_put(struct rows *r, const struct cell *cells, struct fault *f)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct cell *c = &cells[i];

		buf_reset(&r->line);
		if (c->type == CELL_NULL)
			buf_putc(&r->line, '-');
		else
			shown(&r->line, c->p, c->len, cap_of(r, i));
		buf_putc(&r->line, '\0');
		if (buf_done(&r->line, "table", f) == -1)
			return -1;
		if (r->flowing) {
			table_cell(r, i, c->type == CELL_NUMBER, r->line.p);
			continue;
		}
		buf_putc(&r->head, (char)c->type);
		buf_put(&r->head, r->line.p, r->line.len);
		if (characters(r->line.p) > r->columns[i].width)
			r->columns[i].width = characters(r->line.p);
	}
	if (r->flowing)
		return 0;
	if (buf_done(&r->head, "table", f) == -1)
		return -1;
	if (++r->nhead == HEAD_ROWS || r->head.len > HEAD_FULL)
		table_head(r);
	return 0;
}

/* -------------------------------------------------------------------- JSON */

/* A JSON string of any bytes. What is valid stays exact; DEL and C1, which a
 * terminal may obey, are written as escapes. */
static void
json_string_of(struct buf *out, const char *p, size_t len)
{
	json_t *valid = json_stringn(p, len);
	BUF_AUTO(clean, 4 * len + 16);
	BUF_AUTO(quoted, 32 * len + 16);

	if (valid == NULL || memchr(p, '\0', len) != NULL) {
		text_clean(&clean, p, len, len);
		json_quote(&quoted, clean.len > 0 ? clean.p : "", clean.len);
	} else {
		json_quote(&quoted, p, len);
	}
	json_decref(valid);
	for (size_t i = 0; i < quoted.len; i++) {
		unsigned char c = (unsigned char)quoted.p[i];
		bool c1 = c == 0xc2 && (unsigned char)quoted.p[i + 1] < 0xa0;

		if (c == 0x7f || c1)
			buf_printf(out, "\\u%04x",
			    (unsigned)(c1 ? (unsigned char)quoted.p[++i] : c));
		else
			buf_putc(out, (char)c);
	}
	if (clean.failed != FAULT_NONE || quoted.failed != FAULT_NONE)
		out->failed = FAULT_IO;
}

/* RFC 7493: an integer that a double cannot hold is a string. */
static void
json_number_of(struct buf *out, const char *p, size_t len)
{
	long long v = strtoll(p, NULL, 10);
	bool integer = strspn(p, "-0123456789") == len;

	if (len == 0 || strspn(p, "-0123456789.e+") != len)
		buf_puts(out, "null"); /* Inf has no place in JSON */
	else if (integer && (v > JSON_INTEGER_MAX || v < -JSON_INTEGER_MAX))
		json_string_of(out, p, len);
	else
		buf_put(out, p, len);
}

static int
json_put(struct rows *r, const struct cell *cells, struct fault *f)
{
	const char *name = r->names.p;

	buf_reset(&r->line);
	buf_puts(&r->line, r->rows == 0 ? "\n{" : ",\n{");
	for (size_t i = 0; i < r->n; i++) {
		const struct cell *c = &cells[i];

		if (i > 0)
			buf_putc(&r->line, ',');
		buf_puts(&r->line, name);
		name += strlen(name) + 1;
		if (c->type == CELL_NULL)
			buf_puts(&r->line, "null");
		else if (c->type == CELL_NUMBER)
			json_number_of(&r->line, c->p, c->len);
		else
			json_string_of(&r->line, c->p, c->len);
	}
	buf_putc(&r->line, '}');
	if (buf_done(&r->line, "row", f) == -1)
		return -1;
	(void)fwrite(r->line.p, 1, r->line.len, r->to);
	return 0;
}

static int
json_names(struct rows *r, const char *const *names, struct fault *f)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(names[i], names[k]) == 0)
				return fault(f, FAULT_USAGE,
				    "two columns are named '%s'; name one of "
				    "them with AS",
				    names[i]);
	for (size_t i = 0; i < r->n; i++) {
		json_string_of(&r->names, names[i], strlen(names[i]));
		buf_put(&r->names, ":", 2); /* with its NUL */
	}
	return buf_done(&r->names, "column names", f);
}

/* --------------------------------------------------------------------- CSV */

static int
csv_put(struct rows *r, const struct cell *cells, struct fault *f)
{
	buf_reset(&r->line);
	for (size_t i = 0; i < r->n; i++) {
		if (i > 0)
			csv_next(&r->line);
		if (cells[i].type == CELL_NUMBER)
			csv_number(&r->line, cells[i].p, cells[i].len);
		else if (cells[i].type == CELL_TEXT)
			csv_text(&r->line, cells[i].p, cells[i].len);
	}
	csv_end(&r->line);
	if (buf_done(&r->line, "row", f) == -1)
		return -1;
	(void)fwrite(r->line.p, 1, r->line.len, r->to);
	return 0;
}

static int
csv_names(struct rows *r, const char *const *names, struct fault *f)
{
	struct cell *cells = calloc(r->n + 1, sizeof(*cells));
	int rc;

	if (cells == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < r->n; i++)
		cells[i] = cell_text(names[i]);
	rc = csv_put(r, cells, f);
	free(cells);
	return rc;
}

/* ------------------------------------------------------------------- whole */

static int
name_columns(struct rows *r, const char *const *names, struct fault *f)
{
	for (size_t i = 0; i < r->n; i++) {
		BUF_AUTO(b, 64 * ROWS_CELL_MAX);

		shown(&b, names[i], strlen(names[i]), ROWS_CELL_MAX);
		if (buf_done(&b, "column name", f) == -1)
			return -1;
		r->columns[i].name = strdup(b.len > 0 ? b.p : "");
		if (r->columns[i].name == NULL)
			return fault_memory(f);
		r->columns[i].width = characters(r->columns[i].name);
	}
	if (r->format == ROWS_JSON)
		return json_names(r, names, f);
	return r->format == ROWS_CSV ? csv_names(r, names, f) : 0;
}

struct rows *
rows_new(FILE *to, enum rows_format format, const char *const *names, size_t n,
    struct fault *f)
{
	struct rows *r = calloc(1, sizeof(*r));

	if (r == NULL ||
	    (r->columns = calloc(n + 1, sizeof(*r->columns))) == NULL) {
		free(r);
		(void)fault_memory(f);
		return NULL;
	}
	r->to = to;
	r->format = format;
	r->n = n;
	r->names.max = HEAD_MAX;
	r->head.max = HEAD_MAX;
	r->line.max = LINE_MAX_LEN;
	if (name_columns(r, names, f) == -1) {
		rows_free(r);
		return NULL;
	}
	return r;
}

int
rows_put(struct rows *r, const struct cell *cells, struct fault *f)
{
	int rc;

	if (r->format == ROWS_JSON && r->rows == 0)
		(void)fputc('[', r->to);
	switch (r->format) {
	case ROWS_CSV:
		rc = csv_put(r, cells, f);
		break;
	case ROWS_JSON:
		rc = json_put(r, cells, f);
		break;
	default:
		rc = table_put(r, cells, f);
		break;
	}
	r->rows++;
	if (rc == 0 && ferror(r->to))
		return fault_errno(f, errno, "output");
	return rc;
}

int
rows_end(struct rows *r, struct fault *f)
{
	if (r->format == ROWS_TABLE && !r->flowing)
		table_head(r);
	if (r->format == ROWS_TABLE && r->rows == 0)
		(void)fputs("(none)\n", r->to);
	if (r->format == ROWS_JSON)
		(void)fputs(r->rows == 0 ? "[]\n" : "\n]\n", r->to);
	if (fflush(r->to) == EOF || ferror(r->to))
		return fault_errno(f, errno, "output");
	return 0;
}

void
rows_free(struct rows *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n; i++)
		free(r->columns[i].name);
	free(r->columns);
	buf_free(&r->names);
	buf_free(&r->head);
	buf_free(&r->line);
	free(r);
}
