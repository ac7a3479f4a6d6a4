/*
 * A ZIP archive pushed through as it comes, by its local headers (APPNOTE.TXT
 * 6.3.10, 4.3.7): members stored or deflated, without ZIP64 and encryption. The
 * directory at its end is not needed for that, and is not compared.
 */
#ifndef COLLECTOR_IMAGE_ZIP_STREAM_H
#define COLLECTOR_IMAGE_ZIP_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include <zlib.h>

#include "base/fault.h"

#define ZIP_NAME_MAX 1024
#define ZIP_CHUNK ((size_t)32 * 1024)

struct zip_sink {
	/* A member begins; size as its header has it, 0 where it has not. */
	int (*member)(
	    void *ctx, const char *name, uint64_t size, struct fault *f);
	/* Its bytes. *more false: the rest of them is of no interest. */
	int (*data)(
	    void *ctx, const char *p, size_t len, bool *more, struct fault *f);
	int (*end)(void *ctx, struct fault *f);
	void *ctx;
};

struct zip_stream {
	const struct zip_sink *sink; /* borrowed */
	enum {
		ZIP_HEADER,
		ZIP_NAME,
		ZIP_EXTRA,
		ZIP_DATA,
		ZIP_TRAILER,
		ZIP_DONE
	} state;
	char head[30];
	size_t filled; /* of head, name or trailer */
	char name[ZIP_NAME_MAX + 1];
	size_t name_len, extra;
	unsigned flags, method;
	uint64_t left; /* packed bytes of the member to come */
	bool wanted;
	z_stream z;
	bool z_open;
	char chunk[ZIP_CHUNK];
};

void zip_stream_init(struct zip_stream *z, const struct zip_sink *sink);
void zip_stream_free(struct zip_stream *z);

/* FAULT_FORMAT, FAULT_LIMIT, or what the sink said. */
MUST_USE int zip_stream_feed(
    struct zip_stream *z, const char *p, size_t len, struct fault *f);
/* FAULT_FORMAT: in the middle of a member. */
MUST_USE int zip_stream_end(const struct zip_stream *z, struct fault *f);

#endif
