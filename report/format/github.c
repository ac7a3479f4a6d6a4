/* See github.h. */
#include "report/format/github.h"

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
	escaped(out, place_reason(g->reason, p), false);
	buf_putc(out, '\n');
}

static int
put_finding(void *ctx, const struct model *m, const struct model_group *g,
    const struct place *place, struct fault *f)
{
	put_line(ctx, m, g, place);
	return buf_done(ctx, "annotations", f);
}

int
github_write(const struct model *m, struct buf *out, struct fault *f)
{
	return model_places(m, put_finding, out, f);
}
