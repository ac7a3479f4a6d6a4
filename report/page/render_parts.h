/* What the files that make the page share. See render.h. */
#ifndef REPORT_PAGE_RENDER_PARTS_H
#define REPORT_PAGE_RENDER_PARTS_H

#include <stdbool.h>
#include <string.h>

#include <libxml/tree.h>

#include "base/buf.h"
#include "base/fault.h"

static inline bool
equals(const xmlChar *a, const char *b)
{
	return a != NULL && strcmp((const char *)a, b) == 0;
}

/*
 * The document of what, with very long lists cut for the page (render.h). The
 * caller frees it. NULL: FAULT_FORMAT if it is not XML or has a DTD.
 */
xmlDoc *render_read(
    const void *xml, size_t len, const char *what, struct fault *f);

/*
 * Append the page as HTML that is XML too, the style sheet within. FAULT_FORMAT
 * names an element or attribute that a report has no use for.
 */
MUST_USE int render_write(
    xmlDoc *doc, const struct buf *css, struct buf *out, struct fault *f);

#endif
