/* Results of a SCAP scanner, any bytes, in two pieces. */
#include <stddef.h>
#include <stdint.h>

#include "collector/scap/scap_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
rule(void *ctx, const struct scap_test *t, const struct scap_rule *r,
    struct fault *f)
{
	(void)ctx;
	(void)t;
	(void)f;
	return r->nidents <= SCAP_IDENTS_MAX ? 0 : -1;
}

static int
test(void *ctx, const struct scap_test *t, struct fault *f)
{
	(void)ctx;
	(void)t;
	(void)f;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct scap_handler h = { rule, test, NULL };
	struct fault f = { 0 };
	struct scap *s = scap_new(&h, &f);

	if (s != NULL && scap_feed(s, data, size / 2, &f) == 0 &&
	    scap_feed(s, data + size / 2, size - size / 2, &f) == 0)
		may_fail(scap_end(s, &f));
	scap_free(s);
	return 0;
}
