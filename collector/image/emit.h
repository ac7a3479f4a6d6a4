/* What image_emit() shares between the kinds; see image.h. */
#ifndef COLLECTOR_IMAGE_EMIT_H
#define COLLECTOR_IMAGE_EMIT_H

#include "collector/image/image.h"

#define MODULES_EMITTED_MAX 4096
#define BINARIES_EMITTED_MAX 4096
#define PROGRAMS_EMITTED_MAX 4096
#define EXAMPLES_MAX 16
#define UNREAD_MAX 64

struct found {
	struct overlay *overlay;       /* borrowed */
	const struct image_plan *plan; /* borrowed */
	struct emitter *e;	       /* borrowed */
	json_t *env; /* owned; variables as kept, once the image is told of */
	const char *openssl; /* version of its libcrypto, or "" */
	bool modules_unread, binaries_unread; /* some file could not be told */
	long long programs, plain_programs;   /* all, and those not told of */
	json_t *overrides;		      /* owned; as graph_overrides() */
	bool programs_cut; /* there were more than are kept */
};

/* Fills programs, plain_programs, overrides and programs_cut. */
MUST_USE int emit_programs(struct found *v, struct fault *f);
MUST_USE int emit_packages(struct found *v, struct fault *f);

/* Key of a module at a path: "MODULE:PATH". m: of facts.modules. */
void module_key(struct buf *out, const char *path, const json_t *m);

/* Columns of image.module: which configuration a copy of OpenSSL reads and
 * whether that reaches a FIPS provider; null for whatever else. */
void put_copy(
    struct found *v, struct attrs *a, const char *path, const json_t *module);

/* Columns of image that OpenSSL's configuration gives. env: the image's, as
 * kept, for OPENSSL_CONF. */
MUST_USE int put_openssl(
    struct found *v, struct attrs *a, const json_t *env, struct fault *f);

#endif
