/* XML answers to trees: see answer.h, which is what callers use. */
#ifndef COLLECTOR_AWS_CLIENT_XML_H
#define COLLECTOR_AWS_CLIENT_XML_H

#include "collector/aws_client/answer.h"

struct answer_lists { /* names that are lists in XML; borrowed bytes */
	struct {
		const char *p;
		size_t len;
	} v[ANSWER_LISTS_MAX];
	size_t n;
};

struct answer_step { /* of the path to the items */
	char name[ANSWER_NAME_MAX];
	bool list, flat;
};

struct answer_shape {
	struct answer_lists lists, flat;
	struct answer_step steps[ANSWER_STEPS_MAX];
	size_t nsteps;
	/* of the root; "" and NULL: any */
	char root[ANSWER_NAME_MAX];
	const char *xmlns;
	char result[ANSWER_NAME_MAX]; /* QUERY: <OpResult> is the tree; "" */
	const char *entry; /* elements of the items' list; NULL: any */
	const char *outer; /* ... of lists on the way there */
	const char *what;
};

/* Read it from a call. -1: FAULT_LIMIT. */
MUST_USE int aws_answer_shape_of(
    struct answer_shape *s, const struct aws_call *call, struct fault *f);
bool aws_answer_is_listed(
    const struct answer_lists *l, const char *name, size_t len);

struct xml_reader;

MUST_USE struct xml_reader *xml_reader_new(const struct answer_shape *shape,
    const struct answer_sink *sink, struct fault *f);
void xml_reader_free(struct xml_reader *x);
MUST_USE int xml_reader_feed(
    struct xml_reader *x, const char *p, size_t len, struct fault *f);
/* The tree without the items: a new reference, or NULL with a fault. */
MUST_USE json_t *xml_reader_end(struct xml_reader *x, struct fault *f);

#endif
