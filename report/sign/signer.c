/* Loading a signer: by OSSL_STORE, or from a token. See sign.h. */
#include "report/sign/signing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/x509v3.h>

#include "base/length.h"

/* -- loading ------------------------------------------------------------ */

static void
holding_free(struct holding *h)
{
	EVP_PKEY_free(h->key);
	if (h->remote.free != NULL)
		h->remote.free(h->remote.ctx);
	sk_X509_pop_free(h->certs, X509_free);
}

static void
uri_shown(const char *uri, char out[URI_SHOWN])
{
	const char *pin = strstr(uri, "pin-value=");
	int n = pin == NULL || pin == uri ? 255 : (int)(pin - uri) - 1;

	(void)snprintf(out, URI_SHOWN, "%.*s", n > 255 ? 255 : n, uri);
}

/* The path a URI names, borrowed from it, or NULL: another scheme. */
static const char *
uri_path(const char *uri)
{
	static const char *const forms[] = { "file://localhost/", "file:///",
		"file:/" };

	for (size_t i = 0; i < LENGTH(forms); i++)
		if (strncmp(uri, forms[i], strlen(forms[i])) == 0)
			return uri + strlen(forms[i]) - 1;
	if (strncmp(uri, "file:", 5) == 0)
		return uri + 5;
	return uri[strcspn(uri, ":/")] == ':' ? NULL : uri;
}

static bool
is_token(const char *uri)
{
	return strncmp(uri, "pkcs11:", 7) == 0;
}

/* What needs care before OSSL_STORE may have a file. */
enum container { CONTAINER_PKCS12, CONTAINER_OLD_PEM, CONTAINER_OTHER };

/*
 * PFX ::= SEQUENCE { version INTEGER (3) … (RFC 7292 section 4), where the
 * key formats have 0, 1 or a SEQUENCE; and the encryption of RFC 1421.
 */
static enum container
container_of(const unsigned char *p, size_t len)
{
	static const char old[] = "Proc-Type: 4,ENCRYPTED";
	const unsigned char *end = p + len;
	size_t at = len < 16 ? len : p[1] < 0x80 ? 2 : 2 + (size_t)(p[1] & 7);

	if (at + 3 <= len && p[0] == 0x30 &&
	    memcmp(p + at, "\x02\x01\x03", 3) == 0)
		return CONTAINER_PKCS12;
	while ((p = memchr(p, 'P', (size_t)(end - p))) != NULL) {
		if ((size_t)(end - p) >= sizeof(old) - 1 &&
		    memcmp(p, old, sizeof(old) - 1) == 0)
			return CONTAINER_OLD_PEM;
		p++;
	}
	return CONTAINER_OTHER;
}

/* The bytes of a file, which may be secret: at most size, or -1 and errno. */
static ssize_t
read_some(int fd, unsigned char *p, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n != 0 && len < size) {
		n = read(fd, p + len, size - len);
		if (n == -1 && errno != EINTR)
			return -1;
		len += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)len;
}

/* Look into a file. Also where a missing, odd or too large one is told. */
static int
inspect_fd(int fd, const char *path, enum container *what, struct fault *f)
{
	struct stat st;
	unsigned char *p;
	ssize_t n;
	int rc = 0;

	if (fd == -1 || fstat(fd, &st) == -1)
		return fault_errno(f, errno, path);
	if (!S_ISREG(st.st_mode))
		return fault(f, FAULT_USAGE, "%s: not a regular file", path);
	if (st.st_size > SIGNER_FILE_MAX)
		return fault(f, FAULT_LIMIT, "%s: larger than %d bytes", path,
		    SIGNER_FILE_MAX);
	if ((p = OPENSSL_malloc(SIGNER_FILE_MAX)) == NULL)
		return fault_memory(f);
	if ((n = read_some(fd, p, SIGNER_FILE_MAX)) == -1)
		rc = fault_errno(f, errno, path);
	else
		*what = container_of(p, (size_t)n);
	OPENSSL_clear_free(p, SIGNER_FILE_MAX);
	return rc;
}

static int
inspect(const char *path, enum container *what, struct fault *f)
{
	/* O_NONBLOCK: opening a FIFO must not wait for a writer */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int rc = inspect_fd(fd, path, what, f);

	if (fd != -1)
		(void)close(fd);
	return rc;
}

static int
take_object(struct crypto *c, const OSSL_STORE_INFO *info, struct holding *h)
{
	switch (OSSL_STORE_INFO_get_type(info)) {
	case OSSL_STORE_INFO_PKEY:
		if (h->key == NULL)
			h->key = OSSL_STORE_INFO_get1_PKEY(info);
		return h->key == NULL ? -1 : 0;
	case OSSL_STORE_INFO_CERT:
		return holding_add(h, c, OSSL_STORE_INFO_get0_CERT(info));
	default: /* parameters, public keys, CRLs, names in a folder */
		return 0;
	}
}

/*
 * Every object the store holds; -1 leaves the cause in the queue. At its end
 * a store says "error", too: only one before the end is a damaged object.
 */
static int
take_all(struct crypto *c, OSSL_STORE_CTX *store, struct holding *h)
{
	int rc = 0;

	for (int i = 0; rc == 0 && !OSSL_STORE_eof(store); i++) {
		OSSL_STORE_INFO *info = OSSL_STORE_load(store);

		if (i == SIGNER_OBJECTS_MAX)
			rc = -1;
		else if (info != NULL)
			rc = take_object(c, info, h);
		else if (!OSSL_STORE_eof(store))
			rc = -1;
		OSSL_STORE_INFO_free(info);
	}
	return rc;
}

static int
load_store(struct crypto *c, const char *uri, struct question *q,
    struct holding *h, struct fault *f)
{
	UI_METHOD *ui = question_ui();
	OSSL_STORE_CTX *store = NULL;
	int rc = -1;

	/* OpenSSL 3.0 goes on with a loader it has closed when it cannot set
	 * the query, for want of memory: only where it is needed */
	if (ui != NULL)
		store = OSSL_STORE_open_ex(uri, crypto_libctx(c),
		    crypto_propq(c)[0] != '\0' ? crypto_propq(c) : NULL, ui, q,
		    NULL, NULL, NULL);
	if (store != NULL)
		rc = take_all(c, store, h);
	if (rc == -1)
		(void)question_fault(q, f);
	(void)OSSL_STORE_close(store);
	UI_destroy_method(ui);
	return rc;
}

static int
load_uri(struct crypto *c, const char *uri,
    const struct signer_passphrase *pass, struct holding *h, struct fault *f)
{
	const char *path = uri_path(uri);
	char shown[URI_SHOWN];
	struct question q = { .pass = pass, .what = shown };
	enum container what = CONTAINER_OTHER;

	uri_shown(uri, shown);
	if ((h->certs = sk_X509_new_null()) == NULL)
		return fault_memory(f);
	if (path != NULL && inspect(path, &what, f) == -1)
		return -1;
	if (what == CONTAINER_PKCS12 && crypto_propq(c)[0] != '\0')
		return fault(f, FAULT_USAGE,
		    "%s: PKCS#12, whose key derivation no FIPS provider has; "
		    "with --fips use PKCS#8: openssl pkcs12 -in FILE -out "
		    "key.pem",
		    shown);
	if (what == CONTAINER_PKCS12)
		return load_pkcs12(c, path, &q, h, f);
	if (is_token(uri) &&
	    !OSSL_PROVIDER_available(crypto_libctx(c), "pkcs11"))
		return load_token(c, uri, &q, h, f);
	if (what == CONTAINER_OLD_PEM) /* OpenSSL: in the default context */
		return fault(f, FAULT_USAGE,
		    "%s: encrypted in the old way, which makes its key with "
		    "MD5; convert it with: openssl pkcs8 -topk8 -v2 "
		    "aes-256-cbc",
		    shown);
	if (load_store(c, uri, &q, h, f) == -1)
		return -1;
	if (h->key == NULL && q.asked) /* the store passes over what it */
		return question_fault(&q, f); /* cannot open */
	ERR_clear_error();
	return 0;
}

/*
 * A scheme such as pkcs11: is served by a provider of its name. Where fips=yes
 * is asked for, one that does not offer it is not used: fails closed.
 */
static void
load_provider(struct signer *s, const char *uri)
{
	OSSL_LIB_CTX *libctx = crypto_libctx(s->crypto);

	if (is_token(uri) && !OSSL_PROVIDER_available(libctx, "pkcs11"))
		s->extra = OSSL_PROVIDER_try_load(libctx, "pkcs11", 1);
}

/* Move the key's certificate out of the stack; what is left is the chain. */
static int
choose_certificate(struct signer *s, STACK_OF(X509) * *certs, const char *where,
    struct fault *f)
{
	char shown[URI_SHOWN];
	int n = sk_X509_num(*certs);

	uri_shown(where, shown);
	for (int i = 0; i < n && s->cert == NULL; i++)
		if (X509_check_private_key(sk_X509_value(*certs, i), s->key) ==
		    1)
			s->cert = sk_X509_delete(*certs, i);
	ERR_clear_error();
	if (n == 0)
		return fault(f, FAULT_USAGE, "%s: holds no certificate", shown);
	if (s->cert == NULL)
		return fault(f, FAULT_USAGE,
		    "%s: no certificate in it belongs to the key", shown);
	s->chain = *certs;
	*certs = NULL;
	return 0;
}

static int
check_signer(const struct signer *s, struct fault *f)
{
	char text[32];

	if (key_describe(s->key, text, FAULT_USAGE, "the signing key", f) == -1)
		return -1;
	if (s->remote.sign != NULL && EVP_PKEY_is_a(s->key, "RSA-PSS"))
		return fault(f, FAULT_USAGE,
		    "the signing key: RSA-PSS is not asked of a token or key "
		    "service");
	if ((X509_get_extension_flags(s->cert) & EXFLAG_CA) != 0)
		return fault(f, FAULT_USAGE,
		    "the certificate is a CA's: a key that issues certificates "
		    "does not sign reports; have it issue another one");
	if ((X509_get_key_usage(s->cert) & KU_DIGITAL_SIGNATURE) == 0)
		return fault(f, FAULT_USAGE,
		    "the certificate's key usage does not allow "
		    "digitalSignature (RFC 5280 4.2.1.3)");
	if (!certificate_for_documents(s->cert))
		return fault(f, FAULT_USAGE,
		    "the certificate is for another purpose: its extended key "
		    "usage has neither emailProtection nor documentSigning "
		    "(1.3.6.1.5.5.7.3.36), so verify would refuse what it "
		    "signs");
	return 0;
}

static int
load_parts(struct signer *s, const char *key_uri, const char *cert_uri,
    const struct signer_passphrase *pass, struct fault *f)
{
	struct holding key = { 0 }, cert = { 0 };
	char shown[URI_SHOWN];
	int rc = -1;

	if (load_uri(s->crypto, key_uri, pass, &key, f) == -1)
		goto out;
	if (key.key == NULL) {
		uri_shown(key_uri, shown);
		(void)fault(f, FAULT_USAGE, "%s: holds no private key", shown);
		goto out;
	}
	s->key = key.key;
	key.key = NULL;
	s->remote = key.remote;
	key.remote = (struct signer_remote){ 0 };
	if (cert_uri == NULL)
		rc = choose_certificate(s, &key.certs, key_uri, f);
	else if (load_uri(s->crypto, cert_uri, pass, &cert, f) == 0)
		rc = choose_certificate(s, &cert.certs, cert_uri, f);
out:
	holding_free(&key);
	holding_free(&cert);
	return rc;
}

struct signer *
signer_load(struct crypto *c, const char *key_uri, const char *cert_uri,
    const struct signer_passphrase *pass, struct fault *f)
{
	struct signer *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	ERR_clear_error();
	s->crypto = c;
	load_provider(s, key_uri);
	if (load_parts(s, key_uri, cert_uri, pass, f) == -1 ||
	    check_signer(s, f) == -1) {
		signer_free(s);
		return NULL;
	}
	return s;
}

static int
load_remote(struct signer *s, const void *spki, size_t len,
    const char *cert_uri, const struct signer_passphrase *pass, struct fault *f)
{
	struct holding cert = { 0 };
	const unsigned char *p = spki;
	int rc = -1;

	if (len > SIGNER_FILE_MAX)
		return fault(f, FAULT_LIMIT, "public key over %d bytes",
		    SIGNER_FILE_MAX);
	s->key = d2i_PUBKEY_ex(NULL, &p, (long)len, crypto_libctx(s->crypto),
	    crypto_propq(s->crypto));
	if (s->key == NULL || p != (const unsigned char *)spki + len)
		return openssl_fault(
		    f, FAULT_FORMAT, "not a public key that is known here");
	if (load_uri(s->crypto, cert_uri, pass, &cert, f) == 0)
		rc = choose_certificate(s, &cert.certs, cert_uri, f);
	holding_free(&cert);
	return rc;
}

struct signer *
signer_new_remote(struct crypto *c, const struct signer_remote *remote,
    const void *spki, size_t len, const char *cert_uri,
    const struct signer_passphrase *pass, struct fault *f)
{
	struct signer *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		if (remote->free != NULL)
			remote->free(remote->ctx);
		(void)fault_memory(f);
		return NULL;
	}
	ERR_clear_error();
	s->crypto = c;
	s->remote = *remote;
	if (load_remote(s, spki, len, cert_uri, pass, f) == 0 &&
	    check_signer(s, f) == 0)
		return s;
	signer_free(s);
	return NULL;
}

const char *
signer_where(const struct signer *s)
{
	return s->remote.where;
}

void
signer_free(struct signer *s)
{
	if (s == NULL)
		return;
	sk_X509_pop_free(s->chain, X509_free);
	X509_free(s->cert);
	EVP_PKEY_free(s->key); /* wipes it */
	if (s->remote.free != NULL)
		s->remote.free(s->remote.ctx);
	if (s->extra != NULL)
		(void)OSSL_PROVIDER_unload(s->extra);
	free(s);
}

/* -- what a signer is --------------------------------------------------- */

int
signer_certificate(const struct signer *s, struct buf *pem, struct fault *f)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int rc;

	ERR_clear_error();
	if (bio == NULL || PEM_write_bio_X509(bio, s->cert) != 1)
		rc = openssl_fault(f, FAULT_IO, "writing a certificate");
	else
		rc = bio_to_buf(bio, pem, "certificate", f);
	BIO_free(bio);
	return rc;
}

int
certificate_info(struct crypto *c, const void *pem, size_t len,
    struct signer_info *out, struct fault *f)
{
	BIO *in = BIO_new_mem_buf(pem, (int)len);
	X509 *cert = X509_new_ex(crypto_libctx(c), crypto_propq(c));
	int rc = -1;

	if (in == NULL || cert == NULL || len > SIGNER_FILE_MAX)
		(void)fault_memory(f);
	else if (PEM_read_bio_X509(in, &cert, NULL, NULL) == NULL)
		(void)openssl_fault(f, FAULT_FORMAT, "certificate");
	else
		rc = certificate_describe(c, cert, out, FAULT_FORMAT, f);
	X509_free(cert);
	BIO_free(in);
	return rc;
}

int
signer_describe(
    const struct signer *s, struct signer_info *out, struct fault *f)
{
	ERR_clear_error();
	return certificate_describe(s->crypto, s->cert, out, FAULT_USAGE, f);
}
