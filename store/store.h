/*
 * The evidence store: one append-only SQLite file (schema.sql). It keeps what
 * collectors saw and what checks concluded; it knows no meaning.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/digest.h"
#include "store/merkle.h"
#include "base/observation.h"
#include "base/utc.h"

#define STORE_SCHEMA 2 /* user_version this program reads and writes */

struct store;

enum store_mode {
	STORE_READ,  /* must exist; nothing is written, not even beside it */
	STORE_WRITE, /* must exist */
};

/*
 * Make a new store at path, which must not exist. id names it for ever in
 * checkpoints ([0-9a-z.-], at most 64); now is UTC text. FAULT_USAGE if the
 * path exists.
 */
MUST_USE int store_create(const char *path, const char *id, const char *now,
    struct crypto *c, struct fault *f);

/*
 * Open a store. kinds (borrowed, NULL-terminated) become its views, remade
 * when a writer finds them different. FAULT_ABSENT, FAULT_DENIED; FAULT_USAGE
 * for a file that is no store or of a newer schema. The caller closes.
 */
MUST_USE struct store *store_open(const char *path, enum store_mode mode,
    const struct kind *const *kinds, struct crypto *c, struct fault *f);
void store_close(struct store *st);

/* A second, reading connection to the same file. The caller closes. */
MUST_USE struct store *store_reader(const struct store *st, struct fault *f);

/*
 * Whose clock the times of records are by. now: reads it, or NULL; given: what
 * a time that was given stands in records as ("--now"), or NULL. Borrowed.
 *
 * The order of the log is the order of time. A record whose time is earlier
 * than that of the newest is refused with FAULT_USAGE, unless now() says that
 * it is only late: other work was recorded while its own went on.
 */
struct store_clock {
	void (*now)(void *ctx, char out[UTC_LEN]);
	void *ctx;
	const char *given;
};
void store_set_clock(struct store *st, const struct store_clock *clock);

/* Several records in one transaction, or none of them. */
MUST_USE int store_begin(struct store *st, struct fault *f);
MUST_USE int store_commit(struct store *st, struct fault *f);
void store_rollback(struct store *st);

/* A copy of everything committed, as one file at path, which must not exist,
 * with a view for each kind, for whoever reads it with sqlite3. Equal stores
 * give equal bytes. */
MUST_USE int store_copy(struct store *st, const char *path, struct fault *f);

/* The connection, borrowed. A statement that may name a kind's view is prepared
 * by store_prepare(). */
sqlite3 *store_db(struct store *st);

/*
 * Prepare SQL of the program's own, to be finalised by the caller. A kind's
 * views are made in this connection when a statement first names them, so that
 * the file's own of that name are never read.
 */
MUST_USE int store_prepare(
    struct store *st, const char *sql, sqlite3_stmt **q, struct fault *f);

const char *store_id(const struct store *st); /* borrowed */
const char *store_path(const struct store *st);
const struct kind *const *store_kinds(const struct store *st);

/*
 * Let the kinds' views ("node") and verdict of this connection show the state
 * as of run instead of now. The stock shell does the same with
 * CREATE TEMP VIEW node AS SELECT * FROM node_at WHERE run = N.
 */
MUST_USE int store_as_of(struct store *st, long long run, struct fault *f);

/*
 * store_as_of() for many questions about one state: each kind is copied into
 * this connection's temporary tables when it is first named, and is read there.
 * The view standing has every subject's content and since when. A connection
 * freezes one state only.
 */
MUST_USE int store_freeze(struct store *st, long long run, struct fault *f);
long long store_frozen(const struct store *st); /* that run; 0: none */

/*
 * Append the statements with which the stock sqlite3 shell (3.38) sees the
 * state as of run as checks see it: after store_freeze() and
 * store_mask_unseen(), with the views of every kind that sql names. Nothing of
 * the file is trusted but its tables.
 */
void store_script(
    const struct store *st, const char *sql, long long run, struct buf *out);

/* How many kinds' views of one state a text names: each is taken apart anew for
 * every row of the others, unless the state is frozen. */
size_t store_views_named(const struct store *st, const char *sql);

/* After store_freeze: 1: the state has subjects of the kind (its name), 0:
 * none, -1. */
MUST_USE int store_has_kind(
    struct store *st, const char *kind, struct fault *f);

/* 1: the text names views of kinds, and the frozen state has no subject of any;
 * 0: it names none, or one that is there; -1. */
MUST_USE int store_kinds_absent(
    struct store *st, const char *sql, struct fault *f);

/*
 * After store_freeze: where the newest answer of a scope could not give a kind
 * in full, rows of that kind which it did not see have that gap's outcome and
 * reason, and no columns. They stand because nobody could look, which is no
 * ground for a verdict.
 */
MUST_USE int store_mask_unseen(
    struct store *st, long long run, struct fault *f);

/* The kinds' views again as they were before store_mask_unseen(). 1: some were
 * others, 0: none was, -1. */
MUST_USE int store_unmask(struct store *st, struct fault *f);

/*
 * Let this connection know only the judgements that were in the log before the
 * first one made after when (UTC text): what a reader knew then. A judgement
 * whose clock was set back does not enter the past.
 */
MUST_USE int store_known_at(
    struct store *st, const char *when, struct fault *f);

/* A fault that names the store and what SQLite said. */
int store_fault(struct store *st, const char *doing, struct fault *f);

/* ------------------------------------------------------------ collecting */

struct run;

struct run_begin {	   /* all borrowed */
	const char *began; /* UTC */
	const char *origin, *asked_by, *exhibit;
	const char *plan; /* canonical JSON object: what was asked */
	bool once; /* two observations of one subject that differ are refused */
};

/*
 * Note the attempt durably, then collect into a side table of this
 * connection: other writers are not held up, and a crash leaves only the
 * attempt. Everything enters the store in run_end(), or nothing does.
 */
MUST_USE struct run *run_new(
    struct store *st, const struct run_begin *begin, struct fault *f);

/* Where the collectors put. Borrowed from run. */
struct sink run_sink(struct run *r);

struct run_result {
	long long run;	   /* its number */
	const char *state; /* complete, partial; static */
	long long added, changed, gone, unchanged;
};

/*
 * Merge: contents, changes, absences of what a covered scope no longer has,
 * state root, run record, log leaf; one transaction.
 */
MUST_USE int run_end(
    struct run *r, const char *ended, struct run_result *out, struct fault *f);

/* End it as failed, with why; nothing collected is kept. */
MUST_USE int run_fail(
    struct run *r, const char *ended, const char *why, struct fault *f);

void run_free(struct run *r); /* without an end: stays an open attempt */

/* --------------------------------------------------------------- judging */

struct judgement_begin { /* all borrowed */
	const char *made, *as_of, *profile;
	long long run;
	json_t *checks;	     /* {id: hex SHA-256 of its text} */
	json_t *catalogs;    /* {name: hex SHA-256} */
	json_t *parameters;  /* {name: value} */
	const char *exhibit; /* version and build of who judges; NULL: "" */
};

struct judgement;

/* BEGIN of one judging. Everything enters in judgement_end() or not at all. */
MUST_USE struct judgement *judgement_new(
    struct store *st, const struct judgement_begin *b, struct fault *f);

/* Keep a text (a check, a catalogue) under its digest. */
MUST_USE int judgement_text(
    struct judgement *j, const char *text, size_t len, struct fault *f);

/* The verdict of check_id on the subject. Written only if it differs from the
 * profile's newest. verdict and reason are UTF-8 text. */
MUST_USE int judgement_put(struct judgement *j, const char *check_id,
    int64_t subject, const char *verdict, const char *reason, struct fault *f);

/* Subjects of the judged rules that were not put again leave the population.
 * id gets the judgement's number. */
MUST_USE int judgement_end(struct judgement *j, long long *id, struct fault *f);
void judgement_free(struct judgement *j); /* rolls back without an end */

/* -------------------------------------------------------------- retention */

struct retain_request {	      /* all borrowed */
	const char *made;     /* UTC */
	const char *cut;      /* UTC: what no state needs from then on goes */
	const char *asked;    /* as the user said it: "3y" */
	const char *asked_by; /* who */
};

struct retain_result {
	long long run;	    /* the newest that had ended at the cut; 0: none */
	long long contents; /* that go */
	long long bytes;    /* of them */
};

/*
 * Drop the bytes of observations, provenance, coverage and verdicts that no
 * state as of the cut or later needs; their digests, and the texts of checks
 * and catalogues, stay. Log records of type "tombstone" list what went, all in
 * one transaction. A reading store only counts. The space is given back by
 * store_compact(), which leaves the old file or the new one.
 */
MUST_USE int store_retain(struct store *st, const struct retain_request *r,
    struct retain_result *out, struct fault *f);
MUST_USE int store_compact(struct store *st, struct fault *f);

/*
 * 1 if bytes that the state as of run, its coverage or the verdicts of the
 * judgement (0: none) consist of were dropped; on gets the day, as in
 * 2029-01-05. 0: all are there.
 */
MUST_USE int store_dropped(struct store *st, long long run, long long judgement,
    char on[UTC_LEN], struct fault *f);

/*
 * Did the log, before record, drop bytes on that day (as in 2029-01-05) that
 * the state as of run or its coverage consist of, whether or not they are back?
 * 1, 0 or -1.
 */
MUST_USE int store_dropped_on(struct store *st, long long run, long long record,
    const char *day, struct fault *f);

/* 1 and the newest cut of all retention there was, or 0. */
MUST_USE int store_cut(struct store *st, char cut[UTC_LEN], struct fault *f);

/* ------------------------------------------------------- log, checkpoint */

/* Append one leaf. body: canonical JSON object with "type". In a transaction
 * of its own unless one is open. seq (may be NULL) gets its index. */
MUST_USE int log_append(struct store *st, const char *type, const char *body,
    size_t len, long long *seq, struct fault *f);

struct log_head {
	long long size;
	uint8_t root[SHA256_LEN];
};

MUST_USE int log_head(struct store *st, struct log_head *out, struct fault *f);

/* Root of the first size leaves. FAULT_INTEGRITY if the log is shorter. */
MUST_USE int log_root_at(struct store *st, long long size,
    uint8_t root[SHA256_LEN], struct fault *f);

/* The audit path of entry seq in the log of size entries (RFC 6962 section
 * 2.1.1), and the proof that the first entries are its beginning (2.1.2).
 * FAULT_USAGE: no such entry; FAULT_INTEGRITY: the log is shorter. */
MUST_USE int log_inclusion(struct store *st, long long seq, long long size,
    struct merkle_path *path, struct fault *f);
MUST_USE int log_consistency(struct store *st, long long first,
    long long second, struct merkle_path *path, struct fault *f);

/* The C2SP checkpoint text for a head: "exhibit/ID\nsize\nbase64 root\n". */
MUST_USE int checkpoint_note(const struct store *st,
    const struct log_head *head, struct buf *note, struct fault *f);

/* Read a checkpoint text. FAULT_FORMAT. origin gets at most 128 bytes. */
#define CHECKPOINT_ORIGIN_MAX 128
MUST_USE int checkpoint_parse(const char *note, size_t len,
    char origin[CHECKPOINT_ORIGIN_MAX], struct log_head *head, struct fault *f);

/* Keep a checkpoint; cms is detached CMS over note, or NULL; tst an RFC 3161
 * token over note, or NULL. */
MUST_USE int checkpoint_put(struct store *st, const char *made,
    const struct log_head *head, const char *note, const void *cms,
    size_t cms_len, const void *tst, size_t tst_len, struct fault *f);

/* -------------------------------------------------------------- verifying */

struct verifier {
	/* Told each thing that is wrong: where ("run 12", "content 7") and
	 * what. Never returns an error: verifying goes on. */
	void (*problem)(void *ctx, const char *where, const char *what);
	/* Judge a checkpoint's signature; NULL: not judged. 0, or -1. */
	int (*signature)(void *ctx, const char *note, size_t note_len,
	    const void *cms, size_t cms_len, struct fault *f);
	void *ctx;
	/* Told what nothing proves wrong and a reader must know all the same:
	 * times that contradict each other. NULL: only counted. */
	void (*doubt)(void *ctx, const char *where, const char *what);
};

struct verify_counts {
	long long contents, subjects, changes, runs, leaves, checkpoints,
	    signatures, judgements, dropped, problems, doubts;
	/* entries of the log under a checkpoint whose signature holds */
	long long covered;
	bool foreign; /* another build wrote last: views were not compared */
};

/*
 * Recompute everything: digests, names, log and state roots of every run,
 * every projection column against the bytes that were hashed, the schema's
 * own triggers. Memory is flat. -1 only when the store cannot be read at all;
 * what is wrong goes to problem().
 */
MUST_USE int store_verify(struct store *st, const struct verifier *v,
    struct verify_counts *out, struct fault *f);

#endif
