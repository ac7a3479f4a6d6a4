/*
 * Checks: one SQL file each, with a header an auditor reads. "with: NAME" puts
 * report/queries/with/NAME.sql, a WITH clause that several share, before it. A
 * check ranges over its whole population and gives subject, verdict, reason;
 * what it cannot see it must call unknown. Or it gives codes: see coded.h.
 */
#ifndef REPORT_JUDGE_CHECK_H
#define REPORT_JUDGE_CHECK_H

#include <stddef.h>

#include "base/arena.h"
#include "report/judge/catalog.h"
#include "report/judge/coded.h"
#include "base/digest.h"
#include "report/judge/verdict.h"
#include "store/store.h"

#define CHECK_FILE_MAX (256 * 1024)
#define CHECKS_MAX 1000

struct check {
	const char *id; /* also the file's name without .sql */
	int order;	/* of columns and sections in a report */
	const char *title;
	const char *severity;
	const char *layer; /* short column heading, or NULL */
	const char *rationale, *remediation;
	const char *since;
	const char *const *kinds; /* read by it; the first is its population */
	size_t nkinds;
	const char *const *catalogs; /* names of those it reads */
	size_t ncatalogs;
	const char *const *references;
	size_t nreferences;
	const struct control *controls;
	size_t ncontrols;
	const char *text; /* the whole file, header included */
	size_t len;
	struct coded coded;	 /* what its codes mean, if it gives codes */
	bool builtin;		 /* compiled in: known to run */
	char sha256[SHA256_HEX]; /* of text */
};

struct parameter { /* of a profile; see profile.h */
	const char *name, *value;
};

struct checks {
	struct check *list; /* by order, then id */
	size_t n;
	struct catalogs catalogs; /* what they may read */
	struct parameter *parameters;
	size_t nparameters;
	struct arena *arena; /* owns everything */
};

/*
 * Load the checks compiled in and, if dir is not NULL, the *.sql files there
 * (one with the same id replaces the built-in), and the catalogues, likewise
 * from catalog_dir. FAULT_FORMAT names file and line; a header must have id,
 * title, severity, controls, kinds, rationale, remediation and since, and name
 * catalogues that there are. The profile is "all"; see profile_apply().
 */
MUST_USE int checks_load(struct checks *out, const char *dir,
    const char *catalog_dir, struct crypto *c, struct fault *f);

/* Load the very checks and catalogues a judgement used, from the texts the
 * store kept. */
MUST_USE int checks_load_judged(struct checks *out, struct store *st,
    long long judgement, struct crypto *c, struct fault *f);

/* Append the statement of subject, verdict, reason that is run; sql: the text
 * of the check, or what kept_use() makes of it. */
void check_sql(const struct check *k, const char *sql, struct buf *out);

/* Append what the stock sqlite3 shell runs on a store: that statement, after
 * the tables it reads that no store has. */
#define CHECK_SCRIPT_MAX (4 * 1024 * 1024)
MUST_USE int check_script(const struct checks *cs, const struct check *k,
    struct buf *out, struct fault *f);

void checks_free(struct checks *cs);
const struct check *checks_find(const struct checks *cs, const char *id);

#endif
