/*
 * CSV (RFC 4180) that is safe to open: lines end with CR LF, and no cell of
 * text can act as a formula in a spreadsheet.
 */
#ifndef REPORT_FORMAT_CSV_H
#define REPORT_FORMAT_CSV_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Append one cell, quoted where it must be. A text that starts as a formula
 * does (= + - @ TAB CR, or their full-width forms) gets an apostrophe before
 * it; a number does not. Control characters, which RFC 4180 has no place for,
 * and what is not UTF-8 are shown as \xNN; TAB, CR and LF stay. NULL is an
 * empty cell, an empty text is "".
 */
void csv_text(struct buf *out, const char *p, size_t len);
void csv_number(struct buf *out, const char *p, size_t len);

/* Between cells, and at the end of a line. */
void csv_next(struct buf *out);
void csv_end(struct buf *out);

#endif
