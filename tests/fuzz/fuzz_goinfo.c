/* Build information of a Go program. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/recognise/goinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct go_found g;

	memset(&g, 0, sizeof(g));
	(void)goinfo_read(&g, (const char *)data, size);
	return 0;
}
