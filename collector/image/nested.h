/*
 * Archives among the files of an image, and in these archives: ZIP (jar, war,
 * wheel), tar, and what gzip or Zstandard packed. Members pass through as they
 * come and are recognised as files are; nothing is kept whole.
 */
#ifndef COLLECTOR_IMAGE_NESTED_H
#define COLLECTOR_IMAGE_NESTED_H

#include "base/fault.h"
#include "collector/image/facts.h"

#define NESTED_DEPTH_MAX 4	  /* archives within each other */
#define NESTED_MEMBERS_MAX 200000 /* of one file, at every depth */
#define NESTED_BYTES_MAX ((uint64_t)8 * 1024 * 1024 * 1024) /* unpacked */
#define NESTED_HEAD ((size_t)512) /* bytes that tell what a member is */

struct nested_member {
	char *path;	     /* owned; OUTER/MEMBER */
	struct facts *facts; /* counted */
};

struct nested;

struct nested *nested_new(void); /* NULL: memory */
void nested_free(struct nested *n);

/* A file begins: its path is borrowed until the end. head: its first bytes, as
 * many as NESTED_HEAD or all. false: it is no archive that is read. */
bool nested_begin(
    struct nested *n, const char *path, const char *head, size_t len);
/* Its bytes, the first among them. FAULT_FORMAT, FAULT_LIMIT: what is wrong
 * with the archive, of which the members so far stay. */
MUST_USE int nested_feed(
    struct nested *n, const char *p, size_t len, struct fault *f);
MUST_USE int nested_end(struct nested *n, struct fault *f);

/* What was found in the file that began last; borrowed until the next. */
const struct nested_member *nested_found(const struct nested *n, size_t *count);

#endif
