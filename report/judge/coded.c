/* See coded.h. */
#include "report/judge/coded.h"

#include <stdio.h>
#include <string.h>

#include "base/observation.h"
#include "report/judge/catalog_table.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define COLUMN_CHARS "abcdefghijklmnopqrstuvwxyz0123456789_"
#define ITEMS_MAX 64

static int
refuse(const char *path, const char *field, const char *what, struct fault *f)
{
	return fault(f, FAULT_FORMAT, "%s: %s: %.100s", path, field, what);
}

/* Words in the arena; each of these characters only. NULL: no memory. */
static const char *const *
words(struct arena *a, const char *s, size_t *n)
{
	const char **list = arena_alloc(a, ITEMS_MAX * sizeof(*list));
	char *copy = arena_str(a, s), *save = NULL;

	*n = 0;
	if (list == NULL || copy == NULL)
		return NULL;
	for (char *w = strtok_r(copy, " ", &save); w != NULL && *n < ITEMS_MAX;
	     w = strtok_r(NULL, " ", &save))
		list[(*n)++] = w;
	return list;
}

/* Is each '{' of the text an argument? */
static bool
is_text(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s == '{') {
			size_t n = strspn(s + 1, COLUMN_CHARS);

			if (n == 0 || s[1 + n] != '}')
				return false;
			s += n + 1;
		} else if (*s == '}') {
			return false;
		}
	return true;
}

/* "NAME VERDICT text" */
static int
read_code(struct coded *out, struct code *list, char *line, const char *path,
    struct fault *f)
{
	char *name, *verdict, *text = NULL;

	name = line + strspn(line, " ");
	if ((verdict = strchr(name, ' ')) != NULL) {
		*verdict++ = '\0';
		if ((text = strchr(verdict, ' ')) != NULL)
			*text++ = '\0';
	}
	if (text == NULL || *text == '\0' ||
	    strspn(name, NAME_CHARS) != strlen(name) || !is_text(text))
		return refuse(path, "code", name, f);
	for (size_t i = 0; i < out->ncodes; i++)
		if (strcmp(list[i].name, name) == 0)
			return refuse(path, "code stands twice", name, f);
	if (verdict_of_name(verdict, &list[out->ncodes].verdict) == -1)
		return refuse(path, "code: not a verdict", verdict, f);
	list[out->ncodes].name = name;
	list[out->ncodes++].text = text;
	return 0;
}

static int
read_codes(struct coded *out, struct arena *a, const char *codes,
    const char *path, struct fault *f)
{
	struct code *list = arena_alloc(a, CODES_MAX * sizeof(*list));
	char *copy = arena_str(a, codes), *save = NULL;

	if (list == NULL || copy == NULL)
		return fault_memory(f);
	for (char *line = strtok_r(copy, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		if (out->ncodes == CODES_MAX)
			return refuse(path, "code", "too many", f);
		if (read_code(out, list, line, path, f) == -1)
			return -1;
	}
	out->codes = list;
	return 0;
}

/* "node groups by eks:ListClusters eks:ListNodegroups" */
static int
read_lists(struct coded *out, struct arena *a, const char *lists,
    const char *path, struct fault *f)
{
	static const char by[] = " by ";
	const char *at = strstr(lists, by);
	char *what;

	if (at == NULL || at == lists)
		return refuse(path, "lists: not 'WHAT by CALL ...'", lists, f);
	if ((what = arena_str(a, lists)) == NULL ||
	    (out->calls = words(a, at + sizeof(by) - 1, &out->ncalls)) == NULL)
		return fault_memory(f);
	what[at - lists] = '\0';
	out->what = what;
	return 0;
}

int
coded_read(struct coded *out, struct arena *a, const char *codes,
    const char *gone, const char *untold, const char *lists, const char *path,
    struct fault *f)
{
	struct coded c = { 0 };

	if (codes == NULL && gone == NULL && untold == NULL && lists == NULL) {
		*out = c;
		return 0;
	}
	if (codes == NULL || gone == NULL)
		return refuse(path, "header",
		    "a check of codes needs 'code' and 'gone'", f);
	c.gone = arena_str(a, gone);
	if (untold != NULL)
		c.untold = words(a, untold, &c.nuntold);
	if (c.gone == NULL || (untold != NULL && c.untold == NULL))
		return fault_memory(f);
	for (size_t i = 0; i < c.nuntold; i++)
		if (strspn(c.untold[i], COLUMN_CHARS) != strlen(c.untold[i]))
			return refuse(path, "untold", c.untold[i], f);
	if (read_codes(&c, a, codes, path, f) == -1 ||
	    (lists != NULL && read_lists(&c, a, lists, path, f) == -1))
		return -1;
	*out = c;
	return 0;
}

/* -------------------------------------------------------------- statement */

/* A code's text, its arguments put in: one that is NULL makes it NULL. */
static void
put_text(struct buf *out, const char *s)
{
	bool first = true;

	while (*s != '\0') {
		size_t n = strcspn(s, "{");

		if (n > 0 || first) {
			buf_puts(out, first ? "" : " || ");
			sql_text(out, s, n);
			first = false;
		}
		s += n;
		if (*s == '{') {
			n = strcspn(s, "}");
			buf_printf(out, " || f.\"%.*s\"", (int)n - 1, s + 1);
			s += n + 1;
		}
	}
}

/* The SELECT and its clause: no header, and no end. */
static void
put_own(struct buf *out, const char *sql)
{
	size_t len;

	while (*sql == '\n' || strncmp(sql, "--", 2) == 0) {
		sql += strcspn(sql, "\n");
		sql += *sql == '\n';
	}
	len = strlen(sql);
	while (len > 0 && strchr("; \t\r\n", sql[len - 1]) != NULL)
		len--;
	buf_put(out, sql, len);
}

static void
put_verdicts(const struct coded *c, struct buf *out)
{
	buf_puts(out, "       CASE WHEN p.outcome <> 'observed' THEN "
		      "'unknown'\n");
	for (size_t i = 0; i < c->nuntold; i++)
		buf_printf(out,
		    "            WHEN p.\"%s\" IS NULL THEN 'unknown'\n",
		    c->untold[i]);
	for (size_t i = 0; i < c->ncodes; i++)
		buf_printf(out, "            WHEN f.code = '%s' THEN '%s'\n",
		    c->codes[i].name, verdict_name(c->codes[i].verdict));
	buf_puts(out, "            END AS verdict,\n");
}

static void
put_reasons(const struct coded *c, struct buf *out)
{
	buf_puts(out, "       CASE WHEN p.outcome <> 'observed' THEN ");
	sql_text(out, c->gone, strlen(c->gone));
	buf_puts(out, " || ' ' || p.outcome || ': ' || p.reason\n");
	for (size_t i = 0; i < c->nuntold; i++)
		buf_printf(out,
		    "            WHEN p.\"%s\" IS NULL THEN 'the evidence "
		    "lacks "
		    "%s'\n",
		    c->untold[i], c->untold[i]);
	for (size_t i = 0; i < c->ncodes; i++) {
		buf_printf(out, "            WHEN f.code = '%s' THEN ",
		    c->codes[i].name);
		put_text(out, c->codes[i].text);
		buf_putc(out, '\n');
	}
	buf_puts(out, "            ELSE 'code ' || coalesce(f.code, 'NULL') "
		      "END AS reason\n");
}

static void
put_lists(const struct coded *c, struct buf *out)
{
	if (c->ncalls == 0)
		return;
	buf_puts(out,
	    " UNION ALL -- what may be missing\n"
	    "SELECT subject, 'unknown', key || ' was not answered: ' || "
	    "coalesce(error, result) || ");
	buf_puts(out, "'; there may be ");
	buf_puts(out, c->what);
	buf_puts(out, " that are not judged'\n"
		      "  FROM aws_call WHERE outcome = 'observed' AND result "
		      "<> 'answered'\n   AND key IN (");
	for (size_t i = 0; i < c->ncalls; i++) {
		buf_puts(out, i > 0 ? ", " : "");
		sql_text(out, c->calls[i], strlen(c->calls[i]));
	}
	buf_puts(out, ")\n"
		      " UNION ALL -- an account or region that was requested "
		      "and did not answer\n"
		      "SELECT subject, 'unknown', 'not evaluated: ' || key || "
		      "' ' || outcome || ': ' || reason\n"
		      "  FROM aws_scope WHERE outcome <> 'observed'\n");
}

void
coded_put(
    const struct coded *c, const char *kind, const char *sql, struct buf *out)
{
	char view[KIND_VIEW_MAX];

	kind_view(&(const struct kind){ .name = kind }, view);
	buf_puts(out, "WITH found AS MATERIALIZED (\n");
	put_own(out, sql);
	buf_puts(out, "\n)\nSELECT p.subject,\n");
	put_verdicts(c, out);
	put_reasons(c, out);
	buf_printf(out,
	    "  FROM \"%s\" p LEFT JOIN found f ON f.subject = p.subject\n"
	    " UNION ALL -- of nobody's population: a fault of the check\n"
	    "SELECT subject, NULL, 'it is none of %s' FROM found\n"
	    " WHERE subject NOT IN (SELECT subject FROM \"%s\")\n",
	    view, kind, view);
	put_lists(c, out);
}
