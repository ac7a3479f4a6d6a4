/* Any bytes as a configuration file, through recognition, reader and kinds. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/kit/collector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
write_nothing(void *ctx, const char *p, size_t len, struct fault *f)
{
	(void)ctx;
	(void)p;
	(void)len;
	(void)f;
	return 0;
}

/* file_write() flushes to the disk, which a fuzzer need not wait for. */
static void
write_input(const char *path, const uint8_t *data, size_t size)
{
	FILE *to = fopen(path, "we");

	if (to == NULL || fwrite(data, 1, size, to) != size || fclose(to) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* making one takes longer than a file */
	struct ndjson n = { write_nothing, NULL };
	struct sink sink = ndjson_sink(&n);
	struct fault f = { 0 };
	char path[64];
	char *operands[] = { path };
	struct request q = { .now = "2026-01-01T00:00:00Z",
		.operands = operands,
		.noperands = 1 };

	(void)snprintf(
	    path, sizeof(path), "/tmp/fuzz-config-%ld", (long)getpid());
	if (crypto == NULL && (crypto = crypto_new(false, &f)) == NULL)
		abort();
	write_input(path, data, size);
	q.crypto = crypto;
	/* what a file says is never a reason to give up */
	if (collector_find("config")->collect(&q, &sink, &f) == -1) {
		(void)fprintf(stderr, "%s\n", f.text);
		abort();
	}
	(void)unlink(path);
	return 0;
}
