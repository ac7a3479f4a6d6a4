/* References, challenges of registries, and logins: short texts from outside.
 * The first byte says which. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "collector/image/image.h"
#include "collector/image/registry_auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct challenge c;
	struct reference r;
	struct platforms p;
	struct fault f;
	char *text;
	BUF_AUTO(out, REGISTRY_SECRET_MAX);

	if (size < 1 ||
	    (text = strndup((const char *)data + 1, size - 1)) == NULL)
		return 0;
	if (data[0] == 'c')
		(void)challenge_read(&c, text);
	else if (data[0] == 'b')
		(void)base64_read(&out, text, size - 1);
	else if (data[0] == 'p')
		may_fail(platforms_read(&p, text, &f));
	else
		may_fail(reference_read(&r, text, &f));
	free(text);
	return 0;
}
