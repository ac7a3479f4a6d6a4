/* The fixed parts of a ZIP, shared by its reader and its writer. */
#ifndef REPORT_PACKAGE_ZIP_FORMAT_H
#define REPORT_PACKAGE_ZIP_FORMAT_H

#include <stdint.h>

#define LOCAL_LEN 30   /* APPNOTE 4.3.7, without the name */
#define CENTRAL_LEN 46 /* 4.3.12, without the name */
#define END_LEN 22     /* 4.3.16, without a comment */

#define LOCAL_SIGNATURE 0x04034b50u
#define CENTRAL_SIGNATURE 0x02014b50u
#define END_SIGNATURE 0x06054b50u

#define METHOD_STORED 0
#define METHOD_DEFLATED 8
#define VERSION_NEEDED 20
#define DOS_TIME 0x0000
#define DOS_DATE 0x0021 /* 1980-01-01 */

#define ZIP_CHUNK (64 * 1024)

static inline void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v & 0xff);
	p[1] = (uint8_t)(v >> 8 & 0xff);
}

static inline void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v & 0xffff);
	put16(p + 2, v >> 16);
}

static inline unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static inline uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)get16(p) | (uint32_t)get16(p + 2) << 16;
}

/*
 * What the central directory has of an entry from "version needed" to "extra
 * length" is what its local header has (4.4): 26 bytes.
 */
#define COMMON_LEN 26
static inline void
put_common(uint8_t *p, unsigned method, uint32_t crc, uint32_t packed,
    uint32_t size, unsigned name_len)
{
	put16(p, VERSION_NEEDED);
	put16(p + 2, 0); /* flags */
	put16(p + 4, method);
	put16(p + 6, DOS_TIME);
	put16(p + 8, DOS_DATE);
	put32(p + 10, crc);
	put32(p + 14, packed);
	put32(p + 18, size);
	put16(p + 22, name_len);
	put16(p + 24, 0); /* extra */
}

#endif
