/* Canonical JSON is a fixed point: what was read and written is read and
 * written again as the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define TEXT_LEN_MAX (16 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f = { 0 };
	BUF_AUTO(once, TEXT_LEN_MAX);
	BUF_AUTO(twice, TEXT_LEN_MAX);
	json_t *v = json_read(data, size, "input", &f);

	if (v == NULL) {
		if (f.text[0] == '\0')
			abort();
		return 0;
	}
	if (json_canonical(v, &once, &f) == -1) {
		if (f.text[0] == '\0')
			abort();
		json_decref(v);
		return 0;
	}
	json_decref(v);
	v = json_read(once.p, once.len, "canonical", &f);
	if (v == NULL || json_canonical(v, &twice, &f) == -1 ||
	    once.len != twice.len || memcmp(once.p, twice.p, once.len) != 0)
		abort();
	json_decref(v);
	return 0;
}
