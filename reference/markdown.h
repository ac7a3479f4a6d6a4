/* The pages docs/checks.md and docs/kinds.md, which the program prints. */
#ifndef REFERENCE_MARKDOWN_H
#define REFERENCE_MARKDOWN_H

/* Text for a paragraph or a cell: on one line, nothing of it is markup. */
void markdown_text(const char *s);

#endif
