/*
 * JSON written piece by piece: a fleet's tree would be larger than its text.
 * Faults stick in the buffer and are told at the end.
 */
#ifndef REPORT_FORMAT_JSON_PEN_H
#define REPORT_FORMAT_JSON_PEN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fault.h"

struct json_pen {
	struct buf *out;  /* borrowed */
	struct buf clean; /* scratch */
	size_t start;	  /* of out, before anything was written */
	bool more;	  /* something stands before, in the same brackets */
};

void json_pen_begin(struct json_pen *w, struct buf *out);

/* A line end; -1 with the fault, and out as it was before json_pen_begin().
 * what: for the fault, "JSON report". Frees what the pen owns. */
MUST_USE int json_pen_end(
    struct json_pen *w, const char *what, struct fault *f);

void json_pen_open(struct json_pen *w, char bracket);  /* '{' or '[' */
void json_pen_close(struct json_pen *w, char bracket); /* '}' or ']' */

/* The name of the member that is written next. */
void json_pen_key(struct json_pen *w, const char *name);

/* A value: a text made fit for JSON (text_clean), NULL: null. */
void json_pen_text(struct json_pen *w, const char *s);
void json_pen_textf(struct json_pen *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void json_pen_number(struct json_pen *w, long long n);
/* What is JSON already: true, 0.7, an object. */
void json_pen_raw(struct json_pen *w, const char *json);

/* A member. */
void json_pen_pair(struct json_pen *w, const char *name, const char *value);
void json_pen_count(struct json_pen *w, const char *name, size_t n);
/* The member is an object or a list, which json_pen_close() ends. */
void json_pen_member(struct json_pen *w, const char *name, char bracket);

#endif
