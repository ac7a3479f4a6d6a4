/* Any bytes as a bundle. What is read is whole in itself; what is not gets a
 * reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/package/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct crypto *c; /* a library context is slow to make */
	struct signature_info who;
	struct bundle b;
	struct fault f = { 0 };

	if (c == NULL && (c = crypto_new(false, &f)) == NULL)
		abort();
	if (bundle_read(c, (const char *)p, len, &b, &f) == -1) {
		if (f.text[0] == '\0' ||
		    (f.kind != FAULT_FORMAT && f.kind != FAULT_INTEGRITY &&
			f.kind != FAULT_LIMIT))
			abort();
		return 0;
	}
	if (!bundle_origin_ok(b.origin) || strlen(b.id) != 32 ||
	    b.record.len + b.body.len >= len || b.cms.len == 0 ||
	    (const uint8_t *)b.record.p != p)
		abort();
	may_fail(bundle_verify(&b, c, NULL, 0, 0, &who, &f));
	bundle_free(&b);
	return 0;
}
