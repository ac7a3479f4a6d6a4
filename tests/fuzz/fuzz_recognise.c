/* A file of any kind: ELF, build information, archive. The first byte says
 * what it is called and in which pieces it comes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/recognise/recognise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "usr/lib/ossl-modules/fips.so",
		"usr/lib/libcrypto.so.3", "usr/lib/libgnutls.so.30",
		"app/a.jar" };
	struct recogniser *r;
	size_t piece, left = size > 0 ? size - 1 : 0;
	const uint8_t *p = data + 1;

	if (size < 1 || (r = recogniser_new()) == NULL)
		return 0;
	piece = data[0] & 0x80 ? 64 + (size_t)(data[0] & 0x7c) * 16 : left + 1;
	recognise_begin(r, names[data[0] & 3], left);
	while (left > 0) {
		size_t n = left < piece ? left : piece;

		if (!recognise_feed(r, p, n))
			break;
		p += n;
		left -= n;
	}
	(void)recognise_end(r);
	recogniser_free(r);
	return 0;
}
