/* A line that is accepted is written again as a line that is accepted and
 * gives the same bytes; one that is refused says why. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kit/collector.h"

#define LINES_MAX (64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "lines", f);
}

static int
again(const char *p, size_t len, struct buf *out, struct fault *f)
{
	struct ndjson n = { append, out };
	const struct sink sink = ndjson_sink(&n);

	return ndjson_line(p, len, kinds, &sink, f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f = { 0 };
	BUF_AUTO(once, LINES_MAX);
	BUF_AUTO(twice, LINES_MAX);

	if (again((const char *)data, size, &once, &f) == -1) {
		if (f.text[0] == '\0')
			abort();
		return 0;
	}
	if (once.len == 0 || once.p[once.len - 1] != '\n' ||
	    memchr(once.p, '\n', once.len) != once.p + once.len - 1)
		abort(); /* one line, and only one */
	if (again(once.p, once.len - 1, &twice, &f) == -1 ||
	    once.len != twice.len || memcmp(once.p, twice.p, once.len) != 0)
		abort();
	return 0;
}
