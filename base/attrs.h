/*
 * The columns of one observation under construction, as the canonical text
 * they will be: an object whose members are in the order of their names.
 * Failures stick and are told by attrs_done(), so a collector adds column
 * after column and checks once. Of two with one name the later holds.
 * Strings from outside pass through text_clean() first.
 */
#ifndef BASE_ATTRS_H
#define BASE_ATTRS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"

#define ATTRS_COLUMNS 64	    /* of one kind */
#define ATTRS_MAX ((size_t)1 << 20) /* bytes of all */

struct attr {
	size_t name, name_len; /* where in the text, without its quotes */
	size_t len;	       /* of "name":value, its first quote included */
	json_type type;
};

struct attrs {
	struct buf text; /* owned; members as they came */
	struct attr attr[ATTRS_COLUMNS];
	size_t n;
	struct fault why; /* the first value that has no canonical form */
	bool failed;	  /* no memory */
};

void attrs_init(struct attrs *a);
void attrs_text(struct attrs *a, const char *key, const char *s, size_t len);
void attrs_str(
    struct attrs *a, const char *key, const char *s); /* NULL: null */
void attrs_int(struct attrs *a, const char *key, long long v);
void attrs_bool(struct attrs *a, const char *key, bool v);
void attrs_json(struct attrs *a, const char *key, json_t *v); /* takes v */

/* Was the column left out, or null? */
bool attrs_is_null(const struct attrs *a, const char *key);

/* FAULT_IO: no memory; FAULT_LIMIT, FAULT_FORMAT: as json_canonical(). */
MUST_USE int attrs_done(const struct attrs *a, struct fault *f);

/* Append the canonical object. Call attrs_done() first. */
void attrs_canonical(const struct attrs *a, struct buf *out);

void attrs_free(struct attrs *a);

#define ATTRS_AUTO(name)                                                       \
	__attribute__((cleanup(attrs_free))) struct attrs name;                \
	attrs_init(&name)

#endif
