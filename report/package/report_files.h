/* The files of a report: which there are, and making, signing and logging them.
 */
#ifndef REPORT_PACKAGE_REPORT_FILES_H
#define REPORT_PACKAGE_REPORT_FILES_H

#include "report/judge/check.h"
#include "report/model/model.h"
#include "report/sign/seal.h"

#define REPORT_FORMATS "html,xml" /* unless others are asked for */

struct redactor;

struct report_request {	     /* all borrowed; what is NULL is left out */
	const char *base;    /* path without the extension */
	const char *formats; /* names with commas between; see report_formats */
	const char *made;    /* UTC text; NULL: when the judgement was made */
	const char *title;
	const char *organization, *classification;
	const char *fedramp_id;
	const char *accent;    /* "#rrggbb" */
	const char *logo;      /* a PNG or JPEG file */
	const char *templates; /* directory; NULL: those compiled in */
	const char *from, *to; /* a period [from, to), UTC text, or NULL */
	const char *tmp;       /* an existing directory for folders */
	bool xmldsig;	       /* an XML signature, too */
};

/* A judgement, and what a report of it is made of; all borrowed. */
struct judged {
	struct store *st;
	struct store *reader; /* of st, or NULL: one for each call */
	const struct checks *checks;
	long long id;
	size_t counts[VERDICTS]; /* subjects, over all checks */
};

/* What was written; borrowed for the call. */
struct report_written {
	const struct model *model;
	const json_t *files;	 /* [{name, sha256, size}] */
	const char *base, *name; /* name: the last part of base */
	bool is_signed;
	const size_t *counts; /* by verdict */
};

/*
 * Write the files of a report, sign each (if there is a signer), put into the
 * log that it was made, and seal the log. Fills j->counts; written() is told.
 */
MUST_USE int report_write(const struct report_request *q, struct judged *j,
    struct sealing *seal,
    void (*written)(void *ctx, const struct report_written *), void *ctx,
    struct fault *f);

/* One file of a report that has been written. */
enum report_part {
	REPORT_OTHER,	 /* none of ours, or one that cannot be made again */
	REPORT_DOCUMENT, /* OSCAL: holds its own claims */
	REPORT_PAGE,	 /* made of the report's XML */
	REPORT_MODEL,	 /* made of the model */
	REPORT_TABLE	 /* made of the store */
};

/* What the file is, by its extension; base gets the path without it. */
enum report_part report_part_of(const char *path, char *base, size_t size);

/* Make a REPORT_MODEL or a REPORT_TABLE again. st shows the state reported. */
MUST_USE int report_part_write(const char *path, const struct model *m,
    struct store *reader, const struct checks *checks, struct crypto *c,
    struct buf *out, struct fault *f);

/* Every document that a package holds at q->base, naming the signer but
 * unsigned; nothing is logged. redactor NULL: nothing is replaced; else as
 * profile says. */
MUST_USE int report_write_whole(const struct report_request *q,
    struct judged *j, struct sealing *seal, struct redactor *redactor,
    const char *profile, struct fault *f);

#endif
