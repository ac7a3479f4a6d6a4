/* The kernel command line, any bytes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/node/node_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct span v = { NULL, 0 };

	(void)cmdline_last(text, "fips", &v);
	(void)cmdline_last(text, "boot", &v);
	return 0;
}
