/*
 * A tar stream, pushed through as it comes: POSIX ustar and pax (IEEE
 * 1003.1-2017, pax), GNU's long names and sparse files (tar manual, "Basic Tar
 * Format"). Everything in it is untrusted: paths come out without a leading
 * slash and without ".." or not at all.
 */
#ifndef COLLECTOR_IMAGE_TAR_STREAM_H
#define COLLECTOR_IMAGE_TAR_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"

#define TAR_NAME_MAX ((size_t)4096)
#define TAR_PAX_MAX ((size_t)256 * 1024) /* bytes of one extended header */
#define TAR_ENTRIES_MAX 4000000

enum tar_type { TAR_FILE, TAR_HARD_LINK, TAR_SYMLINK, TAR_FOLDER, TAR_OTHER };

struct tar_entry { /* borrowed for the call */
	enum tar_type type;
	const char *path; /* "usr/lib/x", "" for the root */
	const char *link; /* as it stands there; of a hard link like path */
	uint64_t size;	  /* bytes of data that follow */
	bool sparse;	  /* data is not the file's bytes in order */
	uint64_t offset;  /* of its data in the stream */
};

struct tar_sink {
	int (*entry)(void *ctx, const struct tar_entry *e, struct fault *f);
	/* Of regular files, in pieces; the first has 512 bytes or all. */
	int (*data)(void *ctx, const char *p, size_t len, struct fault *f);
	int (*end)(void *ctx, struct fault *f); /* of a regular file */
	void *ctx;
};

struct tar {
	const struct tar_sink *sink; /* borrowed */
	enum {
		TAR_HEADER,
		TAR_DATA,
		TAR_META,
		TAR_SPARSE,
		TAR_SKIP,
		TAR_DONE
	} state;
	char block[512];
	size_t filled;		     /* of block */
	uint64_t left;		     /* bytes of data or metadata to come */
	size_t padding;		     /* behind them */
	uint64_t offset;	     /* in the stream */
	char meta;		     /* type of the metadata that is read */
	struct buf text, path, link; /* metadata; names for the next entry */
	uint64_t size;		     /* of the next entry, if has_size */
	bool has_size, sparse, odd;  /* odd: its path is not one we follow */
	struct tar_entry entry;	     /* whose data is passing */
	struct buf clean, clean_link;
	long long entries, passed_over; /* with paths we do not follow */
};

void tar_init(struct tar *t, const struct tar_sink *sink);
void tar_free(struct tar *t);

/* The next bytes, 512 or a multiple but for the last. FAULT_FORMAT,
 * FAULT_LIMIT, or what the sink said. */
MUST_USE int tar_feed(
    struct tar *t, const char *p, size_t len, struct fault *f);

/* The stream ended. FAULT_FORMAT: in the middle of something. */
MUST_USE int tar_end(struct tar *t, struct fault *f);

/* A path without leading "/" and "./", doubled slashes and "." between; false:
 * it holds "..", or is longer than TAR_NAME_MAX. */
bool tar_clean(const char *path, struct buf *out);

#endif
