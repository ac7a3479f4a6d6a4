/* The subject that a person names. */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "cli/viewing.h"

struct subject {
	int64_t id;
	const struct kind *kind;  /* NULL: unknown to this version */
	char *name, *scope, *key; /* owned; name is the kind's */
};

/*
 * The subject that what names as of the run looked at: kind:scope:key, a key,
 * a scope. More than one is printed, and refused; so is none. subject_free()
 * also after -1.
 */
MUST_USE int subject_find(
    struct look *l, const char *what, struct subject *s, struct fault *f);
void subject_free(struct subject *s);

#endif
