/* Any bytes as a package's ZIP: an answer, and no entry longer than stated. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/package/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

struct counted {
	uint64_t size, max;
};

static int
count(void *ctx, const void *p, size_t len, struct fault *f)
{
	struct counted *c = ctx;

	(void)p;
	c->size += len;
	if (c->size > c->max)
		abort();
	return c->size > 1024 * 1024 ? fault(f, FAULT_LIMIT, "enough") : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);
	struct fault f = { 0 };
	struct zip *z;

	if (fd == -1 || write(fd, p, len) != (ssize_t)len)
		abort();
	z = zip_open(fd, "zip", &f);
	if (z == NULL && f.text[0] == '\0')
		abort();
	for (size_t i = 0; z != NULL && i < zip_count(z); i++) {
		const struct zip_entry *e = zip_entry(z, i);
		struct counted c = { 0, e->size };

		if (zip_name_refused(e->name, __builtin_strlen(e->name)))
			abort();
		if (zip_read(z, e, count, &c, &f) == 0 && c.size != e->size)
			abort();
	}
	zip_free(z);
	(void)close(fd);
	return 0;
}
