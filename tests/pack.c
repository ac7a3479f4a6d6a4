/*
 * pack zip DIR FILE: a container of whatever is in DIR.
 * pack seal DIR: SHA256SUMS and the manifest again, of what is in DIR.
 * pack list DIR: the manifest alone, whatever SHA256SUMS says.
 * For tests that edit packages as somebody with the keys could.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "package.h"

static void
drop(const char *dir, const char *name)
{
	char path[FOLDER_PATH_MAX];
	struct fault ignored;

	if (folder_path(dir, name, path, &ignored) == 0)
		(void)unlink(path);
}

static int
list(const char *dir, struct crypto *c, struct fault *f)
{
	struct listing l;
	int rc = listing_of(&l, dir, c, f);
	BUF_AUTO(b, MANIFEST_MAX);

	drop(dir, PACKAGE_MANIFEST);
	if (rc == 0) {
		manifest_write(
		    &l, PACKAGE_SIGNATURE, PACKAGE_SIGNATURE_TYPE, &b);
		rc = folder_put(dir, PACKAGE_MANIFEST, b.p, b.len, f);
	}
	listing_free(&l);
	return rc;
}

static int
seal(const char *dir, struct crypto *c, struct fault *f)
{
	BUF_AUTO(b, MANIFEST_MAX);

	drop(dir, "mimetype");
	drop(dir, "SHA256SUMS");
	drop(dir, PACKAGE_MANIFEST);
	return package_seal(dir, c, &b, f);
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	int rc = -1;

	if (c != NULL && argc == 4 && strcmp(argv[1], "zip") == 0)
		rc = package_pack(argv[2], argv[3], &f);
	else if (c != NULL && argc == 3 && strcmp(argv[1], "seal") == 0)
		rc = seal(argv[2], c, &f);
	else if (c != NULL && argc == 3 && strcmp(argv[1], "list") == 0)
		rc = list(argv[2], c, &f);
	crypto_free(c);
	if (rc == -1)
		(void)fprintf(stderr, "pack: %s\n", f.text);
	return rc == 0 ? 0 : 1;
}
