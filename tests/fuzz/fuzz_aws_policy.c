/* Any bytes as a policy: refused with a reason, or one shape whose bytes are
 * canonical, whatever it is asked then. */
#include <stdint.h>
#include <stdlib.h>

#include "collector/aws/iam_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const bucket[] = { "arn:aws:s3:::b",
		"arn:aws:s3:::b/*", NULL };
	struct fault f = { 0 };
	BUF_AUTO(out, 16 * IAM_POLICY_MAX);
	json_t *v = iam_policy_read((const char *)data, size, &f);

	if (v == NULL) {
		if (f.text[0] == '\0')
			abort();
		return 0;
	}
	(void)iam_policy_tls(v, "s3:*", bucket);
	if (json_canonical(v, &out, &f) == -1 && f.kind != FAULT_FORMAT)
		abort();
	json_decref(v);
	return 0;
}
