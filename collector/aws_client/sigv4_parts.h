/* Parts of the canonical request. See sigv4.h. */
#ifndef COLLECTOR_AWS_CLIENT_SIGV4_PARTS_H
#define COLLECTOR_AWS_CLIENT_SIGV4_PARTS_H

#include "collector/aws_client/sigv4.h"

#define AWS4_SECRET_MAX 1024 /* bytes of a secret key */

struct signed_header {
	char *name; /* lower case; owned */
	char *value;
};

struct signed_headers {
	struct signed_header v[SIGV4_HEADERS_MAX];
	size_t n;
	bool failed, full;
};

void signed_headers_add(
    struct signed_headers *h, const char *name, const char *value);
void signed_headers_line(struct signed_headers *h, const char *line);
/* Sort. -1: FAULT_LIMIT or FAULT_IO of any of the additions. */
MUST_USE int signed_headers_done(struct signed_headers *h, struct fault *f);
/* "name:value\n" for each name, values of one name joined; and "a;b". */
void signed_headers_put(
    const struct signed_headers *h, struct buf *out, struct buf *names);
void signed_headers_free(struct signed_headers *h);

/* s3: as it is. Else without dot segments and empty ones, encoded again. */
void sigv4_path(struct buf *out, const char *path, bool s3);

/* Sorted by name, then value; each decoded and encoded anew. */
MUST_USE int sigv4_query(struct buf *out, const char *query, struct fault *f);

#endif
