/*
 * What a package holds: its files with their digests, as SHA256SUMS and as the
 * manifest of ASiC-E with CAdES (ETSI EN 319 162-1, schema of EN 319 162
 * "http://uri.etsi.org/02918/v1.2.1#").
 */
#ifndef REPORT_PACKAGE_MANIFEST_H
#define REPORT_PACKAGE_MANIFEST_H

#include "base/arena.h"
#include "base/digest.h"

#define MANIFEST_MAX (16 * 1024 * 1024) /* bytes of one */

struct listed {
	const char *name;
	uint64_t size;
	uint8_t sha256[SHA256_LEN], sha384[SHA384_LEN];
};

struct listing {
	struct listed *list; /* by name, in byte order */
	size_t n, cap;
	struct arena *arena; /* owns the names */
};

/*
 * Every file in the folder and its digests, those in META-INF and mimetype
 * left out. FAULT_FORMAT: a name that no package may hold. The caller frees,
 * on failure too.
 */
MUST_USE int listing_of(
    struct listing *out, const char *folder, struct crypto *c, struct fault *f);

/* One more file of the folder. */
MUST_USE int listing_add(struct listing *l, const char *folder,
    const char *name, struct crypto *c, struct fault *f);
void listing_free(struct listing *l);
const struct listed *listing_find(const struct listing *l, const char *name);

/* As sha256sum(1) writes and checks them; SHA256SUMS itself is left out. */
void sums_write(const struct listing *l, struct buf *out);

/* The manifest of the listing for a signature or a time stamp over itself at
 * uri, of this media type. */
void manifest_write(const struct listing *l, const char *uri,
    const char *mime_type, struct buf *out);

/*
 * Read a manifest that manifest_write() wrote: name and sha384 of each file.
 * FAULT_FORMAT, with the line. The caller frees, on failure too.
 */
MUST_USE int manifest_read(
    const void *p, size_t len, struct listing *out, struct fault *f);

#endif
