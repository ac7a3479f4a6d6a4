/* A page of NIST as somebody saved it, any bytes. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "report/judge/cmvp_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cmvp_page page;
	struct fault f = { 0 };

	if (cmvp_page_read(&page, data, size, NULL, "page", &f) == -1) {
		assert(f.text[0] != '\0');
		return 0;
	}
	/* what is taken says of what and how it is */
	assert(page.n > 0);
	for (size_t i = 0; i < page.n; i++) {
		assert(page.entries[i].status != NULL);
		assert(page.kind == CMVP_IN_PROCESS ||
		       page.entries[i].certificate != NULL);
	}
	cmvp_page_free(&page);
	return 0;
}
