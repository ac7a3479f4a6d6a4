/* See github.h. */
#include "report/format/github.h"

#include <stdlib.h>
#include <string.h>

#include "report/format/finding_place.h"

/* As the toolkit of Actions escapes a message, and in a property also what
 * ends one. */
static void
escaped(struct buf *b, const char *s, bool property)
{
	for (; *s != '\0'; s++)
		if (*s == '%' || *s == '\r' || *s == '\n' ||
		    (property && (*s == ':' || *s == ',')))
			buf_printf(b, "%%%02X", (unsigned char)*s);
		else
			buf_putc(b, *s);
}

/* The reason without the "FILE:LINE: " that the place says already. */
static const char *
text_of(const char *reason, const struct place *p)
{
	size_t len = p->file != NULL ? strlen(p->file) : 0;
	const char *s = reason + len;

	if (len == 0 || strncmp(reason, p->file, len) != 0 || *s != ':')
		return reason;
	s += 1 + strspn(s + 1, "0123456789");
	s += *s == ':';
	return s + strspn(s, " ");
}

static void
put_line(struct buf *out, const struct model *m, const struct model_group *g,
    const struct place *p)
{
	const struct model_check *k = &m->checks[g->check];

	buf_printf(out, "::%s ",
	    g->verdict == VERDICT_NOT_SATISFIED ? "error" : "warning");
	if (p->file != NULL) {
		buf_puts(out, "file=");
		escaped(out, p->file, true);
		buf_printf(out, ",line=%lld,", p->line);
	}
	buf_puts(out, "title=");
	escaped(out, k->id, true);
	buf_puts(out, "::");
	if (g->verdict == VERDICT_UNKNOWN)
		buf_puts(out, "Unknown: ");
	escaped(out, text_of(g->reason, p), false);
	buf_putc(out, '\n');
}

static int
put_group(struct buf *out, const struct model *m, const struct model_group *g,
    struct fault *f)
{
	struct place *list = calloc(g->nsubjects + 1, sizeof(*list));
	const struct place nowhere = { NULL, 0 };
	size_t n = 0;

	if (list == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < g->nsubjects; i++) {
		list[n] = model_place(&m->subjects[g->subjects[i]], g->reason);
		n += list[n].file != NULL;
	}
	qsort(list, n, sizeof(*list), model_place_order);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || model_place_order(&list[i - 1], &list[i]) != 0)
			put_line(out, m, g, &list[i]);
	if (n < g->nsubjects)
		put_line(out, m, g, &nowhere);
	free(list);
	return buf_done(out, "annotations", f);
}

int
github_write(const struct model *m, struct buf *out, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < m->ngroups; i++)
		if (m->groups[i].verdict == VERDICT_NOT_SATISFIED ||
		    m->groups[i].verdict == VERDICT_UNKNOWN)
			rc = put_group(out, m, &m->groups[i], f);
	return rc;
}
