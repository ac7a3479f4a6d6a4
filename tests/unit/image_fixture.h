/* Tar streams, ELF files, build information and archives made by hand. */
#ifndef IMAGE_FIXTURE_H
#define IMAGE_FIXTURE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "collector/image/layer.h"

#define MIB ((size_t)1024 * 1024)

static inline void
put_pad(struct buf *b, size_t to)
{
	while (b->len % to != 0)
		buf_putc(b, '\0');
}

/* A ustar header with a right checksum. */
static inline void
tar_head(
    struct buf *b, const char *name, char type, uint64_t size, const char *link)
{
	char h[512] = { 0 }, octal[32];
	unsigned sum = 0;

	memcpy(h, name, strnlen(name, 100));
	memcpy(h + 100, "0000644\0000000000\0000000000", 24);
	(void)snprintf(
	    octal, sizeof(octal), "%011llo", (unsigned long long)size);
	memcpy(h + 124, octal, 11);
	memcpy(h + 136, "00000000000", 12);
	h[156] = type;
	memcpy(h + 157, link, strnlen(link, 100));
	memcpy(h + 257, "ustar\00000", 8);
	memset(h + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)h[i];
	(void)snprintf(h + 148, 8, "%06o", sum);
	buf_put(b, h, sizeof(h));
}

static inline void
tar_file(struct buf *b, const char *name, const void *p, size_t len)
{
	tar_head(b, name, '0', len, "");
	buf_put(b, p, len);
	put_pad(b, 512);
}

static inline void
tar_text(struct buf *b, const char *name, const char *text)
{
	tar_file(b, name, text, strlen(text));
}

static inline void
tar_link(struct buf *b, const char *name, char type, const char *target)
{
	tar_head(b, name, type, 0, target);
}

static inline void
tar_folder(struct buf *b, const char *name)
{
	tar_head(b, name, '5', 0, "");
}

static inline void
tar_close(struct buf *b)
{
	static const char zeros[1024];

	buf_put(b, zeros, sizeof(zeros));
}

static inline void
put_le(struct buf *b, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_putc(b, (char)(i < 8 ? v >> (8 * i) : 0));
}

/*
 * A shared object of 64 bits: soname (or NULL), what it needs (ends with
 * NULL), and bytes behind. late: its strings stand behind the dynamic
 * section.
 */
static inline void
elf_make(struct buf *b, const char *soname, const char *const *needed,
    const void *more, size_t len, int late)
{
	struct buf strings = { .max = MIB }, dynamic = { .max = MIB };
	uint64_t at = 64 + 3 * 56, strings_at, dynamic_at, size;

	buf_putc(&strings, '\0');
	for (; *needed != NULL; needed++) {
		put_le(&dynamic, 1, 8);
		put_le(&dynamic, strings.len, 8);
		buf_put(&strings, *needed, strlen(*needed) + 1);
	}
	if (soname != NULL) {
		put_le(&dynamic, 14, 8);
		put_le(&dynamic, strings.len, 8);
		buf_put(&strings, soname, strlen(soname) + 1);
	}
	buf_put(&strings, "OSSL_provider_init", 19);
	put_pad(&strings, 8);
	size = dynamic.len + 3 * 16;
	strings_at = late ? at + size : at;
	dynamic_at = late ? at : at + strings.len;
	put_le(&dynamic, 5, 8);
	put_le(&dynamic, 0x1000 + strings_at, 8);
	put_le(&dynamic, 10, 8);
	put_le(&dynamic, strings.len, 8);
	put_le(&dynamic, 0, 16);

	buf_put(b, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
	put_le(b, 3, 2); /* ET_DYN */
	put_le(b, 62, 2);
	put_le(b, 1, 4);
	put_le(b, 0, 8);
	put_le(b, 64, 8); /* program headers */
	put_le(b, 0, 8);
	put_le(b, 0, 4);
	put_le(b, 64, 2);
	put_le(b, 56, 2);
	put_le(b, 2, 2);
	put_le(b, 0, 6);
	put_le(b, 1, 4); /* PT_LOAD of it all, at 0x1000 */
	put_le(b, 5, 4);
	put_le(b, 0, 8);
	put_le(b, 0x1000, 8);
	put_le(b, 0x1000, 8);
	put_le(b, at + strings.len + size + len, 8);
	put_le(b, at + strings.len + size + len, 8);
	put_le(b, 0x1000, 8);
	put_le(b, 2, 4); /* PT_DYNAMIC */
	put_le(b, 6, 4);
	put_le(b, dynamic_at, 8);
	put_le(b, 0x1000 + dynamic_at, 8);
	put_le(b, 0x1000 + dynamic_at, 8);
	put_le(b, size, 8);
	put_le(b, size, 8);
	put_le(b, 8, 8);
	while (b->len < at)
		buf_putc(b, '\0');
	if (late)
		buf_put(b, dynamic.p, dynamic.len);
	buf_put(b, strings.p, strings.len);
	if (!late)
		buf_put(b, dynamic.p, dynamic.len);
	buf_put(b, more, len);
	buf_free(&strings);
	buf_free(&dynamic);
}

static inline void
put_varint_text(struct buf *b, const char *s, size_t len)
{
	size_t v = len;

	while (v > 0x7f) {
		buf_putc(b, (char)(v | 0x80));
		v >>= 7;
	}
	buf_putc(b, (char)v);
	buf_put(b, s, len);
}

/* Go's build information as 1.18 and later link it (debug/buildinfo). */
static inline void
go_make(struct buf *b, const char *version, const char *modules)
{
	struct buf text = { .max = MIB };

	put_pad(b, 16);
	buf_put(b, "\xff Go buildinf:\10\2", 16);
	put_le(b, 0, 16);
	put_varint_text(b, version, strlen(version));
	buf_put(&text,
	    "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6"
	    "\xd6\x18\xe6",
	    16);
	buf_puts(&text, modules);
	buf_put(&text,
	    "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41"
	    "\x16\xd8\xf2",
	    16);
	put_varint_text(b, text.p, text.len);
	buf_free(&text);
}

/* One stored file of a ZIP and its entry of the directory. */
static inline void
zip_add(
    struct buf *zip, struct buf *directory, const char *name, const char *text)
{
	size_t local = zip->len, n = strlen(name), len = strlen(text);

	buf_put(zip, "PK\3\4\12\0\0\0\0\0\0\0\0\0", 14);
	put_le(zip, 0, 4);
	put_le(zip, len, 4);
	put_le(zip, len, 4);
	put_le(zip, n, 2);
	put_le(zip, 0, 2);
	buf_put(zip, name, n);
	buf_put(zip, text, len);
	buf_put(directory, "PK\1\2\12\0\12\0\0\0\0\0\0\0\0\0", 16);
	put_le(directory, 0, 4);
	put_le(directory, len, 4);
	put_le(directory, len, 4);
	put_le(directory, n, 2);
	put_le(directory, 0, 12);
	put_le(directory, local, 4);
	buf_put(directory, name, n);
}

static inline void
zip_close(struct buf *zip, const struct buf *directory, unsigned n)
{
	size_t at = zip->len;

	buf_put(zip, directory->p, directory->len);
	buf_put(zip, "PK\5\6\0\0\0\0", 8);
	put_le(zip, n, 2);
	put_le(zip, n, 2);
	put_le(zip, directory->len, 4);
	put_le(zip, at, 4);
	put_le(zip, 0, 2);
}

#endif
