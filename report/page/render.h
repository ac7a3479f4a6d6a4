/*
 * The HTML report: an XSLT of the OSCAL document, and nothing else.
 *
 * The page is one file of well-formed XML syntax HTML5 without script, style
 * attributes or references out of itself. What would break that is refused
 * here, whatever the templates say, so that a replaced template (--templates)
 * cannot let evidence become markup.
 */
#ifndef REPORT_PAGE_RENDER_H
#define REPORT_PAGE_RENDER_H

#include <stddef.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"

#define RENDER_XML_MAX (1024UL * 1024 * 1024) /* bytes of the document */
#define RENDER_TEMPLATE_MAX (1024UL * 1024)   /* bytes of report.xsl, .css */

/*
 * The page is for people: of very long lists it shows the beginning and says
 * how long they are, while the XML stays whole. These many are read into the
 * tree that the templates see.
 */
#define RENDER_SUBJECTS_MAX 40	      /* of one observation */
#define RENDER_RELEVANT_MAX 40	      /* evidence of one observation */
#define RENDER_OBSERVATIONS_MAX 10000 /* in all */
#define RENDER_RESOURCES_MAX 2500     /* evidence in the index */
#define RENDER_POSTURES_MAX 400	      /* rows of the node table */
#define RENDER_ITEMS_MAX 20000	      /* subjects */
#define RENDER_MEMBERS_MAX 40	      /* with one posture that has no row */
#define RENDER_ENTRIES_MAX 1500	      /* totals, gaps, then coverage */
#define RENDER_SCOPES_MAX 200	      /* of one gap */

/*
 * Append the page of the OSCAL document xml to out. templates_dir holds
 * report.xsl and report.css; NULL: those compiled in. c hashes the style
 * sheet for the page's Content-Security-Policy. The same input gives the same
 * bytes. out is as it was on failure.
 */
MUST_USE int render_html(const void *xml, size_t len, const char *templates_dir,
    struct crypto *c, struct buf *out, struct fault *f);

#endif
