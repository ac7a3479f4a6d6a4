/* A page of a Kubernetes list, any bytes, in pieces of any size. */
#include <stddef.h>
#include <stdint.h>

#include "items.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
on_item(void *ctx, const char *p, size_t len, struct fault *f)
{
	static const char *const keep[] = { "metadata.name", "rules",
		"spec.a.b", NULL };
	BUF_AUTO(out, ITEM_MAX);

	(void)ctx;
	return items_prune(p, len, keep, "fuzz", &out, f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	char token[CONTINUE_MAX];
	struct items s;
	struct fault f;
	size_t piece = size > 0 ? data[0] % 7 + 1 : 1, i;

	items_init(&s, on_item, NULL, "fuzz");
	for (i = 0; i < size; i += piece)
		if (items_feed(&s, p + i, size - i < piece ? size - i : piece,
			&f) == -1)
			break;
	if (i >= size)
		(void)items_end(&s, NULL, token, &f);
	items_free(&s);
	return 0;
}
