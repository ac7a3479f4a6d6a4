/* See identify.h. The texts are those that recognise/needles.c looks for. */
#include "collector/node/identify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/recognise/recognise.h"

#define PIECE 65536

static void
feed(struct recogniser *r, int fd)
{
	char piece[PIECE];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) == -1)
		return;
	do
		n = read(fd, piece, sizeof(piece));
	while ((n == -1 && errno == EINTR) ||
	       (n > 0 && recognise_feed(r, piece, (size_t)n)));
}

static const struct module_found *
provider_in(const struct recognised *found)
{
	for (size_t i = 0; i < found->nmodules; i++)
		if (strcmp(found->modules[i].module, "openssl") == 0)
			return &found->modules[i];
	return NULL;
}

int
provider_identify(int fd, const char *path, uint64_t size,
    struct provider_identity **out, struct fault *f)
{
	struct recogniser *r = recogniser_new();
	const struct module_found *m;
	int rc = 0;

	*out = NULL;
	if (r == NULL)
		return fault_memory(f);
	recognise_begin(r, path, size);
	feed(r, fd);
	if ((m = provider_in(recognise_end(r))) != NULL) {
		if ((*out = calloc(1, sizeof(**out))) == NULL) {
			rc = fault_memory(f);
		} else {
			memcpy((*out)->name, m->name, sizeof((*out)->name));
			memcpy((*out)->version, m->version,
			    sizeof((*out)->version));
			memcpy((*out)->build, m->build, sizeof((*out)->build));
		}
	}
	recogniser_free(r);
	return rc;
}

_Static_assert(IDENTITY_TEXT_MAX == MODULE_TEXT_MAX, "the same texts");
