/* See countersign.h. */
#include "report/package/countersign.h"

#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "report/package/package.h"

struct told {
	char text[512];
};

static void
first_problem(void *ctx, const char *where, const char *what)
{
	struct told *t = ctx;

	if (t->text[0] == '\0')
		(void)snprintf(t->text, sizeof(t->text), "%s: %s", where, what);
}

/* Nobody's name goes under a package that is not whole. */
static int
check(struct crypto *crypto, const char *folder, const struct buf *manifest,
    struct fault *f)
{
	struct signature_info info;
	struct listing files;
	struct told t = { 0 };
	int rc;
	BUF_AUTO(cms, SIGNATURE_MAX);

	rc = package_check_files(folder, crypto, first_problem, &t, &files, f);
	listing_free(&files);
	if (rc == -1)
		return -1;
	if (t.text[0] != '\0')
		return fault(f, FAULT_INTEGRITY, "%s", t.text);
	if (folder_get(folder, PACKAGE_SIGNATURE, &cms, f) == -1)
		return -1;
	return signature_verify(crypto, manifest->p, manifest->len, cms.p,
	    cms.len, NULL, 0, 0, &info, f);
}

/* The first number that no signature has. */
static int
free_number(const char *folder, struct fault *f)
{
	char name[64], path[FOLDER_PATH_MAX];

	for (int n = 2; n <= PACKAGE_SIGNERS_MAX; n++) {
		package_name(name, "signature", n, "p7s");
		if (folder_path(folder, name, path, f) == -1)
			return -1;
		if (access(path, F_OK) == -1)
			return n;
	}
	return fault(f, FAULT_LIMIT, "over %d signatures", PACKAGE_SIGNERS_MAX);
}

static int
sign_as(struct sealing *seal, const char *folder, int n, const char *kind,
    const struct buf *bytes, struct fault *f)
{
	char name[64];
	BUF_AUTO(cms, SIGNATURE_MAX);

	package_name(name, kind, n, "p7s");
	if (seal_sign(seal, bytes, "the package is countersigned", &cms, f) ==
	    -1)
		return -1;
	return folder_put(folder, name, cms.p, cms.len, f);
}

static int
add(struct sealing *seal, const char *folder, const char *role, struct fault *f)
{
	uint8_t digest[SHA384_LEN];
	char name[64], made[UTC_LEN];
	int n;
	BUF_AUTO(manifest, MANIFEST_MAX);
	BUF_AUTO(statement, 4096);

	if (folder_get(folder, PACKAGE_MANIFEST, &manifest, f) == -1 ||
	    check(seal->crypto, folder, &manifest, f) == -1 ||
	    digest_sha384(seal->crypto, manifest.p, manifest.len, digest, f) ==
		-1 ||
	    (n = free_number(folder, f)) == -1)
		return -1;
	seal->clock(seal->ctx, made);
	package_name(name, "statement", n, "json");
	if (package_statement(role, n, made, digest, &statement, f) == -1 ||
	    folder_put(folder, name, statement.p, statement.len, f) == -1 ||
	    sign_as(seal, folder, n, "statement", &statement, f) == -1)
		return -1;
	return sign_as(seal, folder, n, "signature", &manifest, f) == -1 ? -1
									 : n;
}

int
package_countersign(
    const struct countersign_request *q, struct sealing *seal, struct fault *f)
{
	char folder[FOLDER_PATH_MAX];
	int n = -1;

	if (q->role == NULL || (strcmp(q->role, "reviewer") != 0 &&
				   strcmp(q->role, "approver") != 0))
		return fault(f, FAULT_USAGE,
		    "to countersign, say --role reviewer or approver");
	if (folder_new(q->tmp, "exhibit", folder, f) == -1)
		return -1;
	if (package_open(q->path, folder, f) == 0 &&
	    (n = add(seal, folder, q->role, f)) != -1 &&
	    package_pack(folder, q->output, f) == -1)
		n = -1;
	folder_remove(folder);
	return n;
}
