/* Markdown: what any text becomes in it. */
#ifndef REFERENCE_MARKDOWN_H
#define REFERENCE_MARKDOWN_H

#include "base/buf.h"

/* Text for a paragraph or a cell: on one line, nothing of it is markup. */
void markdown_text(struct buf *out, const char *s);

#endif
