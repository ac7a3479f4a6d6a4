/*
 * An answer of AWS, read as its bytes come: each thing of the call's list is
 * handed on alone, so that memory does not grow with the page; what stands
 * around it (tokens, flags) is kept. XML and JSON give the same tree: see
 * aws_call.h for how lists are told in XML.
 *
 * XML is read by libxml2's SAX2 interface without DTD, entities or network.
 * JSON is kept whole up to ANSWER_JSON_MAX; AWS's JSON pages are small.
 */
#ifndef COLLECTOR_AWS_CLIENT_ANSWER_H
#define COLLECTOR_AWS_CLIENT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/aws_client/aws_call.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "collector/kit/shape.h"

#define ANSWER_JSON_MAX ((size_t)8 * 1024 * 1024)
#define ANSWER_DEPTH_MAX 64
#define ANSWER_WEIGHT_MAX                                                      \
	((size_t)8 * 1024 * 1024) /* of one item, or of                        \
				     what is around them */
#define ANSWER_NAME_MAX 128
#define ANSWER_LISTS_MAX 64 /* names */
#define ANSWER_STEPS_MAX 8  /* of the items' path */

struct answer_sink {
	/* One item; v is borrowed. -1 ends the reading with that fault. */
	int (*item)(void *ctx, json_t *v, struct fault *);
	void *ctx;
};

struct aws_answer;

/* call and sink are borrowed. NULL with a fault. */
MUST_USE struct aws_answer *aws_answer_new(const struct aws_call *call,
    const struct answer_sink *sink, struct fault *f);
void aws_answer_free(struct aws_answer *a);

/* FAULT_FORMAT, FAULT_LIMIT, or what item() said. */
MUST_USE int aws_answer_feed(
    struct aws_answer *a, const char *p, size_t len, struct fault *f);

/* What came is forgotten: the body begins anew. */
void aws_answer_reset(struct aws_answer *a);

/*
 * The body ended. around, borrowed until the next feed or reset, is the tree
 * without the items. When the call has no items, item() got the whole tree.
 * FAULT_FORMAT also when the answer breaks the call's contract (aws_call.h):
 * what was whole in it was handed on all the same. Items are for whoever takes
 * them to hold against call->must: aws_answer_item().
 */
MUST_USE int aws_answer_end(
    struct aws_answer *a, const json_t **around, struct fault *f);

/* Does the item hold what the call says it must? -1: FAULT_FORMAT. */
MUST_USE int aws_answer_item(
    const struct aws_call *call, const json_t *item, struct fault *f);

/* How values look in the answers of the call. */
enum shape_form aws_answer_form(const struct aws_call *call);

/* Error codes and messages in bodies of any of the protocols; code is "" when
 * there is none. message is cleaned and cut, for people. */
void aws_answer_error(const char *body, size_t len, char *code,
    size_t code_size, char *message, size_t message_size);

#endif
