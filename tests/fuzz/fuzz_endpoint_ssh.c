/* What an SSH server may say before keys are exchanged. */
#include <stddef.h>
#include <stdint.h>

#include "collector/endpoint/ssh_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_reader r;
	size_t half = size / 2;

	ssh_reader_init(&r);
	if (ssh_reader_take(&r, data, half) == SSH_MORE)
		(void)ssh_reader_take(&r, data + half, size - half);
	ssh_reader_free(&r);
	return 0;
}
