/* See catalog_update.h. */
#include "cli/catalog_update.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "report/policy/policy_file.h"
#include "cli/requests.h"
#include "collector/http/http.h"
#include "report/package/catalog_release.h"

#define FETCH_TRIES 3

/* ---- fetching ---- */

static int
keep(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct buf *b = ctx;

	buf_put(b, p, len);
	return buf_done(b, "the release", f);
}

static void
forget(void *ctx)
{
	buf_reset(ctx);
}

/* The bytes at an https address; a redirect is not followed. */
static int
fetch(const char *url, const char *ca, struct buf *out, struct fault *f)
{
	const struct http_setup setup = { .ca_file = ca };
	struct http *h = http_new(&setup, f);
	struct http_answer a = { 0 };
	struct http_request r = { .method = "GET",
		.url = url,
		.data = keep,
		.restart = forget,
		.ctx = out,
		.body_max = RELEASE_MAX,
		.tries = FETCH_TRIES };
	struct fault why = { 0 };
	int rc;

	if (h == NULL)
		return -1;
	rc = http_call(h, &r, &a, &why);
	if (rc == -1)
		(void)fault(f, why.kind, "%.300s: %.600s", url, why.text);
	else if (a.status != 200)
		rc = fault(f, FAULT_REMOTE,
		    "%.300s: HTTP status %ld, and 200 with a release is "
		    "expected",
		    url, a.status);
	http_answer_free(&a);
	http_free(h);
	return rc;
}

/* A file of these bytes that has no name any more. */
static int
unnamed(const struct cli *cli, const struct buf *bytes, struct fault *f)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/exhibit-release-XXXXXX",
	    cli->tmp != NULL ? cli->tmp : "/tmp");
	int fd = n > 0 && (size_t)n < sizeof(path) ? mkstemp(path) : -1;
	size_t done = 0;

	if (fd == -1)
		return fault(f, FAULT_IO, "a temporary file for the release");
	(void)unlink(path);
	while (done < bytes->len) {
		ssize_t w = write(fd, bytes->p + done, bytes->len - done);

		if (w <= 0) {
			(void)close(fd);
			return fault(
			    f, FAULT_IO, "a temporary file for the release");
		}
		done += (size_t)w;
	}
	return fd;
}

/* ---- taking ---- */

static void
print_taken(const struct release_request *q, const struct release_taken *t)
{
	printf("Release of %s, signed by ", t->released);
	print_clean(stdout, t->signer.subject, 300);
	printf("\n%zu of its %zu tables differ from what was known\n",
	    t->changed, t->tables);
	if (t->contradicted > 0)
		printf(
		    "%zu contradictions taken by --accept\n", t->contradicted);
	if (t->known)
		printf("This release was taken before.\n");
	printf("Evaluate again with 'exhibit assess --catalogs %s'.\n", q->dir);
}

static int
take(struct cli *cli, const struct options *o, struct release_request *q,
    struct fault *f)
{
	const char *signers = option(o, "signers"), *trust = option(o, "trust");
	struct policy policy = { 0 };
	struct release_taken t;
	BUF_AUTO(anchors, ANCHORS_MAX);
	int rc;

	if (signers != NULL && trust != NULL)
		return fault(f, FAULT_USAGE,
		    "--signers and --trust both say whom to trust: give one");
	if (trust != NULL && file_read(trust, &anchors, f) == -1)
		return -1;
	if (trust != NULL && anchors.len == 0)
		return fault(f, FAULT_USAGE, "%s: is empty", trust);
	if (signers != NULL &&
	    policy_file_read(signers, cli->crypto, &policy, f) == -1)
		return -1;
	q->crypto = cli->crypto;
	q->dir = option(o, "catalogs");
	q->now = cli->now;
	q->accept = option(o, "accept") != NULL;
	q->trust = (struct slice){ anchors.p, anchors.len };
	q->policy = signers != NULL ? &policy : NULL;
	rc = release_take(q, &t, f);
	if (signers != NULL)
		policy_free(&policy);
	if (rc == 0)
		print_taken(q, &t);
	return rc;
}

static int
take_zip(struct cli *cli, const struct options *o, const char *name, int fd,
    struct fault *f)
{
	struct release_request q = { .name = name };
	int rc = -1;

	if ((q.zip = zip_open(fd, name, f)) != NULL)
		rc = take(cli, o, &q, f);
	zip_free(q.zip);
	(void)close(fd);
	return rc;
}

static int
take_url(
    struct cli *cli, const struct options *o, const char *url, struct fault *f)
{
	BUF_AUTO(bytes, RELEASE_MAX);
	int fd;

	if (strncmp(url, "https://", 8) != 0)
		return fault(f, FAULT_USAGE,
		    "%.300s: only https is used. Use https://, or download "
		    "the release and name the file.",
		    url);
	if (fetch(url, option(o, "ca"), &bytes, f) == -1 ||
	    (fd = unnamed(cli, &bytes, f)) == -1)
		return -1;
	return take_zip(cli, o, url, fd, f);
}

static int
take_folder(
    struct cli *cli, const struct options *o, const char *name, struct fault *f)
{
	struct release_request q = { .name = name };
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/" RELEASE_MANIFEST, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "%s: name too long", name);
	return access(path, F_OK) == 0 ? take(cli, o, &q, f) : 1;
}

int
catalog_update(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *name = o->operands[1];
	char magic[2] = "";
	struct stat st;
	int fd;

	if (strncmp(name, "https://", 8) == 0 ||
	    strncmp(name, "http://", 7) == 0)
		return take_url(cli, o, name, f);
	if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		return take_folder(cli, o, name, f);
	if ((fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY)) == -1)
		return fault_errno(f, errno, name);
	if (pread(fd, magic, 2, 0) == 2 && memcmp(magic, "PK", 2) == 0)
		return take_zip(cli, o, name, fd, f);
	(void)close(fd);
	return 1;
}

/* ---- making ---- */

static int
write_release(struct cli *cli, const struct catalogs *cs, const char *path,
    struct fault *f)
{
	char tmp[4096], now[UTC_LEN];
	int n = snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path);
	int fd = n > 0 && (size_t)n < sizeof(tmp) ? mkstemp(tmp) : -1;
	struct zip_writer *w;
	int rc = -1;

	if (fd == -1)
		return fault_errno(f, errno, path);
	(void)fchmod(fd, 0644);
	cli_clock(cli, now);
	if ((w = zip_writer_new(fd, path, f)) != NULL)
		rc = release_write(cs, now, &cli->seal, w, f);
	zip_writer_free(w);
	(void)close(fd);
	if (rc == 0)
		return file_publish(tmp, path, f);
	(void)unlink(tmp);
	return -1;
}

int
catalog_release(struct cli *cli, const struct options *o, struct fault *f)
{
	struct signer *signer = NULL;
	struct catalogs cs;
	int rc;

	if (cli_signer_of(cli, o, false, &signer, f) == -1)
		return -1;
	if (signer == NULL)
		return fault(f, FAULT_USAGE,
		    "catalog release: a release is signed. Name the key with "
		    "--key and --cert.");
	rc = catalogs_load(&cs, option(o, "catalogs"), cli->crypto, f);
	if (rc == 0) {
		rc = write_release(cli, &cs, o->operands[1], f);
		if (rc == 0)
			printf("%s: a release of %zu tables\n", o->operands[1],
			    cs.n);
		catalogs_free(&cs);
	}
	signer_free(signer);
	return rc;
}
