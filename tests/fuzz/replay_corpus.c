/*
 * Every file of a folder through the fuzz target, once: what a fuzzer found
 * stays found, with any compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define INPUT_MAX (4 * 1024 * 1024)
#define PATH_LEN_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The name of the input at hand, for a sanitizer's report. */
static char path[PATH_LEN_MAX];

static int
not_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int
replay(const char *folder, const char *name)
{
	struct fault f;
	BUF_AUTO(input, INPUT_MAX);
	uint8_t *exact;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_read(path, &input, &f) == -1) {
		(void)fprintf(stderr, "replay: %s\n", f.text);
		return -1;
	}
	/* of exactly its size, so that one byte too far is seen */
	if ((exact = malloc(input.len > 0 ? input.len : 1)) == NULL)
		return -1;
	if (input.len > 0)
		memcpy(exact, input.p, input.len);
	(void)fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(exact, input.len);
	free(exact);
	return 0;
}

int
main(int argc, char **argv)
{
	struct dirent **names;
	int n, rc = 0;

	if (argc != 2 ||
	    (n = scandir(argv[1], &names, not_hidden, alphasort)) < 1) {
		(void)fprintf(stderr, "usage: replay FOLDER (with inputs)\n");
		return 2;
	}
	for (int i = 0; i < n; i++) {
		if (replay(argv[1], names[i]->d_name) == -1)
			rc = 1;
		free(names[i]);
	}
	free(names);
	return rc;
}
