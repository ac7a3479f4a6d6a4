/* dpkg status and rpm answers, any bytes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/node/node_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
each(void *ctx, const struct package *p, struct fault *f)
{
	(void)ctx;
	(void)f;
	(void)package_matters(p->name);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct fault f;

	may_fail(dpkg_read(text, each, NULL, &f));
	may_fail(rpm_read(text, each, NULL, &f));
	return 0;
}
