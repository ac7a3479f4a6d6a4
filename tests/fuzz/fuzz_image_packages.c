/* Package databases of images; the first byte says which. */
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/image/package_db.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
each(void *ctx, const struct package *p, struct fault *f)
{
	(void)f;
	*(size_t *)ctx += p->name.len + p->version.len + p->arch.len;
	return 0;
}

/* A database in any of RPM's forms, through a file without a name. */
static void
database(const char *p, size_t size)
{
	struct rpm_file file = { .fd = memfd_create("db", MFD_CLOEXEC) };
	struct fault f;
	uint64_t seen;
	size_t total = 0;

	if (file.fd == -1)
		return;
	if (write(file.fd, p, size) == (ssize_t)size &&
	    rpm_file_of(&file, file.fd, &f) == 0)
		may_fail(rpm_db_read(&file, NULL, each, &total, &seen, &f));
	(void)close(file.fd);
}

static void
paragraphs(enum special special, const char *p, size_t size)
{
	struct package_list l;
	struct fault f;
	size_t half = size / 2;

	if (package_list_begin(&l, &f) == 0 &&
	    package_list_feed(&l, special, p, half, &f) == 0 &&
	    package_list_feed(&l, special, p + half, size - half, &f) == 0)
		may_fail(package_list_end(&l, special, &f));
	package_list_free(&l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data + 1;
	struct fault f;
	size_t total = 0;

	if (size < 1)
		return 0;
	if (data[0] == 'a')
		paragraphs(SPECIAL_APK, p, size - 1);
	else if (data[0] == 'd')
		paragraphs(SPECIAL_DPKG, p, size - 1);
	else if (data[0] == 'b')
		database(p, size - 1);
	else
		may_fail(rpm_header_read(p, size - 1, each, &total, &f));
	return 0;
}
