/*
 * What flows through exhibit: observations, from a collector to a sink.
 *
 * A kind is a declaration: from it come the SQL view, docs/kinds.md and the
 * least-privilege policy. An observation says what was found under one key of
 * one scope, or why nothing could be found: a refusal is evidence too.
 */
#ifndef BASE_OBSERVATION_H
#define BASE_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"

#define NAME_MAX_LEN 1024	       /* bytes of a scope or a key */
#define BODY_MAX (1024 * 1024)	       /* bytes of one observation */
#define COVERAGE_MAX (8 * 1024 * 1024) /* bytes of one coverage statement */

enum column_type { COLUMN_TEXT, COLUMN_INTEGER, COLUMN_BOOLEAN, COLUMN_JSON };

struct column {
	const char *name; /* in the attributes and in the view */
	enum column_type type;
	const char *from;  /* where it is read: file, call, JSON path */
	const char *about; /* one line */
};

struct kind {
	const char *name; /* "node.package"; the view is node_package */
	const char *about;
	const char *key;	      /* what its keys name */
	const char *permission;	      /* least privilege needed to read it */
	const struct column *columns; /* ends with name NULL */
};

/* The SQL name of a kind: its dots as underscores. out holds NAME bytes. */
#define KIND_VIEW_MAX 64
void kind_view(const struct kind *k, char out[KIND_VIEW_MAX]);

const struct column *kind_column(const struct kind *k, const char *name);

enum outcome {
	OUTCOME_OBSERVED,
	OUTCOME_ABSENT,	     /* asked, and it is not there */
	OUTCOME_DENIED,	     /* asked, and refused */
	OUTCOME_UNREACHABLE, /* no answer */
	OUTCOME_ERROR	     /* an answer we could not read, or too large */
};

const char *outcome_name(enum outcome o);
int outcome_of_name(const char *s, enum outcome *o); /* -1: not one */

/* What a failed reading is as evidence. */
enum outcome outcome_of_fault(const struct fault *f);

struct observation { /* borrowed for the duration of put() */
	const char *kind, *scope, *key;
	enum outcome outcome;
	/* Canonical JSON {"attributes":{…},"outcome":"observed"} or
	 * {"outcome":"denied","reason":"…"}: the bytes that are stored. */
	const char *body;
	size_t body_len;
	/* Canonical JSON: collector, source, and status or request id. */
	const char *provenance;
	size_t provenance_len;
};

/*
 * How completely one collector answered for one scope. Absence of what was
 * there before is only concluded for a kind whose scope is covered: outcome
 * observed, and the kind not among the gaps.
 */
struct coverage {
	const char *collector, *scope;
	/* Canonical JSON: calls, collector, denied, gaps, kinds, outcome,
	 * reason, scope, subjects. Stable from run to run while all is well. */
	const char *body;
	size_t body_len;
};

/* Where answers go. Both copy what they keep; -1 with a fault ends the run. */
struct sink {
	int (*put)(void *ctx, const struct observation *, struct fault *);
	int (*cover)(void *ctx, const struct coverage *, struct fault *);
	void *ctx;
};

/*
 * A collector's pen for one scope: it makes the bytes, refuses columns that
 * are not declared, and counts for the coverage statement.
 */
struct emitter {
	const struct sink *sink;	 /* borrowed */
	const struct kind *const *kinds; /* borrowed; what the collector asks */
	const char *collector;		 /* borrowed, "node" */
	const char *scope;		 /* borrowed, "host/web-1" */
	long long calls, denied, subjects;
	json_t *gaps;		     /* owned */
	json_t *not_asked;	     /* owned; names of kinds */
	struct buf body, provenance; /* owned; of the last observation */
};

MUST_USE int emitter_init(struct emitter *e, const struct sink *sink,
    const struct kind *const *kinds, const char *collector, const char *scope,
    struct fault *f);
void emitter_free(struct emitter *e);

/* Emit the columns in a (declared ones only) under key. source says what was
 * read: a path, a command or a call; it goes into the provenance. */
MUST_USE int emit_observed(struct emitter *e, const struct kind *k,
    const char *key, const struct attrs *a, const char *source,
    struct fault *f);

/* Emit that key could not be observed. reason must not vary from run to run
 * while the cause is the same (no times, no request ids). */
MUST_USE int emit_outcome(struct emitter *e, const struct kind *k,
    const char *key, enum outcome outcome, const char *reason,
    const char *source, struct fault *f);

/*
 * Note that the kind as a whole was not answered in full in this scope.
 * OUTCOME_ABSENT: it was not asked (a mounted image has no metadata service);
 * the coverage statement then does not speak of the kind at all.
 */
MUST_USE int emit_gap(struct emitter *e, const struct kind *k,
    enum outcome outcome, const char *reason, struct fault *f);

/* End the scope. OUTCOME_OBSERVED: it answered, but for the gaps noted. */
MUST_USE int emit_coverage(struct emitter *e, enum outcome outcome,
    const char *reason, struct fault *f);

/*
 * NDJSON: one canonical object a line, {"coverage":…} or {"key","kind",
 * "observation","provenance","scope"}. A sink that hands each line, with its
 * newline, to write().
 */
struct ndjson {
	int (*write)(void *ctx, const char *p, size_t len, struct fault *);
	void *ctx;
};

struct sink ndjson_sink(struct ndjson *n);

/* Read one line back (without its newline) and pass it on, checked as
 * strictly as the emitter does. kinds: every kind known, NULL-terminated. */
MUST_USE int ndjson_line(const char *p, size_t len,
    const struct kind *const *kinds, const struct sink *sink, struct fault *f);

#endif
