/* A name of an endpoint, and what is said before TLS: the first byte chooses
 * the protocol. */
#include <stddef.h>
#include <stdint.h>

#include "collector/endpoint/starttls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf reply = { .max = 65536 };
	struct starttls s;
	struct target t;
	struct fault f;

	if (size == 0)
		return 0;
	may_fail(target_read((const char *)data, size, PROTOCOL_TLS, &t, &f));
	starttls_init(&s, (enum protocol)(data[0] % (PROTOCOL_SSH + 1)));
	if (starttls_take(&s, NULL, 0, &reply) == STARTTLS_MORE)
		(void)starttls_take(&s, data + 1, size - 1, &reply);
	starttls_free(&s);
	buf_free(&reply);
	return 0;
}
