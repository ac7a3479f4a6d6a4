/*
 * The formats of a report: one row each, one file of functions each. See
 * docs/formats.md for who reads them and what they leave out.
 */
#ifndef REPORT_FORMAT_FORMATS_H
#define REPORT_FORMAT_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

/* What a format says of the verdicts. Unknown is no pass in any of them. */
enum format_results {
	FORMAT_NO_RESULTS, /* none: a plan, a list of modules, counts */
	FORMAT_EVERY,	   /* each verdict of each item */
	FORMAT_CHECKS,	   /* each check as a whole: the worst of its items */
	FORMAT_OPEN	   /* only what is not satisfied or unknown */
};

struct format {
	const char *name;      /* of --format */
	const char *extension; /* NULL: no file */
	bool packaged;	       /* in a package too */
	enum format_results results;
	/* Append the document; nothing: there is none to write. The same model
	 * gives the same bytes. NULL: made of the XML or of the store. */
	int (*write)(const struct model *, struct crypto *, struct buf *,
	    struct fault *);
	bool needs_results; /* without one it would read as clean */
};

extern const struct format formats[]; /* in the order of writing */
extern const size_t nformats;

/* The format of that name, or NULL. */
const struct format *format_find(const char *name, size_t len);

#endif
