/* Archives in archives, and what is in them. The first byte says what the file
 * is called and in which pieces it comes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/image/nested.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "app/a.jar", "app/a.tgz",
		"app/a.gz", "app/a.zst" };
	size_t left = size > 0 ? size - 1 : 0, count;
	const char *p = (const char *)data + 1;
	struct nested *n;
	struct fault f;
	size_t piece;
	int rc = 0;

	if (size < 2 || (n = nested_new()) == NULL)
		return 0;
	piece = data[0] & 0x80 ? 1 + (size_t)(data[0] & 0x7c) * 16 : left;
	if (nested_begin(n, names[data[0] & 3], p,
		left < NESTED_HEAD ? left : NESTED_HEAD)) {
		while (rc == 0 && left > 0) {
			size_t take = left < piece ? left : piece;

			rc = nested_feed(n, p, take, &f);
			p += take;
			left -= take;
		}
		if (rc == 0)
			may_fail(nested_end(n, &f));
		(void)nested_found(n, &count);
	}
	nested_free(n);
	return 0;
}
