/* The page on paper. */
#ifndef REPORT_PAGE_PDF_H
#define REPORT_PAGE_PDF_H

#include "base/buf.h"
#include "base/fault.h"

/*
 * Print a page to PDF with what is installed: Chromium or Chrome, else
 * WeasyPrint, in a folder of its own in tmp. FAULT_ABSENT, naming them, if
 * there is none; FAULT_IO if it gives no PDF.
 */
MUST_USE int page_pdf(
    const struct buf *html, const char *tmp, struct buf *pdf, struct fault *f);

#endif
