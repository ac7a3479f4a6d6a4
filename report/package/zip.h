/*
 * ZIP as the package needs it (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and
 * 4.3.16), and nothing more.
 *
 * The writer is deterministic: the same names and contents in the same order
 * give the same bytes. No time, no extra field, no data descriptor, no
 * comment, no ZIP64. The reader takes exactly what such a writer writes, so
 * that no two unpackers can understand a package differently.
 */
#ifndef REPORT_PACKAGE_ZIP_H
#define REPORT_PACKAGE_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"

#define ZIP_ENTRIES_MAX 10000
#define ZIP_NAME_MAX 200	   /* bytes */
#define ZIP_FILE_MAX 0xfffffffeULL /* bytes: above, ZIP64 would be needed */
#define ZIP_UNPACKED_MAX 0x400000000ULL /* bytes of all entries together */
/* An entry above ZIP_RATIO_FROM may unpack to so many times its size. zlib
 * cannot pass 1032. */
#define ZIP_RATIO_MAX 200
#define ZIP_RATIO_FROM (1024 * 1024)

/*
 * Is it a name a package may hold: relative, of A-Z a-z 0-9 . _ - and single
 * slashes between parts, none of which is "." or ".."? NULL, or why not.
 */
const char *zip_name_refused(const char *name, size_t len);

/* --------------------------------------------------------------- writing */

struct zip_writer;

/* Write to fd (borrowed) from its current offset on, which must be 0; name is
 * for messages. NULL: memory. The caller frees. */
MUST_USE struct zip_writer *zip_writer_new(
    int fd, const char *name, struct fault *f);
void zip_writer_free(struct zip_writer *w);

/* The next entry: everything that can be read from fd, or len bytes at p. With
 * store the bytes stand as they are; otherwise they are deflated unless they
 * pack better than ZIP_RATIO_MAX / 2. FAULT_LIMIT: over ZIP_FILE_MAX. */
MUST_USE int zip_add_fd(struct zip_writer *w, const char *entry, int fd,
    bool store, struct fault *f);
MUST_USE int zip_add(struct zip_writer *w, const char *entry, const void *p,
    size_t len, bool store, struct fault *f);

/* The central directory. */
MUST_USE int zip_end(struct zip_writer *w, struct fault *f);

/* --------------------------------------------------------------- reading */

struct zip_entry {
	char name[ZIP_NAME_MAX + 1];
	uint32_t crc, packed, size; /* CRC-32; bytes in the file; unpacked */
	uint16_t method;	    /* 0 stored, 8 deflated */
	uint64_t at;		    /* offset of the local header */
};

struct zip;

/*
 * Read the directory of the ZIP in fd (borrowed, seekable). Local headers and
 * central directory agree field by field, entries follow each other in the
 * same order without gap from the first byte on, and nothing follows the end.
 * FAULT_FORMAT: not a ZIP, or cut off; FAULT_INTEGRITY: it can be read in more
 * than one way, with the entry's name; FAULT_LIMIT. NULL then; the caller
 * frees.
 */
MUST_USE struct zip *zip_open(int fd, const char *name, struct fault *f);
void zip_free(struct zip *z);

size_t zip_count(const struct zip *z);
const struct zip_entry *zip_entry(const struct zip *z, size_t i);
const struct zip_entry *zip_find(const struct zip *z, const char *name);

/*
 * Unpack an entry piece by piece. put returns -1 with a fault to stop.
 * FAULT_INTEGRITY: damaged, of another size than stated, or another CRC; some
 * pieces may have been given by then.
 */
MUST_USE int zip_read(struct zip *z, const struct zip_entry *e,
    int (*put)(void *ctx, const void *p, size_t len, struct fault *), void *ctx,
    struct fault *f);

/* The whole entry, appended within b->max. */
MUST_USE int zip_read_buf(
    struct zip *z, const struct zip_entry *e, struct buf *b, struct fault *f);

#endif
