/* Filling a model from a store, as of one judgement. */
#ifndef REPORT_MODEL_MODEL_LOAD_H
#define REPORT_MODEL_MODEL_LOAD_H

#include "report/judge/check.h"
#include "report/model/model.h"
#include "store/store.h"

struct model_request {		     /* all borrowed for the call */
	const struct checks *checks; /* as they judged */
	long long judgement;
	const char *made; /* UTC: the report's time; NULL: when it was judged */
	const char *period_from, *period_to; /* UTC, or NULL; see model.h */
	const char *title, *organization, *classification, *fedramp_id;
	const char *accent, *logo, *logo_type; /* or NULL; see model.h */
	const char *basename;
	const char *exhibit; /* version and build */
	const char *module;  /* that hashes and signs; NULL: this program's */
	const char *store;   /* its file's name; NULL: that of the reader */
	const struct model_signer *signer; /* or NULL; copied */
	bool bom;			   /* load what cbom_write() needs */
};

/*
 * Read everything the report says through a reading connection. Its checkpoint
 * is the log up to the judgement, so the same judgement and options give the
 * same report for ever. NULL with a fault; the caller frees.
 */
MUST_USE struct model *model_load(struct store *reader, struct crypto *c,
    const struct model_request *q, struct fault *f);

/* Run the query of every section whose kind is there, as of the model's run
 * and judgement; m has both. Strings go into its arena. */
MUST_USE int model_load_sections(struct store *reader, struct crypto *c,
    const struct catalogs *catalogs, struct model *m, struct fault *f);

/* The modules of the ledger, likewise: the query appendix-q. */
MUST_USE int model_load_modules(struct store *reader, struct crypto *c,
    const struct catalogs *catalogs, struct model *m, struct fault *f);

/* The rows of the query cbom. FAULT_LIMIT: over MODEL_BOM_MAX. */
MUST_USE int model_load_bom(struct store *reader,
    const struct catalogs *catalogs, struct model *m, struct fault *f);

/* Exceptions that were in the log before the judgement's record, what the open
 * ones cover, and a table of all; m has its groups and sections. */
MUST_USE int model_load_exceptions(struct store *reader, struct crypto *c,
    struct model *m, long long record, struct fault *f);

#endif
