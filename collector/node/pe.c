/* See pe.h. */
#include "collector/node/pe.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define DOS_HEADER 64	    /* e_lfanew stands at its end */
#define FILE_HEADER 24	    /* signature and COFF header */
#define SECTION 40	    /* one section header */
#define SECTIONS_MAX 96	    /* of an image, as Windows has it */
#define OFFSET_MAX 0x100000 /* where the headers may begin */

static uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static unsigned
le16(const uint8_t *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static int
read_at(int fd, void *to, size_t len, uint64_t at, struct fault *f)
{
	uint8_t *p = to;

	while (len > 0) {
		ssize_t n = pread(fd, p, len, (off_t)at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, "image");
		if (n == 0)
			return fault(f, FAULT_FORMAT, "image: cut short");
		p += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

static int
read_section(int fd, const uint8_t *header, struct buf *out, struct fault *f)
{
	uint32_t size = le32(header + 8), raw = le32(header + 16),
		 at = le32(header + 20);
	char piece[4096];

	if (size > raw)
		size = raw; /* what is beyond the file is zero */
	if (size > out->max)
		return fault(f, FAULT_LIMIT, ".cmdline: larger than %zu bytes",
		    out->max);
	while (size > 0) {
		size_t n = size < sizeof(piece) ? size : sizeof(piece), text;

		if (read_at(fd, piece, n, at, f) == -1)
			return -1;
		text = strnlen(piece, n);
		buf_put(out, piece, text);
		if (text < n)
			break;
		size -= (uint32_t)n;
		at += (uint32_t)n;
	}
	return buf_done(out, ".cmdline", f);
}

int
pe_cmdline(int fd, struct buf *out, struct fault *f)
{
	uint8_t dos[DOS_HEADER], coff[FILE_HEADER], header[SECTION];
	uint8_t found[SECTION];
	bool any = false;
	uint64_t at;
	unsigned n;

	if (read_at(fd, dos, sizeof(dos), 0, f) == -1)
		return -1;
	at = le32(dos + 60);
	if (memcmp(dos, "MZ", 2) != 0 || at > OFFSET_MAX)
		return fault(f, FAULT_FORMAT, "not a UEFI image");
	if (read_at(fd, coff, sizeof(coff), at, f) == -1)
		return -1;
	n = le16(coff + 6);
	if (memcmp(coff, "PE\0\0", 4) != 0 || n > SECTIONS_MAX)
		return fault(f, FAULT_FORMAT, "not a UEFI image");
	at += FILE_HEADER + le16(coff + 20);
	for (unsigned i = 0; i < n; i++, at += SECTION) {
		if (read_at(fd, header, sizeof(header), at, f) == -1)
			return -1;
		if (memcmp(header, ".profile", 8) == 0)
			return fault(f, FAULT_FORMAT,
			    "image: has profiles, each with a command line");
		if (memcmp(header, ".cmdline", 8) == 0 && !any) {
			(void)memcpy(found, header, sizeof(found));
			any = true;
		}
	}
	return any ? read_section(fd, found, out, f)
		   : fault(f, FAULT_FORMAT, "image: no section .cmdline");
}
