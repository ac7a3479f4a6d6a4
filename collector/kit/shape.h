/*
 * What an answer must hold, as data. "There is none" may only be concluded
 * from an answer that could have said otherwise: every source declares the
 * shape of its answers, and what breaks it is an error, never an empty list.
 *
 * A shape is a text of words with blanks between. A word is a path, as in
 * project.h, and after '=' what stands there:
 *
 *   .kind=is:PodList .metadata=object .items[]=object
 * .items[].metadata.name=text .nextToken=text?
 * .EventSelectors[]|.AdvancedEventSelectors[]=object
 *
 *   object, list, text (not empty), string, flag, number, any, is:TEXT
 *
 * What names a thing has the form its service promises, or it is no name of
 * one: name (without blanks or markup), arn, key (id, ARN or alias of KMS),
 * account (twelve digits), like:PREFIX ("like:vpc-"), in:A,B (one of these).
 *
 * A path that ends in "[]" is a list that must be there, if need be empty, and
 * the type is that of each entry. '?' at the end: it may be missing or null,
 * but not of another type. Paths with '|' between: one of them at least. What
 * is not named may be there as well: sources grow.
 */
#ifndef COLLECTOR_KIT_SHAPE_H
#define COLLECTOR_KIT_SHAPE_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/json.h"

/* Of what form the values are. XML has texts alone: "true" and digits count as
 * flags and numbers there, and an element with nothing in it as an empty object
 * or list. */
enum shape_form { SHAPE_OF_JSON, SHAPE_OF_XML };

#define SHAPE_WORD_MAX 256 /* bytes of a word */

/*
 * Hold the tree (borrowed) against a shape; NULL: anything will do. -1 with
 * FAULT_FORMAT: what is missing or of another type, and what was found, the
 * same from run to run. what goes before it ("ListKeys").
 */
MUST_USE int shape_check(const char *shape, const json_t *tree,
    enum shape_form form, const char *what, struct fault *f);

/* "an object with message, code", "a string", "nothing": for people, cut and
 * cleaned; never a value. */
#define SHAPE_FOUND_MAX 200
void shape_found(const json_t *v, char out[SHAPE_FOUND_MAX]);

#endif
