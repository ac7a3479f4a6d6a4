/*
 * What went wrong, told once, where it happened.
 *
 * Kinds exist only where a caller acts differently; the rest is text. Nothing
 * here allocates, so running out of memory can be told too.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stddef.h>

enum fault_kind {
	FAULT_NONE = 0,
	FAULT_USAGE,	/* the caller asked for something impossible */
	FAULT_ABSENT,	/* the thing asked for does not exist */
	FAULT_DENIED,	/* it may exist, but we may not look */
	FAULT_REMOTE,	/* the other side refused or did not answer */
	FAULT_FORMAT,	/* an answer came, but not one we understand */
	FAULT_LIMIT,	/* larger, deeper or slower than the named maximum */
	FAULT_IO,	/* a file, the database or memory refused */
	FAULT_INTEGRITY /* bytes do not match their digest or signature */
};

#define FAULT_TEXT_MAX 1024

/* Before a function whose result says whether it could be done: a caller that
 * does not look at it does not compile. */
#define MUST_USE __attribute__((warn_unused_result))

struct fault {
	enum fault_kind kind;
	char text[FAULT_TEXT_MAX];
};

/*
 * Fill in f and return -1, so a failing line reads: return fault(f, ...).
 * Control characters in the text are replaced, so that a file name or an
 * answer from outside cannot drive the reader's terminal.
 */
int fault(struct fault *f, enum fault_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* fault() with the kind and the text of errno e appended: "what: text". */
int fault_errno(struct fault *f, int e, const char *what);

/* What makes no difference here: the failure is told by other means. */
static inline void
may_fail(int rc)
{
	(void)rc;
}

#define fault_memory(f) fault((f), FAULT_IO, "out of memory")

#endif
