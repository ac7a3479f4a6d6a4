/* Any bytes as a user's catalogue: it is read or refused, naming the file;
 * those compiled in are there in any case, and what was read makes a table. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/judge/catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/exhibit-fuzz-catalog-XXXXXX";
static char path[sizeof(folder) + sizeof("/mine.tsv")];

static void
tidy(void)
{
	(void)unlink(path);
	(void)rmdir(folder);
}

static void
is_whole(const struct catalog *k)
{
	if (k->title == NULL || k->date == NULL || k->nsources == 0 ||
	    k->ncolumns == 0 || k->nrows == 0 ||
	    strlen(k->sha256) != SHA256_HEX - 1)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *c;
	struct fault f = { 0 };
	struct catalogs cs;
	FILE *file;

	if (c == NULL) {
		if ((c = crypto_new(false, &f)) == NULL ||
		    mkdtemp(folder) == NULL)
			abort();
		(void)snprintf(path, sizeof(path), "%s/mine.tsv", folder);
		(void)atexit(tidy);
	}
	if ((file = fopen(path, "we")) == NULL ||
	    fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
	if (catalogs_load(&cs, folder, c, &f) == -1) {
		if (strstr(f.text, "mine.tsv") == NULL)
			abort();
		return 0;
	}
	if (catalogs_find(&cs, "cmvp-status") == NULL ||
	    catalogs_find(&cs, "mine") == NULL)
		abort();
	for (size_t i = 0; i < cs.n; i++)
		is_whole(&cs.list[i]);
	catalogs_free(&cs);
	return 0;
}
