/* What an SSH server may say as far as its host key, and that key. */
#include <stddef.h>
#include <stdint.h>

#include "collector/endpoint/ssh_exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The exchange behind the same bytes, and they as a key alone. */
static void
exchange(const uint8_t *data, size_t size)
{
	struct ssh_exchange x;
	struct ssh_key key = { .bits = 0 };
	struct buf reply = { .max = 1 << 16 };
	size_t half = size / 2;

	ssh_exchange_init(&x, "ssh-rsa", NULL);
	if (ssh_exchange_take(&x, data, half, &reply) == SSH_MORE)
		(void)ssh_exchange_take(&x, data + half, size - half, &reply);
	ssh_exchange_free(&x);
	(void)ssh_key_read(data, size, &key);
	buf_free(&reply);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_reader r;
	size_t half = size / 2;

	ssh_reader_init(&r);
	if (ssh_reader_take(&r, data, half) == SSH_MORE)
		(void)ssh_reader_take(&r, data + half, size - half);
	ssh_reader_free(&r);
	exchange(data, size);
	return 0;
}
