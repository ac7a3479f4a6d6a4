/* See xmldsig.h. */
#include "report/sign/xmldsig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "base/base64.h"
#include "report/sign/signing.h"

#define DS "http://www.w3.org/2000/09/xmldsig#"
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define EXCLUSIVE "http://www.w3.org/2001/10/xml-exc-c14n#"

/*
 * The texts between what differs. Canonical form: elements are ended by a tag
 * of their own, and the apex of what is canonicalised declares its namespace.
 */
static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			   "<ds:Signature xmlns:ds=\"" DS "\">\n";
static const char info[] = "<ds:SignedInfo>";
static const char info_apex[] = "<ds:SignedInfo xmlns:ds=\"" DS "\">";
static const char method[] =
    "\n<ds:CanonicalizationMethod Algorithm=\"" EXCLUSIVE
    "\"></ds:CanonicalizationMethod>\n<ds:SignatureMethod Algorithm=\"" MORE;
static const char reference[] =
    "\"></ds:SignatureMethod>\n<ds:Reference URI=\"";
static const char file_digest[] =
    "\">\n<ds:DigestMethod Algorithm=\"" MORE
    "sha384\"></ds:DigestMethod>\n<ds:DigestValue>";
static const char key_digest[] =
    "</ds:DigestValue>\n</ds:Reference>\n<ds:Reference URI=\"#key\">\n"
    "<ds:Transforms><ds:Transform Algorithm=\"" EXCLUSIVE
    "\"></ds:Transform></ds:Transforms>\n<ds:DigestMethod Algorithm=\"" MORE
    "sha384\"></ds:DigestMethod>\n<ds:DigestValue>";
static const char info_end[] =
    "</ds:DigestValue>\n</ds:Reference>\n</ds:SignedInfo>";
static const char value[] = "\n<ds:SignatureValue>";
static const char value_end[] = "</ds:SignatureValue>\n";
static const char key[] = "<ds:KeyInfo Id=\"key\">";
static const char key_apex[] = "<ds:KeyInfo xmlns:ds=\"" DS "\" Id=\"key\">";
static const char data[] = "\n<ds:X509Data>\n";
static const char cert_begin[] = "<ds:X509Certificate>";
static const char cert_end[] = "</ds:X509Certificate>\n";
static const char key_end[] = "</ds:X509Data>\n</ds:KeyInfo>";
static const char tail[] = "\n</ds:Signature>\n";

static bool
is_name(const char *s)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789._-";

	return s[0] != '\0' && strlen(s) <= XMLDSIG_NAME_MAX &&
	       s[strspn(s, good)] == '\0';
}

/* ECDSA in DER to the two numbers of fixed length that RFC 6931 2.3.6 has, or
 * back; RSA as it is. */
static size_t
half_of(const EVP_PKEY *k)
{
	return EVP_PKEY_is_a(k, "EC") ? ((size_t)EVP_PKEY_get_bits(k) + 7) / 8
				      : 0;
}

static int
from_der(const EVP_PKEY *k, struct buf *sig, struct fault *f)
{
	const unsigned char *p = (const unsigned char *)sig->p;
	int half = (int)half_of(k), ok;
	unsigned char raw[2 * 66];
	ECDSA_SIG *e;

	if (half == 0)
		return 0;
	e = d2i_ECDSA_SIG(NULL, &p, (long)sig->len);
	ok = e != NULL && half <= 66 &&
	     BN_bn2binpad(ECDSA_SIG_get0_r(e), raw, half) == half &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(e), raw + half, half) == half;
	ECDSA_SIG_free(e);
	if (!ok)
		return openssl_fault(f, FAULT_FORMAT, "ECDSA signature");
	buf_reset(sig);
	buf_put(sig, raw, 2 * (size_t)half);
	return buf_done(sig, "signature", f);
}

static int
to_der(const EVP_PKEY *k, struct buf *sig, struct fault *f)
{
	size_t half = half_of(k);
	const unsigned char *raw = (const unsigned char *)sig->p;
	unsigned char *der = NULL;
	ECDSA_SIG *e = NULL;
	BIGNUM *r = NULL, *s = NULL;
	int n = -1;

	if (half == 0)
		return 0;
	if (sig->len != 2 * half)
		return fault(f, FAULT_INTEGRITY,
		    "the signature's value is not of the key's length");
	r = BN_bin2bn(raw, (int)half, NULL);
	s = BN_bin2bn(raw + half, (int)half, NULL);
	e = ECDSA_SIG_new();
	if (r != NULL && s != NULL && e != NULL &&
	    ECDSA_SIG_set0(e, r, s) == 1) {
		r = s = NULL; /* e owns them */
		n = i2d_ECDSA_SIG(e, &der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(e);
	buf_reset(sig);
	if (n > 0)
		buf_put(sig, der, (size_t)n);
	OPENSSL_free(der);
	return n > 0 ? buf_done(sig, "signature", f) : fault_memory(f);
}

/* -- what is signed ----------------------------------------------------- */

/* The pieces that differ, as text. */
struct pieces {
	const char *name, *algorithm; /* "ecdsa-sha384" */
	struct buf file, keys;	      /* digests in base64 */
};

static void
put_digest(struct crypto *c, const void *p, size_t len, struct buf *out)
{
	uint8_t d[SHA384_LEN];
	struct fault ignored;

	if (digest_sha384(c, p, len, d, &ignored) == -1)
		out->failed = FAULT_IO;
	else
		base64_put(out, d, sizeof(d));
}

/* SignedInfo, standing in its document or by itself. */
static void
put_info(struct buf *out, const struct pieces *p, bool apex)
{
	buf_puts(out, apex ? info_apex : info);
	buf_puts(out, method);
	buf_puts(out, p->algorithm);
	buf_puts(out, reference);
	buf_puts(out, p->name);
	buf_puts(out, file_digest);
	buf_put(out, p->file.p, p->file.len);
	buf_puts(out, key_digest);
	buf_put(out, p->keys.p, p->keys.len);
	buf_puts(out, info_end);
}

static void
put_certificate(struct buf *out, const X509 *cert)
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);

	if (len < 0) {
		out->failed = FAULT_IO;
		return;
	}
	buf_puts(out, cert_begin);
	base64_put(out, der, (size_t)len);
	buf_puts(out, cert_end);
	OPENSSL_free(der);
}

/* KeyInfo without its first tag. */
static void
put_keys(struct buf *out, const X509 *cert, const STACK_OF(X509) * chain)
{
	buf_puts(out, data);
	put_certificate(out, cert);
	for (int i = 0; i < sk_X509_num(chain); i++)
		put_certificate(out, sk_X509_value(chain, i));
	buf_puts(out, key_end);
}

static void
digest_keys(struct crypto *c, const struct buf *rest, struct buf *out)
{
	BUF_AUTO(whole, XMLDSIG_MAX);

	buf_puts(&whole, key_apex);
	buf_put(&whole, rest->p, rest->len);
	if (whole.failed != FAULT_NONE)
		out->failed = whole.failed;
	else
		put_digest(c, whole.p, whole.len, out);
}

static const char *
algorithm_of(const EVP_PKEY *k)
{
	return EVP_PKEY_is_a(k, "EC")	 ? "ecdsa-sha384"
	       : EVP_PKEY_is_a(k, "RSA") ? "rsa-sha384"
					 : NULL;
}

static int
sign_pieces(const struct signer *s, const struct pieces *p, struct buf *sig,
    struct fault *f)
{
	BUF_AUTO(signed_, XMLDSIG_MAX);

	put_info(&signed_, p, true);
	return buf_done(&signed_, "XML signature", f) == -1 ||
		       signer_sign(s, signed_.p, signed_.len, sig, f) == -1
		   ? -1
		   : from_der(s->key, sig, f);
}

int
xmldsig_sign(const struct signer *s, const char *name, const void *p,
    size_t len, int64_t when, struct buf *out, struct fault *f)
{
	struct pieces k = { .name = name,
		.algorithm = algorithm_of(s->key),
		.file = { .max = 256 },
		.keys = { .max = 256 } };
	int rc = -1;
	BUF_AUTO(keys, XMLDSIG_MAX);
	BUF_AUTO(sig, SIGNER_SIGNATURE_MAX);

	ERR_clear_error();
	if (!is_name(name))
		return fault(f, FAULT_USAGE,
		    "%.200s: an XML signature names its file, which may have "
		    "A-Z a-z 0-9 . _ - in its name",
		    name);
	if (k.algorithm == NULL)
		return fault(f, FAULT_USAGE,
		    "an RSA-PSS key makes no XML signature that stock tools "
		    "read");
	if (signer_digest(s) != NID_sha384)
		return fault(f, FAULT_USAGE,
		    "a key that does not sign with SHA-384 makes no XML "
		    "signature");
	if (signer_holds(s, when, f) == -1)
		return -1;
	put_keys(&keys, s->cert, s->chain);
	put_digest(s->crypto, p, len, &k.file);
	digest_keys(s->crypto, &keys, &k.keys);
	if (buf_done(&keys, "XML signature", f) == 0 &&
	    buf_done(&k.file, "hashing", f) == 0 &&
	    buf_done(&k.keys, "hashing", f) == 0 &&
	    sign_pieces(s, &k, &sig, f) == 0) {
		buf_puts(out, head);
		put_info(out, &k, false);
		buf_puts(out, value);
		base64_put(out, sig.p, sig.len);
		buf_puts(out, value_end);
		buf_puts(out, key);
		buf_put(out, keys.p, keys.len);
		buf_puts(out, tail);
		rc = buf_done(out, "XML signature", f);
	}
	buf_free(&k.file);
	buf_free(&k.keys);
	ERR_clear_error();
	return rc;
}

/* -- reading ------------------------------------------------------------ */

struct reading {
	const char *at, *end;
	bool failed;
};

static void
expect(struct reading *r, const char *text)
{
	size_t n = strlen(text);

	if (r->failed || (size_t)(r->end - r->at) < n ||
	    memcmp(r->at, text, n) != 0)
		r->failed = true;
	else
		r->at += n;
}

static bool
is_next(const struct reading *r, const char *text)
{
	size_t n = strlen(text);

	return !r->failed && (size_t)(r->end - r->at) >= n &&
	       memcmp(r->at, text, n) == 0;
}

/* The base64 up to the next tag, in its only form (RFC 4648 section 3.5). */
static void
take_base64(struct reading *r, struct buf *out)
{
	const char *stop =
	    r->failed ? NULL : memchr(r->at, '<', (size_t)(r->end - r->at));
	size_t len = stop != NULL ? (size_t)(stop - r->at) : 0;
	size_t had = out->len;
	BUF_AUTO(again, XMLDSIG_MAX);

	if (len > 0 && base64_read(out, r->at, len))
		base64_put(&again, out->p + had, out->len - had);
	if (again.len != len || len == 0 || memcmp(again.p, r->at, len) != 0)
		r->failed = true;
	r->at = stop;
}

struct xml_signature {
	struct crypto *crypto;	/* borrowed */
	const char *algorithm;	/* static */
	struct buf file, keys;	/* digests stated */
	struct buf value;	/* signature */
	struct slice info_rest; /* SignedInfo behind its tag; borrowed */
	struct slice keys_rest; /* KeyInfo behind its tag; borrowed */
	STACK_OF(X509) * certs; /* owned; the signer's first */
};

static void
take_certificate(struct reading *r, struct xml_signature *x)
{
	X509 *cert =
	    X509_new_ex(crypto_libctx(x->crypto), crypto_propq(x->crypto));
	const unsigned char *p;
	BUF_AUTO(der, XMLDSIG_MAX);

	expect(r, cert_begin);
	take_base64(r, &der);
	expect(r, cert_end);
	p = (const unsigned char *)der.p;
	if (r->failed || cert == NULL ||
	    d2i_X509(&cert, &p, (long)der.len) == NULL ||
	    p != (const unsigned char *)der.p + der.len ||
	    sk_X509_push(x->certs, cert) == 0) {
		X509_free(cert);
		r->failed = true;
	}
}

static void
take_keys(struct reading *r, struct xml_signature *x)
{
	expect(r, key);
	x->keys_rest.p = r->at;
	expect(r, data);
	do
		take_certificate(r, x);
	while (is_next(r, cert_begin) &&
	       sk_X509_num(x->certs) <= SIGNER_CHAIN_MAX);
	expect(r, key_end);
	x->keys_rest.len = (size_t)(r->at - (const char *)x->keys_rest.p);
}

static int
read_all(struct xml_signature *x, const char *name, const void *p, size_t len,
    struct fault *f)
{
	struct reading r = { .at = p, .end = (const char *)p + len };

	expect(&r, head);
	expect(&r, info);
	x->info_rest.p = r.at;
	expect(&r, method);
	x->algorithm =
	    is_next(&r, "ecdsa-sha384") ? "ecdsa-sha384" : "rsa-sha384";
	expect(&r, x->algorithm);
	expect(&r, reference);
	expect(&r, name);
	expect(&r, file_digest);
	take_base64(&r, &x->file);
	expect(&r, key_digest);
	take_base64(&r, &x->keys);
	expect(&r, info_end);
	x->info_rest.len = (size_t)(r.at - (const char *)x->info_rest.p);
	expect(&r, value);
	take_base64(&r, &x->value);
	expect(&r, value_end);
	take_keys(&r, x);
	expect(&r, tail);
	ERR_clear_error();
	return !r.failed && r.at == r.end
		   ? 0
		   : fault(f, FAULT_FORMAT,
			 "not an XML signature of %.200s as exhibit writes it",
			 name);
}

static bool
is_digest(struct crypto *c, const char *before, const void *p, size_t len,
    const struct buf *stated)
{
	const struct slice v[2] = { { before, strlen(before) }, { p, len } };
	uint8_t d[SHA384_LEN];
	EVP_MD *md =
	    EVP_MD_fetch(crypto_libctx(c), "SHA2-384", crypto_propq(c));
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = md != NULL && ctx != NULL &&
		  EVP_DigestInit_ex2(ctx, md, NULL) == 1 &&
		  EVP_DigestUpdate(ctx, v[0].p, v[0].len) == 1 &&
		  EVP_DigestUpdate(ctx, v[1].p, v[1].len) == 1 &&
		  EVP_DigestFinal_ex(ctx, d, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return ok && stated->len == SHA384_LEN &&
	       CRYPTO_memcmp(d, stated->p, SHA384_LEN) == 0;
}

static int
check_value(struct xml_signature *x, X509 *cert, struct fault *f)
{
	EVP_PKEY *pub = X509_get0_pubkey(cert);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;
	BUF_AUTO(signed_, XMLDSIG_MAX);

	buf_puts(&signed_, info_apex);
	buf_put(&signed_, x->info_rest.p, x->info_rest.len);
	if (ctx == NULL || buf_done(&signed_, "XML signature", f) == -1 ||
	    to_der(pub, &x->value, f) == -1) {
		EVP_MD_CTX_free(ctx);
		return -1;
	}
	ok = EVP_DigestVerifyInit_ex(ctx, NULL, "SHA2-384",
		 crypto_libctx(x->crypto), crypto_propq(x->crypto), pub,
		 NULL) == 1 &&
	     EVP_DigestVerify(ctx, (unsigned char *)x->value.p, x->value.len,
		 (unsigned char *)signed_.p, signed_.len) == 1;
	EVP_MD_CTX_free(ctx);
	return ok ? 0
		  : refused(f,
			"the XML signature was not made by the key of the "
			"certificate in it, or was changed");
}

static int
check_xml(struct xml_signature *x, const void *p, size_t len,
    const struct signature_rules *rules, struct signature_info *out,
    struct fault *f)
{
	X509 *cert = sk_X509_value(x->certs, 0);
	const char *algorithm = algorithm_of(X509_get0_pubkey(cert));

	if (signature_describe(x->crypto, cert, out, f) == -1)
		return -1;
	if (algorithm == NULL || strcmp(algorithm, x->algorithm) != 0)
		return refused(
		    f, "the signature algorithm does not fit the key");
	if (check_value(x, cert, f) == -1)
		return -1;
	if (!is_digest(x->crypto, key_apex, x->keys_rest.p, x->keys_rest.len,
		&x->keys))
		return refused(
		    f, "the certificates are not those that were signed with");
	if (!is_digest(x->crypto, "", p, len, &x->file))
		return refused(f, "the bytes are not those that were signed");
	(void)snprintf(out->digest, sizeof(out->digest), "SHA-384");
	return signature_trust(x->crypto, cert, x->certs, rules,
	    rules->at != 0 ? rules->at : rules->now, true, out, f);
}

int
xmldsig_verify(struct crypto *c, const char *name, const void *p, size_t len,
    const void *sig, size_t sig_len, const struct signature_rules *rules,
    struct signature_info *out, struct fault *f)
{
	struct xml_signature x = { .crypto = c,
		.file = { .max = SHA384_LEN },
		.keys = { .max = SHA384_LEN },
		.value = { .max = SIGNER_SIGNATURE_MAX },
		.certs = sk_X509_new_null() };
	struct signature_info *found = calloc(1, sizeof(*found));
	int rc = -1;

	ERR_clear_error();
	if (found == NULL || x.certs == NULL)
		(void)fault_memory(f);
	else if (sig_len > XMLDSIG_MAX)
		(void)fault(f, FAULT_LIMIT,
		    "XML signature larger than %d bytes", XMLDSIG_MAX);
	else if (read_all(&x, name, sig, sig_len, f) == 0)
		rc = check_xml(&x, p, len, rules, found, f);
	if (rc == 0)
		*out = *found;
	free(found);
	sk_X509_pop_free(x.certs, X509_free);
	buf_free(&x.file);
	buf_free(&x.keys);
	buf_free(&x.value);
	ERR_clear_error();
	return rc;
}
