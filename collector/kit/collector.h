/*
 * What every collector is: a const struct in one table.
 *
 * A collector asks and passes the answers on; checks decide what they mean,
 * even years after the host is gone. It never prints, exits, or reads the
 * environment or the clock: what it needs stands in the request.
 */
#ifndef COLLECTOR_KIT_COLLECTOR_H
#define COLLECTOR_KIT_COLLECTOR_H

#include "base/digest.h"
#include "base/observation.h"
#include "base/text.h"

struct request_option { /* one --name value as given by the user */
	const char *name, *value;
};

struct request {
	struct crypto *crypto; /* borrowed; for digests */
	const char *now;       /* UTC text */
	/* Seconds since 1970 by the host's clock, which now need not be: for
	 * what others compare with theirs (signatures, expiry). 0: as now. */
	long long clock;
	const struct request_option *options;
	size_t noptions;
	char *const *operands; /* what to ask, as given; borrowed */
	size_t noperands;
	/* "NAME=value", ends with NULL: the user's, for what the tools users
	 * have would read from it (AWS_PROFILE, KUBECONFIG). NULL: none. */
	char *const *environment;
	/*
	 * What the store knows already: the first column of each row of a named
	 * query (report/queries), as text that is borrowed for the call. NULL:
	 * there is no store to ask (--emit, --bundle). take() returns -1 with a
	 * fault to stop.
	 */
	int (*known)(void *ctx, const char *query,
	    int (*take)(void *take_ctx, const char *text, struct fault *),
	    void *take_ctx, struct fault *f);
	void *known_ctx;
	/* Texts compiled into the program by their paths, the catalogues
	 * among them; ends with path NULL. NULL: none. */
	const struct text *texts;
	/* Progress for a person, may be NULL; text is one short line. */
	void (*progress)(void *ctx, const char *text);
	void *progress_ctx;
};

/* The last value given for name, or NULL. */
const char *request_get(const struct request *r, const char *name);

/* The value of an environment variable, borrowed, or NULL. */
const char *request_env(const struct request *r, const char *name);

struct collector_option { /* for usage, help and completion */
	const char *name; /* without the dashes */
	const char *arg;  /* what its value is, or NULL: a flag (value "1") */
	const char *about;
};

struct collector {
	const char *name; /* stable: it is written into evidence */
	const char *about;
	const char
	    *operands; /* usage: "HOST[:PORT] ...", or NULL: takes none */
	const struct kind *const *kinds;	/* ends with NULL */
	const struct collector_option *options; /* ends with name NULL */
	/*
	 * Ask, and put what was found. What could not be reached or read is
	 * an observation and a coverage statement, and still success. -1:
	 * the request is impossible (FAULT_USAGE) or the sink failed.
	 */
	int (*collect)(
	    const struct request *, const struct sink *, struct fault *);
};

extern const struct collector *const collectors[]; /* by name, then NULL */
extern const struct kind *const kinds[];	   /* by name, then NULL */

const struct collector *collector_find(const char *name);
const struct kind *kind_find(const char *name);

#endif
