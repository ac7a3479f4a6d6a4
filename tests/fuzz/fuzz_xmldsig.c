/* Any bytes as the XML signature of a fixed content: refused with a reason, or
 * by somebody who is named. */
#include <stdint.h>
#include <stdlib.h>

#include "report/sign/xmldsig.h"

static const char content[] = "report\n";

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct crypto *c; /* a library context is slow to make */
	static struct signature_info info;
	const struct signature_rules rules = { .now = 1790000000 };
	struct fault f = { 0 };
	int rc;

	if (c == NULL && (c = crypto_new(false, &f)) == NULL)
		abort();
	rc = xmldsig_verify(c, "content", content, sizeof(content) - 1, p, len,
	    &rules, &info, &f);
	if (rc == 0 && (info.trusted || info.subject[0] == '\0'))
		abort();
	if (rc == -1 && (f.text[0] == '\0' ||
			    (f.kind != FAULT_FORMAT && f.kind != FAULT_LIMIT &&
				f.kind != FAULT_INTEGRITY)))
		abort();
	return 0;
}
