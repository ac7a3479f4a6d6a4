/*
 * Proofs that leave the store: one text file, in the manner of C2SP
 * tlog-proof, that shows what a store held to somebody who has no store, only
 * a checkpoint they trust. docs/proofs.md has the format and how to check one
 * with stock tools.
 */
#ifndef STORE_PROOF_H
#define STORE_PROOF_H

#include "store/store.h"
#include "base/utc.h"

#define PROOF_MAX (32 * 1024 * 1024)  /* bytes of one proof */
#define PROOF_ENTRIES_MAX 65536	      /* subjects in one bucket */
#define PROOF_CMS_MAX (1024 * 1024)   /* bytes of a signature in DER */
#define PROOF_RECORD_MAX COVERAGE_MAX /* bytes of a log entry */

enum proof_type {
	PROOF_PRESENT,	  /* the subject had this content as of the run */
	PROOF_ABSENT,	  /* the state as of the run did not hold it */
	PROOF_RECORD,	  /* this entry stands in the log */
	PROOF_CONSISTENCY /* one log is the beginning of the other */
};

/*
 * Append a proof of what the state as of a run (0: the newest that did not
 * fail) held for a subject: its content, or that it was not there. size: of
 * the checkpoint that the reader has kept, or 0: the newest, a signed one if
 * there is any. What was written has been checked with proof_check().
 * FAULT_USAGE: no such run, or it ended after that checkpoint.
 * FAULT_INTEGRITY: the store does not hold what it should.
 */
MUST_USE int proof_subject(struct store *st, const char *kind,
    const char *scope, const char *key, long long run, long long size,
    struct buf *out, struct fault *f);

/* The same of log entry seq. */
MUST_USE int proof_record(struct store *st, long long seq, long long size,
    struct buf *out, struct fault *f);

/* That the first entries of the log are the beginning of the second (0: of
 * the newest checkpoint). */
MUST_USE int proof_consistency(struct store *st, long long first,
    long long second, struct buf *out, struct fault *f);

struct proof_checkpoint {
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	struct slice note; /* its exact bytes; borrowed from the proof */
	struct buf cms;	   /* detached CMS over them; owned, empty: unsigned */
};

/* What a proof proves, if its checkpoint is to be trusted. */
struct proof {
	enum proof_type type;
	/* of a subject */
	char kind[KIND_VIEW_MAX + 1];
	char scope[NAME_MAX_LEN + 1], key[NAME_MAX_LEN + 1];
	long long run;
	char ended[UTC_LEN], state[16]; /* of the run */
	uint8_t sha256[SHA256_LEN];	/* of the content, if present */
	struct slice content; /* borrowed; p NULL: retention dropped it */
	/* of a subject and of an entry */
	long long seq;
	struct slice record; /* borrowed */
	struct proof_checkpoint at;
	/* of consistency: the shorter log; `at` is the longer */
	struct proof_checkpoint first;
};

/*
 * Check a proof without any store: every digest and path from the subject to
 * the checkpoint's root. The signature over the checkpoint's note is the
 * caller's to verify. text is borrowed by *out, which is written on success
 * only; proof_free() frees it. FAULT_FORMAT: not a proof, with the line;
 * FAULT_INTEGRITY: it does not prove what it says; FAULT_LIMIT.
 */
MUST_USE int proof_check(struct crypto *c, const char *text, size_t len,
    struct proof *out, struct fault *f);
void proof_free(struct proof *p);

#endif
