/* The short files: crypto policy, /proc/crypto, GODEBUG, pkcs11.txt, provider
 * list. */
#include <stddef.h>
#include <stdint.h>

#include "collector/node/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
failed(void *ctx, struct span driver)
{
	(void)ctx;
	(void)driver;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	char policy[POLICY_MAX];
	struct span v;
	struct fault f;

	may_fail(policy_read(text, policy, &f));
	may_fail(proc_crypto(text, failed, NULL, &f));
	(void)go_fips140(text, &v);
	(void)nss_forced(text);
	json_decref(providers_list(text, &f));
	return 0;
}
