/*
 * What the results of other tools look like, as data: how a document is
 * recognised, where its results are, and which path gives which column. A
 * further tool is a row of this table.
 *
 * A document is JSON, or XML made into JSON: an element with attributes or
 * children is an object in a list under its name, with "@name" for attributes;
 * one with text alone is that text. A list at the top is the member "list".
 */
#ifndef COLLECTOR_SCAP_RESULTS_FORMAT_H
#define COLLECTOR_SCAP_RESULTS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

#define RESULTS_LEVELS 4 /* lists within lists */

/* Where a value is: a path (collector/kit/project.h) of which the first value
 * that is a text or a number counts, from the result, or after each '^' from
 * what holds it. "=text": that text. where: of the list at path the element
 * whose member where[0] is where[1]; the value is its member where[2]. */
struct results_value {
	const char *path;
	const char *where[3];
};

struct results_mark { /* of a document: a value at path, that one or any */
	const char *path, *is;
};

struct results_format {
	const char *name;  /* of the scope: "trivy" */
	const char *title; /* "a Trivy report" */
	struct results_mark marks[3];
	struct results_value scanner, version, time,
	    about;			   /* of the document */
	const char *lists[RESULTS_LEVELS]; /* from the document, each from the
					    * one before; then NULL */
	struct results_value rule, title_of, result, otherwise, severity,
	    target;
	const char *pass, *fail; /* words, with blanks around each */
};

extern const struct results_format results_formats[]; /* ends with name NULL */

/* Does the document have the marks? */
bool results_is(const struct results_format *f, const json_t *doc);

/* What a document that is none of them seems to be, for people; static, or into
 * scratch. */
const char *results_seems(
    const json_t *doc, bool xml, char *scratch, size_t size);

/* The text of a value: chain[0] is the document, chain[depth] what path begins
 * at. NULL: nothing there. A number is written into scratch. */
const char *results_text(const struct results_value *v,
    const json_t *const *chain, size_t depth, char *scratch, size_t size);

#endif
