/*
 * Of a JSON object only what somebody asked for. What is left out is stepped
 * over, never copied and never parsed; what is kept is for a parser to judge.
 */
#ifndef COLLECTOR_KUBE_PRUNE_H
#define COLLECTOR_KUBE_PRUNE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fault.h"

#define KEEP_MAX 96	   /* names in all paths of one list */
#define PRUNE_DEPTH_MAX 64 /* of an object; deeper ones are refused */

struct keep_name {
	const char *name; /* borrowed from the path */
	size_t len;
	int below, next; /* first name below it, next beside it; 0: none */
	bool whole;	 /* all of it is kept */
	bool there;	 /* only that it is there */
};

struct keep { /* the paths as a tree; node 0 is the object itself */
	struct keep_name name[KEEP_MAX];
	int n;
};

/*
 * paths ends with NULL and is borrowed. "spec" keeps that member whole,
 * "metadata.name" one of metadata, metadata.labels["a.b/c"] one whose name has
 * dots, and where that is a list, of each object in it. "?metadata.name": it
 * becomes true where it is such a name as Kubernetes gives, so that objects
 * that differ in it are alike.
 */
void keep_init(struct keep *k, const char *const *paths);

/*
 * Append to out the object that begins at p with only what k names. Returns
 * how many bytes it has, or 0 where it does not end within len bytes, is no
 * JSON or too deep: out then holds a part of it. That out overflowed is for
 * buf_done() to say.
 */
size_t prune(const struct keep *k, const char *p, size_t len, struct buf *out);

#endif
