/* exhibit package --countersign. */
#include "cli/countersign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/package/package.h"

int
cli_folder(char out[FOLDER_PATH_MAX], struct fault *f)
{
	const char *tmp = getenv("TMPDIR");

	return folder_new(
	    tmp != NULL && tmp[0] == '/' ? tmp : "/tmp", "exhibit", out, f);
}

static struct zip *
open_zip(const char *path, int *fd, struct fault *f)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd == -1) {
		(void)fault_errno(f, errno, path);
		return NULL;
	}
	return zip_open(*fd, path, f);
}

/* mimetype first and as it is, so that file(1) and others know it. */
static int
check_mimetype(struct zip *z, const char *path, struct fault *f)
{
	const struct zip_entry *e = zip_entry(z, 0);
	BUF_AUTO(text, 256);

	if (strcmp(e->name, "mimetype") != 0 || e->method != 0 ||
	    e->size != sizeof(PACKAGE_MIMETYPE) - 1)
		return fault(f, FAULT_FORMAT,
		    "%s: not a package: its first entry is not mimetype, "
		    "stored",
		    path);
	if (zip_read_buf(z, e, &text, f) == -1)
		return -1;
	return memcmp(text.p, PACKAGE_MIMETYPE, text.len) == 0
		   ? 0
		   : fault(f, FAULT_FORMAT,
			 "%s: not a package: its mimetype is another", path);
}

int
cli_package_open(const char *path, const char *folder, struct fault *f)
{
	int fd, rc = -1;
	struct zip *z = open_zip(path, &fd, f);

	if (z != NULL && check_mimetype(z, path, f) == 0)
		rc = package_unpack(z, folder, f);
	zip_free(z);
	if (fd != -1)
		(void)close(fd);
	return rc;
}

int
cli_package_checkpoint(const char *path, struct buf *note,
    char origin[CHECKPOINT_ORIGIN_MAX], struct log_head *head, struct fault *f)
{
	int fd, rc = -1;
	struct zip *z = open_zip(path, &fd, f);
	const struct zip_entry *e =
	    z != NULL ? zip_find(z, "checkpoint.txt") : NULL;

	if (z != NULL && e == NULL)
		(void)fault(f, FAULT_FORMAT, "%s: holds no checkpoint", path);
	else if (z != NULL && (rc = zip_read_buf(z, e, note, f)) == 0)
		rc = checkpoint_parse(
		    note->p != NULL ? note->p : "", note->len, origin, head, f);
	zip_free(z);
	if (fd != -1)
		(void)close(fd);
	return rc;
}

/* ------------------------------------------------------------- countersign */

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
check(struct cli *cli, const char *folder, const struct buf *manifest,
    struct fault *f)
{
	struct signature_info info;
	struct listing files;
	struct told t = { 0 };
	int rc;
	BUF_AUTO(cms, SIGNATURE_MAX);

	rc = package_check_files(
	    folder, cli->crypto, first_problem, &t, &files, f);
	listing_free(&files);
	if (rc == -1)
		return -1;
	if (t.text[0] != '\0')
		return fault(f, FAULT_INTEGRITY, "%s", t.text);
	if (folder_get(folder, PACKAGE_SIGNATURE, &cms, f) == -1)
		return -1;
	return signature_verify(cli->crypto, manifest->p, manifest->len, cms.p,
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
sign_as(struct cli *cli, const struct signer *who, const char *folder, int n,
    const char *kind, const struct buf *bytes, struct fault *f)
{
	char name[64];
	BUF_AUTO(cms, SIGNATURE_MAX);

	package_name(name, kind, n, "p7s");
	if (cli_sign(
		cli, who, bytes, "the package is countersigned", &cms, f) == -1)
		return -1;
	return folder_put(folder, name, cms.p, cms.len, f);
}

static int
add(struct cli *cli, const char *folder, const char *role,
    const struct signer *who, struct fault *f)
{
	uint8_t digest[SHA384_LEN];
	char name[64], made[UTC_LEN];
	int n;
	BUF_AUTO(manifest, MANIFEST_MAX);
	BUF_AUTO(statement, 4096);

	if (folder_get(folder, PACKAGE_MANIFEST, &manifest, f) == -1 ||
	    check(cli, folder, &manifest, f) == -1 ||
	    digest_sha384(cli->crypto, manifest.p, manifest.len, digest, f) ==
		-1 ||
	    (n = free_number(folder, f)) == -1)
		return -1;
	cli_clock(cli, made);
	package_name(name, "statement", n, "json");
	if (package_statement(role, n, made, digest, &statement, f) == -1 ||
	    folder_put(folder, name, statement.p, statement.len, f) == -1 ||
	    sign_as(cli, who, folder, n, "statement", &statement, f) == -1)
		return -1;
	return sign_as(cli, who, folder, n, "signature", &manifest, f) == -1
		   ? -1
		   : n;
}

static int
countersign(struct cli *cli, const struct options *o, const char *path,
    const char *role, const struct signer *who, struct fault *f)
{
	char folder[FOLDER_PATH_MAX];
	int n = -1;

	if (cli_folder(folder, f) == -1)
		return -1;
	if (cli_package_open(path, folder, f) == 0 &&
	    (n = add(cli, folder, role, who, f)) != -1 &&
	    package_pack(folder, option_or(o, "output", path), f) == -1)
		n = -1;
	folder_remove(folder);
	if (n != -1)
		printf("%s: signature %03d, %s\n", option_or(o, "output", path),
		    n, role);
	return n;
}

int
cli_countersign(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *role = option(o, "role");
	const char *path =
	    o->noperands == 2 ? o->operands[1] : option(o, "countersign");
	struct signer *who = NULL;
	int rc = -1;

	if (role == NULL ||
	    (strcmp(role, "reviewer") != 0 && strcmp(role, "approver") != 0))
		return fault(f, FAULT_USAGE,
		    "to countersign, say --role reviewer or approver");
	if (cli_signer(cli, o, false, &who, f) == 0)
		rc = countersign(cli, o, path, role, who, f);
	signer_free(who);
	return rc == -1 ? -1 : STATUS_OK;
}
