/*
 * Signatures: made here and read by the stock tool, made by the stock tool
 * and read here, and every way of being wrong refused. pki.sh makes the keys.
 *
 * OpenSSL's default library context is left without any algorithm, so that a
 * call that strays from the context given fails here.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>

#include "base/length.h"
#include "base/file.h"
#include "report/sign/sign.h"

#define WHEN INT64_C(1790000000) /* 2026-09-21T14:13:20Z */
#define YEAR (INT64_C(365) * 86400)
#define MESSAGE "the report, to the byte\n"
#define SIZE (64 * 1024)
#define COUNT(a) (LENGTH(a))

static const char passphrase[] = "correct horse";

struct pki {
	char dir[64];
	bool made; /* the openssl program is there */
	struct crypto *crypto;
	OSSL_PROVIDER *null;
};

static int
run(const char *const argv[])
{
	posix_spawn_file_actions_t quiet;
	pid_t pid;
	int status = -1;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &quiet, NULL, (char **)(uintptr_t)argv,
		environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		status = -1;
	posix_spawn_file_actions_destroy(&quiet);
	return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
set_up(void **state)
{
	static struct pki pki = { .dir = "/tmp/exhibit-test-sign.XXXXXX" };
	struct fault f = { 0 };

	*state = &pki;
	if (mkdtemp(pki.dir) == NULL)
		return -1;
	pki.made = run((const char *[]){ "openssl", "version", NULL }) == 0;
	if (!pki.made)
		print_message("no openssl program: its peer tests skipped\n");
	else if (run((const char *[]){ "sh", "pki.sh", pki.dir, NULL }) != 0)
		return -1;
	pki.null = OSSL_PROVIDER_load(NULL, "null");
	pki.crypto = crypto_new(false, &f);
	return pki.null != NULL && pki.crypto != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	struct pki *pki = *state;

	crypto_free(pki->crypto);
	OSSL_PROVIDER_unload(pki->null);
	return run((const char *[]){ "rm", "-rf", pki->dir, NULL });
}

static const struct pki *
need_pki(void **state)
{
	const struct pki *pki = *state;

	if (!pki->made)
		skip();
	return pki;
}

/* The path of a file of the PKI; good until the fourth call after it. */
static const char *
at(const struct pki *pki, const char *name, const char *suffix)
{
	static char paths[4][128];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	(void)snprintf(path, 128, "%s/%s%s", pki->dir, name, suffix);
	return path;
}

static void
slurp(const struct pki *pki, const char *name, const char *suffix,
    struct buf *out)
{
	struct fault f = { 0 };

	if (file_read(at(pki, name, suffix), out, &f) == -1)
		fail_msg("%s", f.text);
}

static struct signer *
load(const struct pki *pki, const char *name)
{
	struct fault f = { 0 };
	struct signer *s = signer_load(pki->crypto, at(pki, name, ".key"),
	    at(pki, name, "-chain.pem"), NULL, &f);

	if (s == NULL)
		fail_msg("%s: %s", name, f.text);
	return s;
}

static void
sign(const struct signer *s, const char *message, struct buf *der)
{
	struct fault f = { 0 };

	if (sign_detached(s, message, strlen(message), WHEN, der, &f) == -1)
		fail_msg("%s", f.text);
}

/* Verify; on refusal check that a text is there and info was not touched. */
static int
verify(const struct pki *pki, const char *message, size_t len,
    const struct buf *der, const struct buf *anchors, int64_t when,
    struct signature_info *info, struct fault *f)
{
	static struct signature_info before, after;
	int rc;

	memset(&before, 0x5a, sizeof(before));
	after = before;
	rc = signature_verify(pki->crypto, message, len, der->p, der->len,
	    anchors == NULL ? NULL : anchors->p,
	    anchors == NULL ? 0 : anchors->len, when, &after, f);
	assert_int_equal(ERR_peek_error(), 0);
	if (rc == 0 && info != NULL)
		*info = after;
	if (rc == -1) {
		assert_memory_equal(&before, &after, sizeof(before));
		assert_true(f->text[0] != '\0');
	}
	return rc;
}

static void
accepted(const struct pki *pki, const struct buf *der,
    const struct buf *anchors, struct signature_info *info)
{
	struct fault f = { 0 };

	if (verify(pki, MESSAGE, strlen(MESSAGE), der, anchors, 0, info, &f) ==
	    -1)
		fail_msg("%s", f.text);
}

static void
told(const char *name, const struct fault *f, enum fault_kind kind,
    const char *text)
{
	if (f->kind != kind || strstr(f->text, text) == NULL)
		fail_msg("%s: kind %d, \"%s\", not \"%s\"", name, (int)f->kind,
		    f->text, text);
}

static int
answer(void *ctx, const char *what, char *out, size_t size)
{
	const char *text = ctx;

	assert_non_null(what);
	assert_true(strlen(text) <= size);
	memcpy(out, text, strlen(text));
	return (int)strlen(text);
}

static int
silence(void *ctx, const char *what, char *out, size_t size)
{
	(void)ctx;
	(void)what;
	memset(out, 'x', size);
	return -1;
}

static struct signer_passphrase
saying(const char *text)
{
	return (struct signer_passphrase){ answer, (void *)(uintptr_t)text };
}

static void
every_accepted_key_signs_and_verifies(void **state)
{
	static const struct {
		const char *name, *algorithm;
	} keys[] = {
		{ "p256", "ECDSA P-256" },
		{ "p384", "ECDSA P-384" },
		{ "p521", "ECDSA P-521" },
		{ "rsa2048", "RSA 2048" },
		{ "rsa3072", "RSA 3072" },
		{ "pss3072", "RSA-PSS 3072" },
	};
	const struct pki *pki = need_pki(state);
	BUF_AUTO(root, SIZE);

	slurp(pki, "root", ".pem", &root);
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct signer *s = load(pki, keys[i].name);
		struct signature_info info;
		struct signer_info who;
		struct fault f = { 0 };
		BUF_AUTO(der, SIZE);

		sign(s, MESSAGE, &der);
		accepted(pki, &der, &root, &info);
		/* what mail programs can do is no part of a report */
		assert_null(memmem(
		    der.p, der.len, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0f", 9));
		assert_int_equal(signer_describe(s, &who, &f), 0);
		assert_true(info.trusted);
		assert_string_equal(info.algorithm, keys[i].algorithm);
		assert_string_equal(who.algorithm, keys[i].algorithm);
		assert_string_equal(info.digest, "SHA-384");
		assert_int_equal(info.signing_time, WHEN);
		assert_string_equal(info.fingerprint, who.fingerprint);
		assert_string_equal(info.serial, who.serial);
		assert_string_equal(info.issuer, "CN=exhibit test inter");
		assert_memory_equal(info.subject, "CN=exhibit test ", 16);
		assert_false(who.self_signed);
		signer_free(s);
	}
}

static void
the_signer_or_an_intermediate_may_be_the_anchor(void **state)
{
	static const char *const anchors[] = { "root", "inter", "p384" };
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p384");
	BUF_AUTO(der, SIZE);

	sign(s, MESSAGE, &der);
	for (size_t i = 0; i < COUNT(anchors); i++) {
		struct signature_info info;
		BUF_AUTO(pem, SIZE);

		slurp(pki, "other", ".pem", &pem);
		slurp(pki, anchors[i], ".pem", &pem);
		accepted(pki, &der, &pem, &info);
		assert_true(info.trusted);
	}
	signer_free(s);
}

static void
without_anchors_nothing_is_trusted(void **state)
{
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p256");
	struct signature_info info;
	struct fault f = { 0 };
	BUF_AUTO(der, SIZE);

	sign(s, MESSAGE, &der);
	accepted(pki, &der, NULL, &info);
	assert_false(info.trusted);
	assert_int_equal(verify(pki, "other", 5, &der, NULL, 0, NULL, &f), -1);
	told("other bytes", &f, FAULT_INTEGRITY, "not those that were signed");
	signer_free(s);
}

static void
refuses_signers_it_does_not_trust(void **state)
{
	const struct pki *pki = need_pki(state);
	struct fault f = { 0 };
	struct signer *s = signer_load(pki->crypto, at(pki, "p256", ".key"),
	    at(pki, "p256", ".pem"), NULL, &f);
	BUF_AUTO(der, SIZE);
	BUF_AUTO(other, SIZE);
	BUF_AUTO(root, SIZE);
	BUF_AUTO(twin, SIZE);

	assert_non_null(s);
	sign(s, MESSAGE, &der);
	slurp(pki, "other", ".pem", &other);
	slurp(pki, "root", ".pem", &root);
	slurp(pki, "twin", ".pem", &twin);
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &der, &other, 0, NULL, &f),
	    -1);
	told("other root", &f, FAULT_INTEGRITY, "not trusted at 2026-09-21");
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &der, &root, 0, NULL, &f),
	    -1); /* its intermediate is not there */
	told("no chain", &f, FAULT_INTEGRITY, "issuer certificate");
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &der, &twin, 0, NULL, &f),
	    -1);
	told("twin", &f, FAULT_INTEGRITY, "not trusted");
	signer_free(s);
}

static void
certificates_count_at_the_time_asked_about(void **state)
{
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p256"), *expired = load(pki, "expired");
	struct fault f = { 0 };
	BUF_AUTO(der, SIZE);
	BUF_AUTO(old, SIZE);
	BUF_AUTO(root, SIZE);

	slurp(pki, "root", ".pem", &root);
	sign(s, MESSAGE, &der);
	assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &der, &root,
			     WHEN + YEAR, NULL, &f),
	    0);
	assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &der, &root,
			     WHEN + 20 * YEAR, NULL, &f),
	    -1);
	told("later", &f, FAULT_INTEGRITY, "has expired");
	assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &der, &root,
			     WHEN - 20 * YEAR, NULL, &f),
	    -1);
	told("earlier", &f, FAULT_INTEGRITY, "not yet valid");

	/* signed in time, looked at in time and too late */
	assert_int_equal(sign_detached(expired, MESSAGE, strlen(MESSAGE),
			     WHEN - 6 * YEAR, &old, &f),
	    0);
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &old, &root, 0, NULL, &f), 0);
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &old, &root, WHEN, NULL, &f),
	    -1);
	told("expired", &f, FAULT_INTEGRITY, "expired (CN=exhibit test exp");
	signer_free(expired);
	signer_free(s);
}

static void
does_not_sign_outside_the_certificates_time(void **state)
{
	static const struct {
		const char *name;
		int64_t when;
	} cases[] = { { "expired", WHEN }, { "future", WHEN }, { "p256", -1 },
		{ "p256", INT64_MAX } };
	const struct pki *pki = need_pki(state);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct signer *s = load(pki, cases[i].name);
		struct fault f = { 0 };
		BUF_AUTO(der, SIZE);

		assert_int_equal(
		    sign_detached(s, "", 0, cases[i].when, &der, &f), -1);
		told(cases[i].name, &f, FAULT_USAGE, "signing");
		assert_int_equal(der.len, 0);
		signer_free(s);
	}
}

static void
every_flipped_bit_of_the_message_is_refused(void **state)
{
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p256");
	char message[] = MESSAGE;
	struct fault f = { 0 };
	BUF_AUTO(der, SIZE);
	BUF_AUTO(root, SIZE);

	slurp(pki, "root", ".pem", &root);
	sign(s, MESSAGE, &der);
	for (size_t i = 0; i < 8 * strlen(MESSAGE); i++) {
		message[i / 8] = (char)(message[i / 8] ^ 1 << i % 8);
		assert_int_equal(verify(pki, message, strlen(MESSAGE), &der,
				     &root, 0, NULL, &f),
		    -1);
		assert_int_equal(f.kind, FAULT_INTEGRITY);
		message[i / 8] = (char)(message[i / 8] ^ 1 << i % 8);
	}
	assert_int_equal(
	    verify(pki, message, strlen(MESSAGE) - 1, &der, &root, 0, NULL, &f),
	    -1);
	assert_int_equal(
	    verify(pki, message, strlen(MESSAGE), &der, &root, 0, NULL, &f), 0);
	signer_free(s);
}

/* What is not signed (the certificates that come along, say) may change
 * unnoticed, but never who signed, when, and what. */
static void
a_flipped_bit_of_the_signature_changes_nothing_that_is_told(void **state)
{
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p256");
	struct signature_info was, is;
	struct fault f = { 0 };
	int still = 0;
	BUF_AUTO(der, SIZE);
	BUF_AUTO(anchor, SIZE);

	slurp(pki, "p256", ".pem", &anchor);
	sign(s, MESSAGE, &der);
	accepted(pki, &der, &anchor, &was);
	for (size_t i = 0; i < 8 * der.len; i++) {
		der.p[i / 8] = (char)(der.p[i / 8] ^ 1 << i % 8);
		if (verify(pki, MESSAGE, strlen(MESSAGE), &der, &anchor, 0, &is,
			&f) == 0) {
			assert_memory_equal(&was, &is, sizeof(was));
			still++;
		} else
			assert_true(f.kind == FAULT_FORMAT ||
				    f.kind == FAULT_INTEGRITY);
		der.p[i / 8] = (char)(der.p[i / 8] ^ 1 << i % 8);
	}
	print_message("%d of %zu flips touched nothing that is signed\n", still,
	    8 * der.len);
	signer_free(s);
}

static void
refuses_cut_and_lengthened_signatures(void **state)
{
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p256");
	struct fault f = { 0 };
	BUF_AUTO(der, SIZE);
	BUF_AUTO(twice, SIZE);
	struct buf cut;

	sign(s, MESSAGE, &der);
	cut = der;
	for (cut.len = 0; cut.len < der.len; cut.len++) {
		assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &cut,
				     NULL, 0, NULL, &f),
		    -1);
		assert_int_equal(f.kind, FAULT_FORMAT);
	}
	buf_put(&twice, der.p, der.len);
	buf_putc(&twice, '\0');
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &twice, NULL, 0, NULL, &f),
	    -1);
	told("one more byte", &f, FAULT_FORMAT, "bytes after the CMS");
	twice.len--;
	buf_put(&twice, der.p, der.len);
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &twice, NULL, 0, NULL, &f),
	    -1);
	told("two of them", &f, FAULT_FORMAT, "bytes after the CMS");
	signer_free(s);
}

static void
sizes_have_a_maximum(void **state)
{
	const struct pki *pki = *state;
	struct fault f = { 0 };
	struct buf big = { .max = ANCHORS_MAX + 1 };

	assert_non_null(buf_reserve(&big, big.max));
	memset(big.p, '\n', big.max);
	big.len = SIGNATURE_MAX + 1;
	assert_int_equal(verify(pki, "", 0, &big, NULL, 0, NULL, &f), -1);
	told("signature", &f, FAULT_LIMIT, "larger than");
	if (pki->made) {
		struct signer *s = load(pki, "p256");
		BUF_AUTO(der, SIZE);

		sign(s, MESSAGE, &der);
		big.len = ANCHORS_MAX + 1;
		assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &der,
				     &big, 0, NULL, &f),
		    -1);
		told("anchors", &f, FAULT_LIMIT, "larger than");
		signer_free(s);
	}
	buf_free(&big);
}

static void
refuses_anchors_that_are_none(void **state)
{
	static const char *const bad[] = { "", "hello\n",
		"-----BEGIN CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nMAA=\n-----END "
		"CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
		"AAAA\n-----END CERTIFICATE-----\n" };
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p256");
	struct fault f = { 0 };
	BUF_AUTO(der, SIZE);
	BUF_AUTO(pem, SIZE);

	sign(s, MESSAGE, &der);
	for (size_t i = 0; i < COUNT(bad); i++) {
		BUF_AUTO(anchors, SIZE);

		buf_puts(&anchors, bad[i]);
		assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &der,
				     &anchors, 0, NULL, &f),
		    -1);
		told(bad[i], &f, FAULT_USAGE, "trust anchors");
	}
	/* a good one does not make up for a damaged one after it */
	slurp(pki, "root", ".pem", &pem);
	buf_puts(&pem, bad[3]);
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &der, &pem, 0, NULL, &f), -1);
	told("good and bad", &f, FAULT_USAGE, "trust anchors");
	signer_free(s);
}

static void
reads_what_the_stock_tool_signs(void **state)
{
	static const struct {
		const char *name, *algorithm, *digest;
	} cases[] = {
		{ "stock", "ECDSA P-384", "SHA-384" },
		{ "stock-sha256", "RSA 3072", "SHA-256" },
		{ "stock-pss", "RSA 3072", "SHA-384" },
		{ "stock-keyid", "ECDSA P-256", "SHA-512" },
	};
	const struct pki *pki = need_pki(state);
	BUF_AUTO(content, SIZE);
	BUF_AUTO(root, SIZE);

	slurp(pki, "content", "", &content);
	slurp(pki, "root", ".pem", &root);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct signature_info info;
		struct fault f = { 0 };
		BUF_AUTO(der, SIZE);

		slurp(pki, cases[i].name, ".p7s", &der);
		if (verify(pki, content.p, content.len, &der, &root, 0, &info,
			&f) == -1)
			fail_msg("%s: %s", cases[i].name, f.text);
		assert_string_equal(info.algorithm, cases[i].algorithm);
		assert_string_equal(info.digest, cases[i].digest);
		assert_true(info.trusted);
	}
}

static void
refuses_signatures_that_prove_too_little(void **state)
{
	static const struct {
		const char *name;
		enum fault_kind kind;
		const char *text;
	} cases[] = {
		{ "not-cades", FAULT_INTEGRITY, "not a CAdES signature" },
		{ "sha1", FAULT_INTEGRITY, "digest is not SHA-256" },
		{ "sha224", FAULT_INTEGRITY, "digest is not SHA-256" },
		{ "embedded", FAULT_FORMAT, "content of its own" },
		{ "streamed", FAULT_FORMAT, "not encoded in DER" },
		{ "no-attributes", FAULT_INTEGRITY, "no signed attributes" },
		{ "no-certificate", FAULT_INTEGRITY, "not in the signature" },
		{ "usage", FAULT_INTEGRITY, "key usage of CN=exhibit test us" },
		{ "weak", FAULT_INTEGRITY, "RSA of 1024 bits" },
		{ "explicit", FAULT_INTEGRITY, "elliptic curve" },
		{ "underweak", FAULT_INTEGRITY, "key too weak" },
		{ "sha1cert", FAULT_INTEGRITY, "digest algorithm too weak" },
		{ "notca", FAULT_INTEGRITY, "CA certificate" },
		{ "web", FAULT_INTEGRITY, "is for another purpose" },
		{ "code", FAULT_INTEGRITY, "is for another purpose" },
		{ "underweb", FAULT_INTEGRITY, "its issuer is for another" },
		{ "expired", FAULT_INTEGRITY, "has expired" },
		{ "two", FAULT_FORMAT, "2 signers" },
		{ "issuer", FAULT_INTEGRITY, "is a CA's" },
		{ "data", FAULT_FORMAT, "not SignedData" },
		{ "encrypted", FAULT_FORMAT, "not SignedData" },
	};
	const struct pki *pki = need_pki(state);
	BUF_AUTO(content, SIZE);
	BUF_AUTO(root, SIZE);

	slurp(pki, "content", "", &content);
	slurp(pki, "root", ".pem", &root);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault f = { 0 };
		BUF_AUTO(der, SIZE);

		slurp(pki, cases[i].name, ".p7s", &der);
		if (verify(pki, content.p, content.len, &der, &root, 0, NULL,
			&f) == 0)
			fail_msg("%s was accepted", cases[i].name);
		told(cases[i].name, &f, cases[i].kind, cases[i].text);
	}
}

/* By lists: what the signer's CA said of him since, or does not say. */
static void
revoked_signers_are_refused(void **state)
{
	static const int64_t before = 1777593600; /* 2026-05-01 */
	static const struct {
		const char *name, *crls;
		int64_t signed_at, at; /* 0: WHEN; only as claimed */
		enum fault_kind kind;
		const char *text;
	} cases[] = {
		{ "p384", "all.crl", 0, 0, FAULT_NONE, NULL },
		{ "revoked", NULL, 0, 0, FAULT_NONE, NULL },
		{ "revoked", "all.crl", 0, 0, FAULT_INTEGRITY,
		    "revoked at 2026-06-01T00:00:00Z (key compromise): "
		    "CN=exhibit test revoked" },
		{ "revoked", "all.crl", before, 0, FAULT_INTEGRITY,
		    "and that it was signed before, only the signature says" },
		{ "revoked", "all.crl", before, before, FAULT_NONE, NULL },
		{ "revoked", "all.crl", before, WHEN, FAULT_INTEGRITY,
		    "revoked at 2026-06-01T00:00:00Z" },
		{ "p384", "inter.crl", 0, 0, FAULT_INTEGRITY,
		    "cannot be told: no list by its issuer that was current "
		    "then is among those given (CN=exhibit test inter)" },
		{ "p384", "inter.der", 0, 0, FAULT_INTEGRITY,
		    "(CN=exhibit test inter)" },
		{ "p384", "root.crl", 0, 0, FAULT_INTEGRITY,
		    "(CN=exhibit test p384)" },
		{ "p384", "stale-all.crl", 0, 0, FAULT_INTEGRITY,
		    "(CN=exhibit test p384)" },
		{ "revoked", "stale-all.crl", 0, 0, FAULT_INTEGRITY,
		    "was revoked" }, /* a list may be old and still right */
		{ "revoked", "forged-all.crl", 0, 0, FAULT_INTEGRITY,
		    "cannot be told" },
		{ "p384", "p384.pem", 0, 0, FAULT_USAGE, "revocation lists" },
		{ "p384", "content", 0, 0, FAULT_USAGE, "revocation lists" },
	};
	const struct pki *pki = need_pki(state);
	BUF_AUTO(root, SIZE);

	slurp(pki, "root", ".pem", &root);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct signer *s = load(pki, cases[i].name);
		struct signature_rules rules = { .at = cases[i].at,
			.anchors = { root.p, root.len } };
		struct signature_info info;
		struct fault f = { 0 };
		BUF_AUTO(crls, SIZE);
		BUF_AUTO(der, SIZE);
		int rc;

		if (cases[i].crls != NULL) {
			slurp(pki, cases[i].crls, "", &crls);
			rules.crls = (struct slice){ crls.p, crls.len };
		}
		if (sign_detached(s, MESSAGE, strlen(MESSAGE),
			cases[i].signed_at != 0 ? cases[i].signed_at : WHEN,
			&der, &f) == -1)
			fail_msg("%s", f.text);
		rc = signature_judge(pki->crypto, MESSAGE, strlen(MESSAGE),
		    der.p, der.len, &rules, &info, &f);
		if (cases[i].kind != FAULT_NONE) {
			assert_int_equal(rc, -1);
			told(cases[i].name, &f, cases[i].kind, cases[i].text);
		} else {
			if (rc == -1)
				fail_msg("%s: %s", cases[i].name, f.text);
			assert_string_equal(
			    info.anchor, "CN=exhibit test root");
			assert_true(info.unrevoked == (cases[i].crls != NULL));
		}
		signer_free(s);
	}
}

/* A certificate that has ended: nobody but the signer says that he signed
 * before. */
static void
an_expired_signer_is_told(void **state)
{
	static const int64_t during = 1590000000; /* 2020-05-20 */
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "expired");
	struct signature_rules rules = { .at = 0 };
	struct signature_info info;
	struct fault f = { 0 };
	BUF_AUTO(root, SIZE);
	BUF_AUTO(der, SIZE);

	slurp(pki, "root", ".pem", &root);
	rules.anchors = (struct slice){ root.p, root.len };
	assert_int_equal(
	    sign_detached(s, MESSAGE, strlen(MESSAGE), during, &der, &f), 0);
	for (int i = 0; i < 3; i++) {
		rules.now = i == 0 ? 0 : i == 1 ? during + 1 : WHEN;
		assert_int_equal(
		    signature_judge(pki->crypto, MESSAGE, strlen(MESSAGE),
			der.p, der.len, &rules, &info, &f),
		    0);
		assert_true(info.expired == (i == 2));
		assert_int_equal(info.until, 1609459200); /* 2021-01-01 */
	}
	rules.at = WHEN;
	assert_int_equal(signature_judge(pki->crypto, MESSAGE, strlen(MESSAGE),
			     der.p, der.len, &rules, &info, &f),
	    -1);
	told("expired", &f, FAULT_INTEGRITY, "has expired");
	signer_free(s);
}

/* Two time stamps, or none where one is said to be. */
static void
refuses_odd_time_stamps(void **state)
{
	static const unsigned char any[] = { 0x30, 3, 2, 1, 1 };
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "p256");
	struct fault f = { 0 };
	BUF_AUTO(der, SIZE);
	BUF_AUTO(out, SIZE);

	sign(s, MESSAGE, &der);
	for (int i = 0; i < 3; i++) {
		const unsigned char *p = (const unsigned char *)der.p;
		CMS_ContentInfo *cms =
		    d2i_CMS_ContentInfo(NULL, &p, (long)der.len);
		CMS_SignerInfo *si =
		    sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
		ASN1_OBJECT *name = OBJ_nid2obj(NID_id_smime_aa_timeStampToken);
		unsigned char *again = NULL;
		BUF_AUTO(bad, SIZE);
		int len;

		for (int j = 0; j < (i == 1 ? 2 : 1); j++)
			assert_int_equal(
			    CMS_unsigned_add1_attr_by_OBJ(si, name,
				i == 2 ? V_ASN1_OCTET_STRING : V_ASN1_SEQUENCE,
				any, sizeof(any)),
			    1);
		len = i2d_CMS_ContentInfo(cms, &again);
		buf_put(&bad, again, (size_t)len);
		assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &bad,
				     NULL, 0, NULL, &f),
		    -1);
		told("odd stamp", &f, FAULT_FORMAT,
		    i == 1 ? "several time stamps" : "not a time stamp");
		OPENSSL_free(again);
		CMS_ContentInfo_free(cms);
	}
	assert_int_equal(signature_stamp(pki->crypto, der.p, der.len, any,
			     sizeof(any), &out, &f),
	    0);
	buf_reset(&der);
	assert_int_equal(signature_stamp(pki->crypto, out.p, out.len, any,
			     sizeof(any), &der, &f),
	    -1);
	told("a second", &f, FAULT_USAGE, "has a time stamp already");
	signer_free(s);
}

/* A key that is elsewhere: here, a file whose digest signatures are asked. */
struct elsewhere {
	EVP_PKEY *key;
	size_t size; /* of the digests it is asked to sign */
	bool lies, fails;
	int freed;
};

static int
sign_elsewhere(void *ctx, const uint8_t *digest, size_t digest_len,
    struct buf *sig, struct fault *f)
{
	struct elsewhere *e = ctx;
	EVP_PKEY_CTX *c;
	uint8_t d[64];
	unsigned char out[1024];
	size_t len = sizeof(out);

	if (e->fails)
		return fault(f, FAULT_REMOTE, "the key service is away");
	assert_int_equal(digest_len, e->size);
	memcpy(d, digest, digest_len);
	d[0] ^= e->lies;
	c = EVP_PKEY_CTX_new(e->key, NULL);
	assert_int_equal(EVP_PKEY_sign_init(c), 1);
	assert_int_equal(
	    EVP_PKEY_CTX_set_signature_md(c, digest_len == 32	? EVP_sha256()
					     : digest_len == 48 ? EVP_sha384()
								: EVP_sha512()),
	    1);
	assert_int_equal(EVP_PKEY_sign(c, out, &len, d, digest_len), 1);
	EVP_PKEY_CTX_free(c);
	buf_put(sig, out, len);
	return buf_done(sig, "signature", f);
}

static void
free_elsewhere(void *ctx)
{
	((struct elsewhere *)ctx)->freed++;
}

static EVP_PKEY *private_key(const struct pki *pki, const char *name);

static void
a_key_elsewhere_signs_too(void **state)
{
	static const struct {
		const char *name;
		int nid; /* 0: the usual */
		size_t size;
		const char *digest;
	} cases[] = {
		{ "p256", 0, 48, "SHA-384" },
		{ "p256", NID_sha256, 32, "SHA-256" },
		{ "p384", 0, 48, "SHA-384" },
		{ "p521", NID_sha512, 64, "SHA-512" },
		{ "rsa2048", 0, 48, "SHA-384" },
		{ "rsa3072", NID_sha256, 32, "SHA-256" },
	};
	const struct pki *pki = need_pki(state);
	BUF_AUTO(root, SIZE);

	slurp(pki, "root", ".pem", &root);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name;
		struct elsewhere e = { .key = private_key(pki, name),
			.size = cases[i].size };
		const struct signer_remote remote = { sign_elsewhere,
			free_elsewhere, &e, cases[i].nid, "a test" };
		struct signature_info info;
		struct fault f = { 0 };
		unsigned char *spki = NULL;
		int len = i2d_PUBKEY(e.key, &spki);
		struct signer *s;
		BUF_AUTO(der, SIZE);

		assert_null(signer_new_remote(pki->crypto, &remote, spki,
		    (size_t)len, at(pki, "usage", ".pem"), NULL, &f));
		assert_null(signer_new_remote(pki->crypto, &remote, spki,
		    (size_t)len - 1, at(pki, name, ".pem"), NULL, &f));
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_int_equal(e.freed, 2);
		s = signer_new_remote(pki->crypto, &remote, spki, (size_t)len,
		    at(pki, name, "-chain.pem"), NULL, &f);
		if (s == NULL)
			fail_msg("%s: %s", name, f.text);
		assert_string_equal(signer_where(s), "a test");
		sign(s, MESSAGE, &der);
		accepted(pki, &der, &root, &info);
		assert_string_equal(info.digest, cases[i].digest);
		buf_reset(&der);
		e.lies = true;
		assert_int_equal(
		    sign_detached(s, MESSAGE, strlen(MESSAGE), WHEN, &der, &f),
		    -1);
		told(name, &f, FAULT_INTEGRITY, "that came back");
		e.fails = true;
		assert_int_equal(
		    sign_detached(s, MESSAGE, strlen(MESSAGE), WHEN, &der, &f),
		    -1);
		told(name, &f, FAULT_REMOTE, "is away");
		assert_int_equal(der.len, 0);
		signer_free(s);
		assert_int_equal(e.freed, 3);
		OPENSSL_free(spki);
		EVP_PKEY_free(e.key);
	}
}

static X509 *
certificate(const struct pki *pki, const char *name)
{
	BUF_AUTO(pem, SIZE);
	BIO *bio;
	X509 *x = X509_new_ex(crypto_libctx(pki->crypto), "");

	slurp(pki, name, ".pem", &pem);
	bio = BIO_new_mem_buf(pem.p, (int)pem.len);
	assert_non_null(PEM_read_bio_X509(bio, &x, NULL, NULL));
	BIO_free(bio);
	return x;
}

static EVP_PKEY *
private_key(const struct pki *pki, const char *name)
{
	BUF_AUTO(pem, SIZE);
	BIO *bio;
	EVP_PKEY *key;

	slurp(pki, name, ".key", &pem);
	bio = BIO_new_mem_buf(pem.p, (int)pem.len);
	key = PEM_read_bio_PrivateKey_ex(
	    bio, NULL, NULL, NULL, crypto_libctx(pki->crypto), "");
	assert_non_null(key);
	BIO_free(bio);
	return key;
}

/* Signed with one certificate, handed over with another of the same key and
 * key identifier: only signing-certificate-v2 tells them apart. */
static void
notices_an_exchanged_certificate(void **state)
{
	static const char *const with[] = { "p256", "twin" };
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_CADES |
			       CMS_NOCERTS | CMS_USE_KEYID | CMS_PARTIAL;
	const struct pki *pki = need_pki(state);
	X509 *signer = certificate(pki, "p256");
	EVP_PKEY *key = private_key(pki, "p256");
	BUF_AUTO(root, SIZE);

	slurp(pki, "inter", ".pem", &root);
	for (size_t i = 0; i < COUNT(with); i++) {
		X509 *sent = certificate(pki, with[i]);
		BIO *bio = BIO_new_mem_buf(MESSAGE, -1);
		unsigned char *p = NULL;
		struct fault f = { 0 };
		struct buf der = { 0 };
		CMS_ContentInfo *cms = CMS_sign_ex(NULL, NULL, NULL, NULL,
		    flags, crypto_libctx(pki->crypto), "");

		assert_non_null(
		    CMS_add1_signer(cms, signer, key, EVP_sha384(), flags));
		assert_int_equal(CMS_add1_cert(cms, sent), 1);
		assert_int_equal(CMS_final(cms, bio, NULL, flags), 1);
		der.len = (size_t)i2d_CMS_ContentInfo(cms, &p);
		der.p = (char *)p;
		ERR_clear_error();
		assert_int_equal(verify(pki, MESSAGE, strlen(MESSAGE), &der,
				     &root, 0, NULL, &f),
		    i == 0 ? 0 : -1);
		if (i == 1)
			told(with[i], &f, FAULT_INTEGRITY,
			    "not the one that was signed with");
		OPENSSL_free(p);
		CMS_ContentInfo_free(cms);
		BIO_free(bio);
		X509_free(sent);
	}
	EVP_PKEY_free(key);
	X509_free(signer);
}

static void
refuses_keys_it_must_not_sign_with(void **state)
{
	static const struct {
		const char *key, *cert, *text;
	} cases[] = {
		{ "rsa1024", "rsa1024", "RSA of 1024 bits, need 2048" },
		{ "p224", "p224", "secp224r1, need P-256" },
		{ "k256", "k256", "secp256k1, need P-256" },
		{ "ed25519", "ed25519", "neither ECDSA nor RSA" },
		{ "explicit", "explicit", "elliptic curve" },
		{ "sm2", "sm2", "neither ECDSA nor RSA" },
		{ "issuer", "issuer", "is a CA's" },
		{ "usage", "usage", "does not allow digitalSignature" },
		{ "web", "web", "is for another purpose" },
		{ "code", "code", "is for another purpose" },
		{ "p384", "p256", "no certificate in it belongs to the key" },
		{ "p256", "rsa3072", "no certificate in it belongs" },
	};
	const struct pki *pki = need_pki(state);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault f = { 0 };

		assert_null(
		    signer_load(pki->crypto, at(pki, cases[i].key, ".key"),
			at(pki, cases[i].cert, ".pem"), NULL, &f));
		told(cases[i].key, &f, FAULT_USAGE, cases[i].text);
	}
}

static void
signs_with_certificates_for_documents(void **state)
{
	static const char *const names[] = { "mail", "document", "anyuse" };
	const struct pki *pki = need_pki(state);
	BUF_AUTO(root, SIZE);

	slurp(pki, "root", ".pem", &root);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct signature_info info;
		struct signer *s = load(pki, names[i]);
		BUF_AUTO(der, SIZE);

		sign(s, MESSAGE, &der);
		accepted(pki, &der, &root, &info);
		assert_true(info.trusted);
		signer_free(s);
	}
}

static void
reads_keys_in_every_container(void **state)
{
	static const struct {
		const char *scheme, *key, *cert; /* NULL: with the key */
	} cases[] = {
		{ "", "p256.key", "p256.pem" },
		{ "", "p256.der", "p256-chain.pem" },
		{ "", "p256-enc.key", "p256.pem" },
		{ "", "p256-all.pem", NULL },
		{ "", "p256-enc-all.pem", NULL },
		{ "", "p256.p12", NULL },
		{ "", "p256-nopass.p12", NULL },
		{ "", "p256.p12", "p256-chain.pem" },
		{ "", "p256.key", "p256.p12" },
		{ "file:", "p256-all.pem", NULL },
		{ "file://", "p256.p12", NULL },
		{ "file://localhost", "p256.p12", NULL },
	};
	const struct pki *pki = need_pki(state);
	const struct signer_passphrase right = saying(passphrase);
	BUF_AUTO(inter, SIZE);
	BUF_AUTO(root, SIZE);

	slurp(pki, "inter", ".pem", &inter);
	slurp(pki, "root", ".pem", &root);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault f = { 0 };
		char uri[160];
		struct signer *s;
		bool chain;
		BUF_AUTO(der, SIZE);

		(void)snprintf(uri, sizeof(uri), "%s%s/%s", cases[i].scheme,
		    pki->dir, cases[i].key);
		s = signer_load(pki->crypto, uri,
		    cases[i].cert == NULL ? NULL : at(pki, cases[i].cert, ""),
		    &right, &f);
		if (s == NULL)
			fail_msg("%s: %s", uri, f.text);
		sign(s, MESSAGE, &der);
		accepted(pki, &der, &inter, NULL);
		chain = verify(pki, MESSAGE, strlen(MESSAGE), &der, &root, 0,
			    NULL, &f) == 0;
		assert_int_equal(
		    chain, strstr(uri, "nopass") == NULL &&
			       (cases[i].cert == NULL ||
				   strcmp(cases[i].cert, "p256.pem") != 0));
		signer_free(s);
	}
}

static void
encrypted_keys_need_their_passphrase(void **state)
{
	static const char *const keys[] = { "p256-enc.key", "p256-enc-all.pem",
		"p256.p12" };
	const struct pki *pki = need_pki(state);
	const struct signer_passphrase wrong = saying("wrong"),
				       empty = saying(""),
				       none = { .ask = silence };
	const struct {
		const struct signer_passphrase *pass;
		const char *text;
	} cases[] = {
		{ &wrong, "not opened with the passphrase given" },
		{ &empty, "not opened with the passphrase given" },
		{ &none, "no passphrase was given" },
		{ NULL, "no passphrase was given" },
	};

	for (size_t i = 0; i < COUNT(keys); i++)
		for (size_t j = 0; j < COUNT(cases); j++) {
			struct fault f = { 0 };

			assert_null(
			    signer_load(pki->crypto, at(pki, keys[i], ""),
				at(pki, "p256", ".pem"), cases[j].pass, &f));
			told(keys[i], &f, FAULT_DENIED, cases[j].text);
			assert_null(strstr(f.text, "wrong\""));
		}
}

static void
says_what_is_wrong_with_a_key_file(void **state)
{
	const struct pki *pki = need_pki(state);
	const struct {
		const char *key, *cert;
		enum fault_kind kind;
		const char *text;
	} cases[] = {
		{ "/nonexistent.key", NULL, FAULT_ABSENT, "/nonexistent.key" },
		{ "file:/nonexistent.key", NULL, FAULT_ABSENT, "/nonexist" },
		{ "/", NULL, FAULT_USAGE, "not a regular file" },
		{ "/dev/null", NULL, FAULT_USAGE, "not a regular file" },
		{ "p256-old.key", NULL, FAULT_USAGE, "openssl pkcs8 -topk8" },
		{ "garbage.key", NULL, FAULT_USAGE, "holds no private key" },
		{ "p256.pem", NULL, FAULT_USAGE, "holds no private key" },
		{ "p256.key", NULL, FAULT_USAGE, "holds no certificate" },
		{ "p256.key", "p384.key", FAULT_USAGE, "holds no certificate" },
		{ "p256.key", "none.pem", FAULT_ABSENT, "none.pem" },
		{ "damaged.key", NULL, FAULT_FORMAT, "unsupported" },
		{ "nosuch:key", NULL, FAULT_FORMAT, "nosuch:key" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *key = cases[i].key, *cert = cases[i].cert;
		struct fault f = { 0 };

		if (key[0] != '/' && strchr(key, ':') == NULL)
			key = at(pki, key, "");
		if (cert != NULL)
			cert = at(pki, cert, "");
		assert_null(signer_load(pki->crypto, key, cert, NULL, &f));
		told(cases[i].key, &f, cases[i].kind, cases[i].text);
	}
}

/* Write a generated pair into the test's folder and load it again. */
static struct signer *
generate(const struct pki *pki, const char *name,
    const struct signer_passphrase *pass, struct buf *cert)
{
	struct fault f = { 0 };
	struct signer *s;
	BUF_AUTO(key, SIZE);

	if (signer_generate(
		pki->crypto, name, WHEN, 365, pass, &key, cert, &f) == -1)
		fail_msg("%s", f.text);
	assert_memory_equal(key.p,
	    pass == NULL ? "-----BEGIN PRIVATE KEY-----"
			 : "-----BEGIN ENCRYPTED PRIVATE KEY-----",
	    27);
	assert_int_equal(
	    file_write(at(pki, "new", ".key"), key.p, key.len, 0600, &f), 0);
	assert_int_equal(
	    file_write(at(pki, "new", ".pem"), cert->p, cert->len, 0644, &f),
	    0);
	OPENSSL_cleanse(key.p, key.cap);
	s = signer_load(pki->crypto, at(pki, "new", ".key"),
	    at(pki, "new", ".pem"), pass, &f);
	if (s == NULL)
		fail_msg("%s", f.text);
	return s;
}

static void
makes_a_key_that_signs(void **state)
{
	const struct pki *pki = *state;
	const struct signer_passphrase pass = saying(passphrase);
	struct signer_info first, second;
	struct signature_info info;
	struct fault f = { 0 };
	BUF_AUTO(cert, SIZE);
	BUF_AUTO(again, SIZE);
	BUF_AUTO(shown, SIZE);
	BUF_AUTO(der, SIZE);
	struct signer *s = generate(pki, "Ex\xc3\xa4mple Ltd", NULL, &cert);

	assert_int_equal(signer_describe(s, &first, &f), 0);
	assert_string_equal(
	    first.subject, "CN=Ex\xc3\xa4mple Ltd (self-signed by exhibit)");
	assert_string_equal(first.issuer, first.subject);
	assert_string_equal(first.algorithm, "ECDSA P-384");
	assert_int_equal(strlen(first.serial), 32);
	assert_int_equal(strlen(first.fingerprint), 64);
	assert_int_equal(first.not_before, WHEN);
	assert_int_equal(first.not_after, WHEN + YEAR);
	assert_true(first.self_signed);
	assert_int_equal(signer_certificate(s, &shown, &f), 0);
	assert_string_equal(shown.p, cert.p);
	sign(s, MESSAGE, &der);
	accepted(pki, &der, &cert, &info);
	assert_true(info.trusted);
	assert_string_equal(info.fingerprint, first.fingerprint);
	signer_free(s);

	s = generate(pki, "Ex\xc3\xa4mple Ltd", &pass, &again);
	assert_int_equal(signer_describe(s, &second, &f), 0);
	assert_string_not_equal(first.serial, second.serial);
	assert_string_not_equal(first.fingerprint, second.fingerprint);
	assert_int_equal(
	    verify(pki, MESSAGE, strlen(MESSAGE), &der, &again, 0, NULL, &f),
	    -1); /* the name is the same, the signer is not */
	assert_int_equal(f.kind, FAULT_INTEGRITY);
	signer_free(s);
}

static void
refuses_to_make_odd_certificates(void **state)
{
	static const char forty[] = "1234567890123456789012345678901234567890";
	const struct pki *pki = *state;
	const struct signer_passphrase none = { .ask = silence },
				       empty = saying("");
	const struct {
		const char *name;
		int64_t when;
		int days;
		const struct signer_passphrase *pass;
		const char *text;
	} cases[] = {
		{ "", WHEN, 1, NULL, "common name" },
		{ forty, WHEN, 1, NULL, "common name" },
		{ "a\nb", WHEN, 1, NULL, "common name" },
		{ "\xff", WHEN, 1, NULL, "common name" },
		{ "\xc3", WHEN, 1, NULL, "common name" },
		{ "a", WHEN, 0, NULL, "days" },
		{ "a", WHEN, SIGNER_DAYS_MAX + 1, NULL, "days" },
		{ "a", -1, 1, NULL, "1970" },
		{ "a", INT64_MAX, 1, NULL, "1970" },
		{ "a", WHEN, 1, &none, "passphrase" },
		{ "a", WHEN, 1, &empty, "passphrase" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault f = { 0 };
		BUF_AUTO(key, SIZE);
		BUF_AUTO(cert, SIZE);

		assert_int_equal(
		    signer_generate(pki->crypto, cases[i].name, cases[i].when,
			cases[i].days, cases[i].pass, &key, &cert, &f),
		    -1);
		told(cases[i].name, &f, FAULT_USAGE, cases[i].text);
		assert_int_equal(key.len + cert.len, 0);
	}
}

static void
any_length_of_message_can_be_signed(void **state)
{
	static char large[3 * 1024 * 1024];
	const struct pki *pki = *state;
	struct fault f = { 0 };
	struct signature_info info;
	BUF_AUTO(cert, SIZE);
	BUF_AUTO(empty, SIZE);
	BUF_AUTO(der, SIZE);
	struct signer *s = generate(pki, "any", NULL, &cert);

	assert_int_equal(sign_detached(s, NULL, 0, WHEN, &empty, &f), 0);
	assert_int_equal(verify(pki, "", 0, &empty, &cert, 0, &info, &f), 0);
	assert_int_equal(verify(pki, "x", 1, &empty, &cert, 0, NULL, &f), -1);
	assert_int_equal(
	    sign_detached(s, large, sizeof(large), WHEN, &der, &f), 0);
	assert_int_equal(
	    verify(pki, large, sizeof(large), &der, &cert, 0, &info, &f), 0);
	large[sizeof(large) - 1] = 1;
	assert_int_equal(
	    verify(pki, large, sizeof(large), &der, &cert, 0, &info, &f), -1);
	/* line ends are bytes like others */
	buf_reset(&der);
	assert_int_equal(sign_detached(s, "a\nb\r\n", 5, WHEN, &der, &f), 0);
	assert_int_equal(
	    verify(pki, "a\nb\r\n", 5, &der, &cert, 0, NULL, &f), 0);
	assert_int_equal(
	    verify(pki, "a\r\nb\r\n", 6, &der, &cert, 0, NULL, &f), -1);
	signer_free(s);
}

/* The line every reader is given. */
static int
stock_verify(const struct pki *pki, const char *anchor)
{
	return run((const char *[]){ "openssl", "cms", "-verify", "-binary",
	    "-cades", "-purpose", "any", "-inform", "DER", "-in",
	    at(pki, "F", ".p7s"), "-content", at(pki, "F", ""), "-CAfile",
	    at(pki, anchor, ".pem"), "-out", "/dev/null", NULL });
}

static void
the_stock_tool_accepts(
    const struct pki *pki, const struct signer *s, const char *anchor)
{
	char message[] = MESSAGE;
	struct fault f = { 0 };
	BUF_AUTO(der, SIZE);

	sign(s, MESSAGE, &der);
	assert_int_equal(
	    file_write(at(pki, "F", ".p7s"), der.p, der.len, 0600, &f), 0);
	assert_int_equal(
	    file_write(at(pki, "F", ""), message, strlen(message), 0600, &f),
	    0);
	if (stock_verify(pki, anchor) != 0)
		fail_msg(
		    "openssl refuses a signature that leads to %s", anchor);
	assert_int_not_equal(stock_verify(pki, "other"), 0);
	message[5] ^= 1;
	assert_int_equal(
	    file_write(at(pki, "F", ""), message, strlen(message), 0600, &f),
	    0);
	assert_int_not_equal(stock_verify(pki, anchor), 0);
}

static void
the_stock_tool_reads_what_we_sign(void **state)
{
	static const char *const keys[] = { "p256", "p384", "p521", "rsa2048",
		"rsa3072", "pss3072" };
	const struct pki *pki = need_pki(state);

	for (size_t i = 0; i < COUNT(keys); i++) {
		struct signer *s = load(pki, keys[i]);

		the_stock_tool_accepts(pki, s, "root");
		signer_free(s);
	}
}

static void
the_stock_tool_trusts_a_self_signed_signer_given_to_it(void **state)
{
	const struct pki *pki = need_pki(state);
	struct signer *s = load(pki, "self");
	struct fault f = { 0 };
	BUF_AUTO(key, SIZE);
	BUF_AUTO(cert, SIZE);

	the_stock_tool_accepts(pki, s, "self");
	signer_free(s);

	/* ours, valid since yesterday by the clock the tool reads */
	assert_int_equal(
	    signer_generate(pki->crypto, "stock", INT64_C(1577836800),
		SIGNER_DAYS_MAX, NULL, &key, &cert, &f),
	    0);
	assert_int_equal(
	    file_write(at(pki, "gen", ".key"), key.p, key.len, 0600, &f), 0);
	assert_int_equal(
	    file_write(at(pki, "gen", ".pem"), cert.p, cert.len, 0600, &f), 0);
	s = signer_load(pki->crypto, at(pki, "gen", ".key"),
	    at(pki, "gen", ".pem"), NULL, &f);
	assert_non_null(s);
	the_stock_tool_accepts(pki, s, "gen");
	signer_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_accepted_key_signs_and_verifies),
		cmocka_unit_test(
		    the_signer_or_an_intermediate_may_be_the_anchor),
		cmocka_unit_test(without_anchors_nothing_is_trusted),
		cmocka_unit_test(refuses_signers_it_does_not_trust),
		cmocka_unit_test(certificates_count_at_the_time_asked_about),
		cmocka_unit_test(does_not_sign_outside_the_certificates_time),
		cmocka_unit_test(every_flipped_bit_of_the_message_is_refused),
		cmocka_unit_test(
		    a_flipped_bit_of_the_signature_changes_nothing_that_is_told),
		cmocka_unit_test(refuses_cut_and_lengthened_signatures),
		cmocka_unit_test(sizes_have_a_maximum),
		cmocka_unit_test(refuses_anchors_that_are_none),
		cmocka_unit_test(reads_what_the_stock_tool_signs),
		cmocka_unit_test(refuses_signatures_that_prove_too_little),
		cmocka_unit_test(notices_an_exchanged_certificate),
		cmocka_unit_test(revoked_signers_are_refused),
		cmocka_unit_test(an_expired_signer_is_told),
		cmocka_unit_test(refuses_odd_time_stamps),
		cmocka_unit_test(a_key_elsewhere_signs_too),
		cmocka_unit_test(refuses_keys_it_must_not_sign_with),
		cmocka_unit_test(signs_with_certificates_for_documents),
		cmocka_unit_test(reads_keys_in_every_container),
		cmocka_unit_test(encrypted_keys_need_their_passphrase),
		cmocka_unit_test(says_what_is_wrong_with_a_key_file),
		cmocka_unit_test(makes_a_key_that_signs),
		cmocka_unit_test(refuses_to_make_odd_certificates),
		cmocka_unit_test(any_length_of_message_can_be_signed),
		cmocka_unit_test(the_stock_tool_reads_what_we_sign),
		cmocka_unit_test(
		    the_stock_tool_trusts_a_self_signed_signer_given_to_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
