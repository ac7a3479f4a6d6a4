/* Who signed a package, when, and that it holds what they signed. */
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/file.h"
#include "report/sign/tsa.h"
#include "report/package/verify_package.h"

/* A name that META-INF may hold, all else being suspicious. */
static int
check_name(void *ctx, const char *name, struct fault *f)
{
	static const char *const known[] = { PACKAGE_MANIFEST, PACKAGE_STAMPED,
		PACKAGE_STAMP, PACKAGE_CHECKPOINT_SIGNATURE,
		PACKAGE_CHECKPOINT_STAMP };
	struct opened *p = ctx;
	char want[64];
	bool ok = strncmp(name, "META-INF/", 9) != 0;

	(void)f;
	for (size_t i = 0; !ok && i < LENGTH(known); i++)
		ok = strcmp(name, known[i]) == 0;
	for (int n = 1; !ok && n <= PACKAGE_SIGNERS_MAX; n++) {
		package_name(want, "signature", n, "p7s");
		ok = strcmp(name, want) == 0;
		package_name(want, "statement", n, "p7s");
		ok |= n > 1 && strcmp(name, want) == 0;
		package_name(want, "statement", n, "json");
		ok |= n > 1 && strcmp(name, want) == 0;
	}
	if (!ok)
		verify_problem(p->v, name, "is no file that META-INF may hold");
	return 0;
}

/* The detached signature of this name over these bytes. */
static int
signature_of(struct opened *p, const struct buf *bytes, const char *name,
    bool anyone, struct signature_info *info, struct fault *f)
{
	int (*judge)(struct verifying *, const void *, size_t, const void *,
	    size_t, struct signature_info *, struct fault *) =
	    anyone ? verify_countersigned : verify_bytes;
	struct fault why = { 0 };
	BUF_AUTO(cms, SIGNATURE_MAX);

	*info = (struct signature_info){ 0 };
	if (opened_get(p, name, &cms) == -1)
		return 0;
	if (judge(p->v, bytes->p != NULL ? bytes->p : "", bytes->len,
		cms.p != NULL ? cms.p : "", cms.len, info, &why) == -1)
		return why.kind == FAULT_USAGE
			   ? fault(f, why.kind, "%s", why.text)
			   : opened_blame(p->v, name, &why, f);
	return 1;
}

int
opened_signature(struct opened *p, const struct buf *bytes, const char *name,
    struct signature_info *info, struct fault *f)
{
	return signature_of(p, bytes, name, false, info, f);
}

/* What the one who countersigned said he was. */
static int
check_statement(struct opened *p, int n, const struct signature_info *who,
    char role[16], struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	char name[64], cms[64];
	int rc;
	BUF_AUTO(text, 4096);

	package_name(name, "statement", n, "json");
	package_name(cms, "statement", n, "p7s");
	if (opened_get(p, name, &text) == -1)
		return 0;
	if (package_statement_read(
		text.p, text.len, n, p->manifest, role, &why) == -1)
		return opened_blame(p->v, name, &why, f);
	if ((rc = signature_of(p, &text, cms, true, &info, f)) != 1)
		return rc;
	if (strcmp(info.fingerprint, who->fingerprint) != 0)
		verify_problem(p->v, cms,
		    "is of another certificate than the signature it speaks "
		    "of");
	return 0;
}

static int
check_signer(
    struct opened *p, int n, const struct buf *manifest, struct fault *f)
{
	struct signature_info info;
	char name[64], role[16] = "preparer", where[96];
	long long before = p->v->problems;
	int rc;

	package_name(name, "signature", n, "p7s");
	if (n > 1 && !opened_has(p, name)) {
		package_name(name, "statement", n, "json");
		if (opened_has(p, name))
			verify_problem(p->v, name, "without its signature");
		return 0;
	}
	if ((rc = signature_of(p, manifest, name, n > 1, &info, f)) != 1)
		return rc;
	if (n == 1)
		memcpy(p->signer, info.fingerprint, sizeof(p->signer));
	else if (check_statement(p, n, &info, role, f) == -1)
		return -1;
	if (p->v->problems == before) {
		(void)snprintf(where, sizeof(where), "%s, %s", name, role);
		verify_say(p->v, VERIFY_HOLDS, where,
		    "this key signed the list of files");
		p->v->to.signature(p->v->to.ctx, &info);
	}
	return 0;
}

/* Its manifest is of these files, and the token over it. */
int
opened_stamp(struct opened *p, const char *bytes_name, const char *token_name,
    struct fault *f)
{
	const struct slice *anchors = &p->v->q->tsa;
	struct tsa_info info;
	struct fault why = { 0 };
	char when[UTC_LEN];
	BUF_AUTO(bytes, MANIFEST_MAX);
	BUF_AUTO(token, 1024 * 1024);

	if (opened_get(p, bytes_name, &bytes) == -1 ||
	    opened_get(p, token_name, &token) == -1)
		return 0;
	if (anchors->len == 0) {
		verify_say(p->v, VERIFY_OPEN, token_name,
		    "NOT VERIFIED: name the authority's certificate with "
		    "--tsa-cert");
		return 0;
	}
	if (tsa_verify(p->v->q->crypto, bytes.p != NULL ? bytes.p : "",
		bytes.len, token.p != NULL ? token.p : "", token.len,
		anchors->p, anchors->len, &info, &why) == -1)
		return why.kind == FAULT_USAGE
			   ? fault(f, why.kind, "%s", why.text)
			   : opened_blame(p->v, token_name, &why, f);
	utc_format(info.time, when);
	verify_say(p->v, VERIFY_HOLDS, token_name, "%s had seen it at %s",
	    info.subject, when);
	return 0;
}

static int
check_stamped(struct opened *p, struct fault *f)
{
	BUF_AUTO(have, MANIFEST_MAX);
	BUF_AUTO(want, MANIFEST_MAX);

	if (!opened_has(p, PACKAGE_STAMP) && !opened_has(p, PACKAGE_STAMPED))
		return 0;
	if (opened_get(p, PACKAGE_STAMPED, &have) == -1)
		return 0;
	if (package_stamped(p->folder, p->v->q->crypto, &want, f) == -1)
		return -1;
	if (have.len != want.len || memcmp(have.p, want.p, want.len) != 0)
		verify_problem(p->v, PACKAGE_STAMPED,
		    "is not the manifest of these files, their manifest and "
		    "the first signature");
	return opened_stamp(p, PACKAGE_STAMPED, PACKAGE_STAMP, f);
}

int
opened_signatures(struct opened *p, struct fault *f)
{
	BUF_AUTO(manifest, MANIFEST_MAX);

	if (folder_each(p->folder, check_name, p, f) == -1)
		return -1;
	if (opened_get(p, PACKAGE_MANIFEST, &manifest) == -1)
		return 0;
	if (digest_sha384(p->v->q->crypto, manifest.p != NULL ? manifest.p : "",
		manifest.len, p->manifest, f) == -1)
		return -1;
	for (int n = 1; n <= PACKAGE_SIGNERS_MAX; n++)
		if (check_signer(p, n, &manifest, f) == -1)
			return -1;
	return 0;
}

int
opened_files(struct opened *p, struct fault *f)
{
	long long before = p->v->problems;
	struct fault why = { 0 };

	if (!opened_has(p, PACKAGE_MANIFEST))
		return 0;
	if (package_check_files(p->folder, p->v->q->crypto, verify_problem,
		p->v, &p->files, &why) == -1)
		return opened_blame(p->v, NULL, &why, f);
	if (opened_has(p, PACKAGE_SIGNATURE) && check_stamped(p, f) == -1)
		return -1;
	opened_step(p, before, "manifest, SHA256SUMS",
	    "every file is listed, there, and unchanged since it was signed");
	return 0;
}
