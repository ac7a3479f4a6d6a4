/* os-release(5), any bytes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/node/node_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	BUF_AUTO(out, 1024);

	(void)os_release_value(text, "ID", &out);
	(void)os_release_value(text, "VERSION_ID", &out);
	return 0;
}
