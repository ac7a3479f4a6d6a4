/* A layer as it comes: compressed or not, tar, and all that is read in it. */
#include <stddef.h>
#include <stdint.h>

#include "collector/image/layer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct layer_want any = { .size = -1 };
	struct fault f;
	struct crypto *c = crypto_new(false, &f);
	struct layers *l = layers_new(c);

	/* twice: what the first leaves is what the second is laid on */
	for (int i = 0; i < 2; i++)
		if (layer_begin(l, &any, &f) == -1 ||
		    layer_feed(l, (const char *)data, size, &f) == -1 ||
		    layer_end(l, &f) == -1)
			break;
	layers_free(l);
	crypto_free(c);
	return 0;
}
