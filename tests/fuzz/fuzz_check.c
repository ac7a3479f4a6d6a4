/* Any bytes as a user's check file: its header is read or refused, naming
 * the file; the checks compiled in are there in any case. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/judge/check.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/exhibit-fuzz-check-XXXXXX";
static char path[sizeof(folder) + sizeof("/mine.sql")];

static void
tidy(void)
{
	(void)unlink(path);
	(void)rmdir(folder);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *c;
	struct fault f = { 0 };
	struct checks checks;
	FILE *file;

	if (c == NULL) {
		if ((c = crypto_new(false, &f)) == NULL ||
		    mkdtemp(folder) == NULL)
			abort();
		(void)snprintf(path, sizeof(path), "%s/mine.sql", folder);
		(void)atexit(tidy);
	}
	if ((file = fopen(path, "we")) == NULL ||
	    fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
	if (checks_load(&checks, folder, NULL, c, &f) == -1) {
		if (strstr(f.text, "mine.sql") == NULL)
			abort();
		return 0;
	}
	if (checks_find(&checks, "node-fips-on") == NULL)
		abort();
	for (size_t i = 0; i < checks.n; i++)
		if (checks.list[i].id == NULL || checks.list[i].title == NULL ||
		    checks.list[i].nkinds == 0)
			abort();
	checks_free(&checks);
	return 0;
}
