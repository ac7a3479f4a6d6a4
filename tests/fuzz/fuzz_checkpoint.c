/* A checkpoint has one text (C2SP tlog-checkpoint): what is accepted is
 * exactly what would be written for its origin, size and root. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char origin[CHECKPOINT_ORIGIN_MAX], text[512];
	unsigned char root[4 * ((SHA256_LEN + 2) / 3) + 1];
	struct log_head head;
	struct fault f = { 0 };
	int n;

	if (checkpoint_parse((const char *)data, size, origin, &head, &f) ==
	    -1) {
		if (f.kind != FAULT_FORMAT || f.text[0] == '\0')
			abort();
		return 0;
	}
	(void)EVP_EncodeBlock(root, head.root, SHA256_LEN);
	n = snprintf(text, sizeof(text), "%s\n%lld\n%s\n", origin, head.size,
	    (const char *)root);
	if (n < 0 || (size_t)n != size || memcmp(text, data, size) != 0)
		abort();
	return 0;
}
