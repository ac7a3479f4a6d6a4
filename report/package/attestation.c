/* See attestation.h. */
#include "report/package/attestation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/build.h"
#include "base/file.h"
#include "base/json.h"
#include "report/sign/dsse.h"

#define PACKAGE_MAX (4UL * 1024 * 1024 * 1024)
#define STATEMENT_MAX (256UL * 1024)
#define PAYLOAD_TYPE "application/vnd.in-toto+json"

static json_t *
counts_of(const size_t counts[VERDICTS])
{
	json_t *o = json_object();

	for (int v = 0; o != NULL && v < VERDICTS; v++)
		if (json_object_set_new(o, verdict_name((enum verdict)v),
			json_integer((json_int_t)counts[v])) == -1) {
			json_decref(o);
			return NULL;
		}
	return o;
}

static json_t *
predicate_of(const char *profile, const struct packing_made *made)
{
	char root[SHA256_HEX], manifest[2 * SHA384_LEN + 1];

	hex_encode(made->head.root, SHA256_LEN, root);
	hex_encode(made->manifest, SHA384_LEN, manifest);
	return json_pack("{s:s, s:s, s:I, s:I, s:o, s:{s:I, s:s}, s:{s:s}, "
			 "s:s, s:s}",
	    "asOf", made->about.at, "profile",
	    profile != NULL ? profile : "all", "run",
	    (json_int_t)made->about.run, "judgement",
	    (json_int_t)made->about.judgement, "results",
	    counts_of(made->counts), "checkpoint", "size",
	    (json_int_t)made->head.size, "sha256", root, "manifest", "sha384",
	    manifest, "exhibit", exhibit_build, "note",
	    "supports an assessment; unknown is never counted as satisfied");
}

static int
statement(const char *package, const char *digest, const char *profile,
    const struct packing_made *made, struct buf *out, struct fault *f)
{
	const char *slash = strrchr(package, '/');
	const char *name = slash != NULL ? slash + 1 : package;
	json_t *v = json_pack("{s:s, s:s, s:o, s:[{s:o, s:{s:s}}]}", "_type",
	    "https://in-toto.io/Statement/v1", "predicateType",
	    ATTESTATION_PREDICATE, "predicate", predicate_of(profile, made),
	    "subject", "name", json_text(name, strlen(name)), "digest",
	    "sha256", digest);
	int rc;

	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, out, f);
	json_decref(v);
	return rc;
}

static int
digest_of(
    const char *path, struct crypto *c, char hex[SHA256_HEX], struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	uint8_t d[SHA256_LEN];
	uint64_t size;

	if (fd == -1)
		return fault_errno(f, errno, path);
	rc = digest_fd(c, fd, PACKAGE_MAX, d, &size, f);
	(void)close(fd);
	if (rc == 0)
		hex_encode(d, SHA256_LEN, hex);
	return rc;
}

int
attestation_write(const char *package, const char *profile,
    const struct packing_made *made, const struct sealing *seal,
    struct fault *f)
{
	char hex[SHA256_HEX], path[4096];
	int n = snprintf(path, sizeof(path), "%s.intoto.jsonl", package);
	BUF_AUTO(text, STATEMENT_MAX);
	BUF_AUTO(envelope, 2 * STATEMENT_MAX);

	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--output: name too long");
	if (digest_of(package, seal->crypto, hex, f) == -1 ||
	    statement(package, hex, profile, made, &text, f) == -1 ||
	    dsse_sign(seal->signer, PAYLOAD_TYPE, text.p, text.len, &envelope,
		f) == -1)
		return -1;
	return file_write(path, envelope.p, envelope.len, 0644, f);
}
