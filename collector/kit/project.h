/*
 * From the tree of an answer to the columns of a kind: what every collector
 * of APIs shares. A path is a column's source: ".spec.nodeName",
 * ".metadata.labels[\"a/b\"]", and "[]" for each element of a list:
 * ".reservationSet[].instancesSet[]". Names have at most 120 bytes.
 */
#ifndef COLLECTOR_KIT_PROJECT_H
#define COLLECTOR_KIT_PROJECT_H

#include "base/json.h"
#include "base/observation.h"

/* The value at a path without "[]"; borrowed, NULL: nothing there, or no
 * such path. */
const json_t *path_value(const json_t *object, const char *path);

/* path_value() as text, NULL if it is none. */
const char *path_text(const json_t *object, const char *path);

/*
 * Hand every value at path, lists walked in order, to each(); nothing where
 * the tree has nothing. Stops with what each() said when that is not 0. A
 * malformed path has no values.
 */
int path_each(const json_t *object, const char *path,
    int (*each)(void *ctx, const json_t *v), void *ctx);

/*
 * Fill every column of the kind whose source is a path; null where the object
 * has nothing of the column's type there. "true", "false" and digits count as
 * booleans and integers, as answers in XML have no other. A COLUMN_JSON is
 * filled from a path with "[]" alone, with the strings, integers and booleans
 * there: null when there is no list, [] when it is empty. What is deeper is
 * for a kind's own function.
 */
void fill_paths(const struct kind *k, const json_t *object, struct attrs *a);

/*
 * The first column that became null although its path has something, because
 * that is of another type: what was said would look as if it had not been.
 * NULL: none. texts: as in XML, an empty element says nothing.
 */
const struct column *path_lost(const struct kind *k, const json_t *object,
    const struct attrs *a, bool texts);

/* Add to what is being built; a failure sticks in a. put() and add() take v. */
void put(struct attrs *a, json_t *object, const char *name, json_t *v);
void put_text(struct attrs *a, json_t *object, const char *name,
    const char *s); /* NULL: nothing */
void add(struct attrs *a, json_t *list, json_t *v);
void add_text(struct attrs *a, json_t *list, const char *s);

int text_order(const void *a, const void *b); /* of const char * */

#endif
