/* A page of a Kubernetes list, any bytes, in pieces of any size. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "collector/kube/items.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
on_item(void *ctx, const struct item *item, struct fault *f)
{
	(void)ctx;
	(void)f;
	if (item->len == 0 || item->kept->len == 0)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "?metadata.name", "rules",
		"spec.a.b", "spec[\"a.b\"].c", NULL };
	const char *p = (const char *)data;
	struct keep keep;
	char token[CONTINUE_MAX];
	struct items s;
	struct fault f;
	size_t piece = size > 0 ? data[0] % 7 + 1 : 1, i;

	keep_init(&keep, paths);
	items_init(&s, on_item, NULL, &keep, "fuzz");
	for (i = 0; i < size; i += piece)
		if (items_feed(&s, p + i, size - i < piece ? size - i : piece,
			&f) == -1)
			break;
	if (i >= size)
		may_fail(items_end(&s, NULL, token, &f));
	items_free(&s);
	return 0;
}
