/* See sign.h. */
#include "sign.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "file.h"
#include "json.h"
#include "utc.h"

#define RSA_BITS_MIN 2048	 /* SP 800-131A: 112 bits of strength */
#define AUTH_LEVEL 2		 /* OpenSSL's name for the same 112 bits */
#define PBKDF2_ITERATIONS 600000 /* about a quarter of a second */
#define PBKDF2_SALT_LEN 16	 /* SP 800-132: 128 bits and more */
#define SERIAL_LEN 16		 /* RFC 5280 4.1.2.2: up to 20 octets */
#define KEY_ID_LEN 20		 /* RFC 7093 section 2, method 1 */
#define DAY 86400
#define TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define NAME_TAKEN 500 /* bytes of a name; text_clean may make four of one */
#define MADE_BY " (self-signed by exhibit)"

struct signer {
	struct crypto *crypto;	/* borrowed */
	OSSL_PROVIDER *extra;	/* owned; serves a URI scheme, or NULL */
	EVP_PKEY *key;		/* owned */
	X509 *cert;		/* owned */
	STACK_OF(X509) * chain; /* owned; without cert */
};

/* -- faults ------------------------------------------------------------- */

/*
 * Tell what OpenSSL's error queue says and clear it. Its oldest entry is the
 * cause, the rest its echo. Lack of memory, where it says so, is not told as a
 * bad signature.
 */
static int
openssl_fault(struct fault *f, enum fault_kind kind, const char *what)
{
	unsigned long e = ERR_peek_error();
	const char *why = ERR_reason_error_string(e);
	char text[128];

	if (ERR_SYSTEM_ERROR(e))
		why = strerror_r(ERR_GET_REASON(e), text, sizeof(text));
	if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
		kind = FAULT_IO;
	ERR_clear_error();
	return fault(f, kind, "%s: %s", what, why != NULL ? why : "failed");
}

/*
 * A signature refused for this reason, unless it was lack of memory that kept
 * us from looking.
 */
static int
refused(struct fault *f, const char *why)
{
	int reason = ERR_GET_REASON(ERR_peek_error());

	ERR_clear_error();
	if (reason == ERR_R_MALLOC_FAILURE)
		return fault_memory(f);
	return fault(f, FAULT_INTEGRITY, "%s", why);
}

/* -- what keys, digests and certificates are ---------------------------- */

static const struct {
	const char *group, *text;
} curves[] = {
	{ "prime256v1", "ECDSA P-256" },
	{ "P-256", "ECDSA P-256" },
	{ "secp384r1", "ECDSA P-384" },
	{ "P-384", "ECDSA P-384" },
	{ "secp521r1", "ECDSA P-521" },
	{ "P-521", "ECDSA P-521" },
};

static const struct digest {
	int nid;
	const char *text;
} digests[] = {
	{ NID_sha256, "SHA-256" },
	{ NID_sha384, "SHA-384" },
	{ NID_sha512, "SHA-512" },
};

static const struct digest *
digest_of(int nid)
{
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (digests[i].nid == nid)
			return &digests[i];
	return NULL;
}

/* A curve written out as parameters could be any curve: CVE-2020-0601. */
static bool
is_written_out(const EVP_PKEY *key)
{
	int explicit = 0;

	(void)EVP_PKEY_get_int_param(
	    key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit);
	return explicit != 0;
}

/* Name the key in out, or say why it is not accepted. */
static int
key_describe(const EVP_PKEY *key, char out[32], enum fault_kind kind,
    const char *whose, struct fault *f)
{
	char group[64] = "of its own";
	int bits;

	if (key == NULL)
		return fault(f, kind, "%s: unreadable key", whose);
	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS")) {
		if ((bits = EVP_PKEY_get_bits(key)) < RSA_BITS_MIN)
			return fault(f, kind, "%s: RSA of %d bits, need %d",
			    whose, bits, RSA_BITS_MIN);
		(void)snprintf(out, 32, "%s %d",
		    EVP_PKEY_is_a(key, "RSA") ? "RSA" : "RSA-PSS", bits);
		return 0;
	}
	if (!EVP_PKEY_is_a(key, "EC"))
		return fault(
		    f, kind, "%s: a key that is neither ECDSA nor RSA", whose);
	(void)EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (strcmp(group, curves[i].group) == 0 &&
		    !is_written_out(key)) {
			(void)snprintf(out, 32, "%s", curves[i].text);
			return 0;
		}
	return fault(f, kind,
	    "%s: elliptic curve %s, need P-256, P-384 or P-521", whose, group);
}

/* The certificate's name for people: valid UTF-8 that drives no terminal. */
static int
name_text(const X509_NAME *name, char out[SIGNER_NAME_LEN], struct fault *f)
{
	const unsigned long flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
	BIO *bio = BIO_new(BIO_s_mem());
	BUF_AUTO(text, SIGNER_NAME_LEN - 1);
	char *p;
	long len;

	if (bio == NULL || X509_NAME_print_ex(bio, name, 0, flags) < 0) {
		BIO_free(bio);
		return openssl_fault(f, FAULT_FORMAT, "name in a certificate");
	}
	len = BIO_get_mem_data(bio, &p);
	text_clean(&text, p, (size_t)len, NAME_TAKEN);
	BIO_free(bio);
	if (buf_done(&text, "name in a certificate", f) == -1)
		return -1;
	(void)snprintf(
	    out, SIGNER_NAME_LEN, "%s", text.p != NULL ? text.p : "");
	return 0;
}

static int
time_of(const ASN1_TIME *t, int64_t *out, struct fault *f)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return openssl_fault(f, FAULT_FORMAT, "time in a certificate");
	*out = (int64_t)timegm(&tm);
	return 0;
}

static int
serial_text(const X509 *cert, char *out, size_t size, struct fault *f)
{
	const ASN1_INTEGER *n = X509_get0_serialNumber(cert);
	int len = ASN1_STRING_length(n);

	if (len < 0 || len > 20 || (size_t)len * 2 + 2 > size)
		return fault(f, FAULT_FORMAT,
		    "serial number above 20 octets (RFC 5280 4.1.2.2)");
	if (ASN1_STRING_type(n) == V_ASN1_NEG_INTEGER)
		*out++ = '-';
	hex_encode(ASN1_STRING_get0_data(n), (size_t)len, out);
	return 0;
}

static int
fingerprint_of(
    struct crypto *c, const X509 *cert, char out[SHA256_HEX], struct fault *f)
{
	uint8_t d[SHA256_LEN];
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der), rc;

	if (len < 0)
		return openssl_fault(f, FAULT_FORMAT, "certificate");
	rc = digest_sha256(c, der, (size_t)len, d, f);
	OPENSSL_free(der);
	if (rc == 0)
		hex_encode(d, sizeof(d), out);
	return rc;
}

static int
certificate_describe(struct crypto *c, X509 *cert, struct signer_info *out,
    enum fault_kind kind, struct fault *f)
{
	struct signer_info i = { 0 };

	if (name_text(X509_get_subject_name(cert), i.subject, f) == -1 ||
	    name_text(X509_get_issuer_name(cert), i.issuer, f) == -1 ||
	    serial_text(cert, i.serial, sizeof(i.serial), f) == -1 ||
	    fingerprint_of(c, cert, i.fingerprint, f) == -1 ||
	    key_describe(X509_get0_pubkey(cert), i.algorithm, kind,
		"the signer's certificate", f) == -1 ||
	    time_of(X509_get0_notBefore(cert), &i.not_before, f) == -1 ||
	    time_of(X509_get0_notAfter(cert), &i.not_after, f) == -1)
		return -1;
	i.self_signed = X509_self_signed(cert, 1) == 1;
	ERR_clear_error(); /* "not self-signed" is no fault */
	*out = i;
	return 0;
}

/*
 * The same certificate, bound to our library context, whatever context the
 * store or the PKCS#12 reader decoded it in.
 */
static X509 *
certificate_rebind(struct crypto *c, const X509 *from)
{
	X509 *to = X509_new_ex(crypto_libctx(c), crypto_propq(c));
	unsigned char *der = NULL;
	const unsigned char *p;
	int len = i2d_X509(from, &der);

	p = der;
	if (to == NULL || len < 0 || d2i_X509(&to, &p, len) == NULL) {
		X509_free(to);
		to = NULL;
	}
	OPENSSL_free(der);
	return to;
}

/* -- passphrases -------------------------------------------------------- */

/* One key's question and what became of it. */
struct question {
	const struct signer_passphrase *pass; /* borrowed; may be NULL */
	const char *what;		      /* borrowed */
	bool asked, answered;
};

/* How many bytes of passphrase, at most size, or -1. */
static int
question_ask(struct question *q, char *out, size_t size)
{
	int n = -1;

	q->asked = true;
	if (q->pass != NULL)
		n = q->pass->ask(q->pass->ctx, q->what, out, size);
	if (n < 0 || (size_t)n > size)
		return -1;
	q->answered = true;
	return n;
}

/* OpenSSL's user interface, so that it never opens the terminal by itself. */
static int
ui_read(UI *ui, UI_STRING *s)
{
	char text[SIGNER_PASSPHRASE_MAX];
	size_t size = sizeof(text);
	int n, ok = 1;

	if (UI_get_string_type(s) != UIT_PROMPT)
		return 1;
	if (UI_get_result_maxsize(s) < (int)size)
		size = (size_t)UI_get_result_maxsize(s);
	n = question_ask(UI_get0_user_data(ui), text, size);
	if (n == -1 || UI_set_result_ex(ui, s, text, n) != 0)
		ok = 0;
	OPENSSL_cleanse(text, sizeof(text));
	return ok;
}

static UI_METHOD *
ui_new(void)
{
	UI_METHOD *ui = UI_create_method("exhibit");

	if (ui != NULL && UI_method_set_reader(ui, ui_read) == 0)
		return ui;
	UI_destroy_method(ui);
	return NULL;
}

/* Why no key came out, where a passphrase may be the cause. */
static int
question_fault(const struct question *q, struct fault *f)
{
	char what[320];

	if (!q->asked)
		return openssl_fault(f, FAULT_FORMAT, q->what);
	if (!q->answered) {
		ERR_clear_error();
		return fault(f, FAULT_DENIED,
		    "%s: encrypted, and no passphrase was given", q->what);
	}
	(void)snprintf(what, sizeof(what),
	    "%s: not opened with the passphrase given", q->what);
	return openssl_fault(f, FAULT_DENIED, what);
}

/* -- loading ------------------------------------------------------------ */

/* What one URI held. */
struct holding {
	EVP_PKEY *key;		/* owned; the first private key, or NULL */
	STACK_OF(X509) * certs; /* owned */
};

static void
holding_free(struct holding *h)
{
	EVP_PKEY_free(h->key);
	sk_X509_pop_free(h->certs, X509_free);
}

static int
holding_add(struct holding *h, struct crypto *c, const X509 *cert)
{
	X509 *own = certificate_rebind(c, cert);

	if (own == NULL || sk_X509_push(h->certs, own) == 0) {
		X509_free(own);
		return -1;
	}
	return 0;
}

/* A URI as it may be shown: RFC 7512 lets a PIN stand in it. */
static void
uri_shown(const char *uri, char out[256])
{
	const char *pin = strstr(uri, "pin-value=");
	int n = pin == NULL ? 255 : (int)(pin - uri);

	(void)snprintf(out, 256, "%.*s", n > 255 ? 255 : n, uri);
}

/* The path a URI names, borrowed from it, or NULL: another scheme. */
static const char *
uri_path(const char *uri)
{
	static const char *const forms[] = { "file://localhost/", "file:///",
		"file:/" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strncmp(uri, forms[i], strlen(forms[i])) == 0)
			return uri + strlen(forms[i]) - 1;
	if (strncmp(uri, "file:", 5) == 0)
		return uri + 5;
	return uri[strcspn(uri, ":/")] == ':' ? NULL : uri;
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

/*
 * PKCS#12 (RFC 7292), in our library context. OSSL_STORE and PKCS12_parse()
 * know the format too, but in OpenSSL 3.0 both decrypt in the default context,
 * past our provider.
 */
struct pkcs12 {
	struct crypto *crypto; /* borrowed */
	PKCS12 *p12;	       /* owned */
	/* what the MAC accepts: none (NULL), an empty one, or the answer */
	const char *pass;
	char text[SIGNER_PASSPHRASE_MAX + 1]; /* wiped */
};

static int
pkcs12_unlock(struct pkcs12 *p, struct question *q)
{
	int n;

	p->pass = NULL;
	if (!PKCS12_mac_present(p->p12) ||
	    PKCS12_verify_mac(p->p12, NULL, 0) == 1)
		return 0;
	p->pass = p->text;
	if (PKCS12_verify_mac(p->p12, p->text, 0) == 1)
		return 0;
	if ((n = question_ask(q, p->text, sizeof(p->text) - 1)) == -1)
		return -1;
	p->text[n] = '\0';
	ERR_clear_error(); /* of the tries */
	return PKCS12_verify_mac(p->p12, p->text, -1) == 1 ? 0 : -1;
}

static int
take_pkcs8(struct crypto *c, const PKCS8_PRIV_KEY_INFO *p8, struct holding *h)
{
	if (p8 != NULL && h->key == NULL)
		h->key =
		    EVP_PKCS82PKEY_ex(p8, crypto_libctx(c), crypto_propq(c));
	return p8 == NULL || h->key == NULL ? -1 : 0;
}

/* RFC 7292 section 4.2. CRLs, secrets and nested bags are passed over. */
static int
take_bag(const struct pkcs12 *p, const PKCS12_SAFEBAG *bag, struct holding *h)
{
	PKCS8_PRIV_KEY_INFO *p8 = NULL;
	X509 *cert = NULL;
	int rc = 0;

	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_keyBag:
		return take_pkcs8(p->crypto, PKCS12_SAFEBAG_get0_p8inf(bag), h);
	case NID_pkcs8ShroudedKeyBag:
		p8 = PKCS12_decrypt_skey_ex(bag, p->pass, -1,
		    crypto_libctx(p->crypto), crypto_propq(p->crypto));
		rc = take_pkcs8(p->crypto, p8, h);
		break;
	case NID_certBag:
		if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
			break;
		if ((cert = PKCS12_SAFEBAG_get1_cert(bag)) == NULL ||
		    holding_add(h, p->crypto, cert) == -1)
			rc = -1;
		break;
	default:
		break;
	}
	PKCS8_PRIV_KEY_INFO_free(p8); /* wipes it */
	X509_free(cert);
	return rc;
}

/* The bags of one part, which may be encrypted as a whole. */
static STACK_OF(PKCS12_SAFEBAG) * bags_of(const struct pkcs12 *p, PKCS7 *part)
{
	PKCS7_ENC_CONTENT *e;

	if (PKCS7_type_is_data(part))
		return PKCS12_unpack_p7data(part);
	if (!PKCS7_type_is_encrypted(part) || part->d.encrypted == NULL)
		return NULL;
	e = part->d.encrypted->enc_data;
	if (e == NULL || e->enc_data == NULL)
		return NULL;
	return PKCS12_item_decrypt_d2i_ex(e->algorithm,
	    ASN1_ITEM_rptr(PKCS12_SAFEBAGS), p->pass, -1, e->enc_data, 1,
	    crypto_libctx(p->crypto), crypto_propq(p->crypto));
}

static int
take_part(const struct pkcs12 *p, PKCS7 *part, struct holding *h)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = bags_of(p, part);
	int rc = bags == NULL ? -1 : 0;

	for (int i = 0; rc == 0 && i < sk_PKCS12_SAFEBAG_num(bags); i++)
		rc = take_bag(p, sk_PKCS12_SAFEBAG_value(bags, i), h);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return rc;
}

static int
take_parts(const struct pkcs12 *p, struct holding *h)
{
	STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(p->p12);
	int rc = parts == NULL ? -1 : 0;

	for (int i = 0; rc == 0 && i < sk_PKCS7_num(parts); i++)
		rc = take_part(p, sk_PKCS7_value(parts, i), h);
	sk_PKCS7_pop_free(parts, PKCS7_free);
	return rc;
}

static int
load_pkcs12(struct crypto *c, const char *path, struct question *q,
    struct holding *h, struct fault *f)
{
	BUF_AUTO(file, SIGNER_FILE_MAX);
	struct pkcs12 p = { .crypto = c };
	const unsigned char *at;
	int rc = -1;

	if (file_read(path, &file, f) == -1)
		return -1;
	at = (const unsigned char *)file.p;
	/* OpenSSL 3.0 never frees this copy of the query: only where needed */
	p.p12 = PKCS12_init_ex(NID_pkcs7_data, crypto_libctx(c),
	    crypto_propq(c)[0] != '\0' ? crypto_propq(c) : NULL);
	if (p.p12 != NULL && d2i_PKCS12(&p.p12, &at, (long)file.len) != NULL &&
	    pkcs12_unlock(&p, q) == 0)
		rc = take_parts(&p, h);
	if (rc == -1)
		(void)question_fault(q, f);
	PKCS12_free(p.p12);
	OPENSSL_cleanse(&p, sizeof(p));
	ERR_clear_error();
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
	UI_METHOD *ui = ui_new();
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
	char shown[256];
	struct question q = { .pass = pass, .what = shown };
	enum container what = CONTAINER_OTHER;

	uri_shown(uri, shown);
	if ((h->certs = sk_X509_new_null()) == NULL)
		return fault_memory(f);
	if (path != NULL && inspect(path, &what, f) == -1)
		return -1;
	if (what == CONTAINER_PKCS12)
		return load_pkcs12(c, path, &q, h, f);
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

	if (strncmp(uri, "pkcs11:", 7) == 0 &&
	    !OSSL_PROVIDER_available(libctx, "pkcs11"))
		s->extra = OSSL_PROVIDER_try_load(libctx, "pkcs11", 1);
}

/* Move the key's certificate out of the stack; what is left is the chain. */
static int
choose_certificate(struct signer *s, STACK_OF(X509) * *certs, const char *where,
    struct fault *f)
{
	char shown[256];
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
	if ((X509_get_key_usage(s->cert) & KU_DIGITAL_SIGNATURE) == 0)
		return fault(f, FAULT_USAGE,
		    "the certificate's key usage does not allow "
		    "digitalSignature (RFC 5280 4.2.1.3)");
	return 0;
}

static int
load_parts(struct signer *s, const char *key_uri, const char *cert_uri,
    const struct signer_passphrase *pass, struct fault *f)
{
	struct holding key = { 0 }, cert = { 0 };
	char shown[256];
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

void
signer_free(struct signer *s)
{
	if (s == NULL)
		return;
	sk_X509_pop_free(s->chain, X509_free);
	X509_free(s->cert);
	EVP_PKEY_free(s->key); /* wipes it */
	if (s->extra != NULL)
		(void)OSSL_PROVIDER_unload(s->extra);
	free(s);
}

/* -- what a signer is --------------------------------------------------- */

static int
bio_to_buf(BIO *bio, struct buf *out, const char *what, struct fault *f)
{
	char *p;
	long len = BIO_get_mem_data(bio, &p);

	buf_put(out, p, (size_t)len);
	return buf_done(out, what, f);
}

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

/* -- making a key and its certificate ----------------------------------- */

/* Characters of valid UTF-8 without controls, or -1. */
static int
utf8_length(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	int left = (int)strnlen(s, 4 * SIGNER_COMMON_NAME_MAX + 1), n, count;
	unsigned long v;

	for (count = 0; left > 0; count++, p += n, left -= n)
		if ((n = UTF8_getc(p, left, &v)) < 0 || v < 0x20 ||
		    (v >= 0x7f && v < 0xa0))
			return -1;
	return count;
}

static int
check_request(
    const char *common_name, int64_t not_before, int days, struct fault *f)
{
	int n = utf8_length(common_name);

	if (n < 1 || n > SIGNER_COMMON_NAME_MAX)
		return fault(f, FAULT_USAGE,
		    "the common name must be 1 to %d characters of UTF-8 "
		    "without control characters",
		    SIGNER_COMMON_NAME_MAX);
	if (days < 1 || days > SIGNER_DAYS_MAX)
		return fault(f, FAULT_USAGE,
		    "a certificate may be valid for 1 to %d days",
		    SIGNER_DAYS_MAX);
	if (not_before < 0 || not_before > TIME_MAX - (int64_t)days * DAY)
		return fault(f, FAULT_USAGE,
		    "a certificate's times must lie in 1970..9999");
	return 0;
}

/* 128 random bits, the first one 0 and the second 1: positive, full length. */
static int
set_serial(X509 *x, struct crypto *c)
{
	unsigned char r[SERIAL_LEN];
	BIGNUM *n = NULL;
	int ok;

	ok = RAND_bytes_ex(crypto_libctx(c), r, sizeof(r), 0) == 1;
	r[0] = (unsigned char)((r[0] & 0x3f) | 0x40);
	ok = ok && (n = BN_bin2bn(r, sizeof(r), NULL)) != NULL &&
	     BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
	BN_free(n);
	return ok;
}

static int
set_name(X509 *x, const char *common_name)
{
	X509_NAME *name = X509_get_subject_name(x);
	char text[4 * SIGNER_COMMON_NAME_MAX + sizeof(MADE_BY)];

	(void)snprintf(text, sizeof(text), "%s%s", common_name, MADE_BY);
	return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
		   (const unsigned char *)text, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(x, name) == 1;
}

/* RFC 5280 4.2.1.9: critical, and cA absent is FALSE. */
static int
add_basic_constraints(X509 *x)
{
	BASIC_CONSTRAINTS *bc = BASIC_CONSTRAINTS_new();
	int ok = bc != NULL &&
		 X509_add1_ext_i2d(x, NID_basic_constraints, bc, 1, 0) == 1;

	BASIC_CONSTRAINTS_free(bc);
	return ok;
}

/* RFC 5280 4.2.1.3: bit 0 digitalSignature, bit 1 nonRepudiation. */
static int
add_key_usage(X509 *x)
{
	ASN1_BIT_STRING *ku = ASN1_BIT_STRING_new();
	int ok = ku != NULL && ASN1_BIT_STRING_set_bit(ku, 0, 1) == 1 &&
		 ASN1_BIT_STRING_set_bit(ku, 1, 1) == 1 &&
		 X509_add1_ext_i2d(x, NID_key_usage, ku, 1, 0) == 1;

	ASN1_BIT_STRING_free(ku);
	return ok;
}

/* RFC 7093 section 2 method 1: like RFC 5280's, but without SHA-1. */
static int
add_key_id(X509 *x, struct crypto *c)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(x);
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
	uint8_t d[SHA256_LEN];
	struct fault ignored;
	int ok =
	    id != NULL && key != NULL &&
	    digest_sha256(c, ASN1_STRING_get0_data(key),
		(size_t)ASN1_STRING_length(key), d, &ignored) == 0 &&
	    ASN1_OCTET_STRING_set(id, d, KEY_ID_LEN) == 1 &&
	    X509_add1_ext_i2d(x, NID_subject_key_identifier, id, 0, 0) == 1;

	ASN1_OCTET_STRING_free(id);
	return ok;
}

static X509 *
make_certificate(struct crypto *c, EVP_PKEY *key, const char *common_name,
    int64_t not_before, int days)
{
	const time_t from = (time_t)not_before;
	X509 *x = X509_new_ex(crypto_libctx(c), crypto_propq(c));

	if (x != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
	    set_serial(x, c) && set_name(x, common_name) &&
	    ASN1_TIME_set(X509_getm_notBefore(x), from) != NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(x), from + (time_t)days * DAY) !=
		NULL &&
	    X509_set_pubkey(x, key) == 1 && add_basic_constraints(x) &&
	    add_key_usage(x) && add_key_id(x, c) &&
	    X509_sign(x, key, EVP_sha384()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

/* PBES2 (RFC 8018) with our own salt and count: OpenSSL's are too small. */
static X509_SIG *
encrypt_key(struct crypto *c, PKCS8_PRIV_KEY_INFO *p8, const char *pass, int n)
{
	unsigned char salt[PBKDF2_SALT_LEN];
	X509_SIG *sig = NULL;
	EVP_CIPHER *aes =
	    EVP_CIPHER_fetch(crypto_libctx(c), "AES-256-CBC", crypto_propq(c));

	if (aes != NULL &&
	    RAND_bytes_ex(crypto_libctx(c), salt, sizeof(salt), 0) == 1)
		sig = PKCS8_encrypt_ex(-1, aes, pass, n, salt, sizeof(salt),
		    PBKDF2_ITERATIONS, p8, crypto_libctx(c), crypto_propq(c));
	EVP_CIPHER_free(aes);
	return sig;
}

static int
write_encrypted(struct crypto *c, PKCS8_PRIV_KEY_INFO *p8,
    const struct signer_passphrase *pass, BIO *out, struct fault *f)
{
	struct question q = { .pass = pass, .what = "the new key" };
	char text[SIGNER_PASSPHRASE_MAX];
	X509_SIG *sig = NULL;
	int n = question_ask(&q, text, sizeof(text)), rc = -1;

	if (n <= 0)
		(void)fault(f, FAULT_USAGE,
		    "the new key: no passphrase, or an empty one, was given");
	else if ((sig = encrypt_key(c, p8, text, n)) == NULL ||
		 PEM_write_bio_PKCS8(out, sig) != 1)
		(void)openssl_fault(f, FAULT_IO, "encrypting the new key");
	else
		rc = 0;
	OPENSSL_cleanse(text, sizeof(text));
	X509_SIG_free(sig);
	return rc;
}

static int
write_key(struct crypto *c, EVP_PKEY *key, const struct signer_passphrase *pass,
    BIO *out, struct fault *f)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
	int rc = 0;

	if (p8 == NULL)
		rc = openssl_fault(f, FAULT_IO, "writing the new key");
	else if (pass != NULL)
		rc = write_encrypted(c, p8, pass, out, f);
	else if (PEM_write_bio_PKCS8_PRIV_KEY_INFO(out, p8) != 1)
		rc = openssl_fault(f, FAULT_IO, "writing the new key");
	PKCS8_PRIV_KEY_INFO_free(p8); /* wipes it */
	return rc;
}

int
signer_generate(struct crypto *c, const char *common_name, int64_t not_before,
    int days, const struct signer_passphrase *pass, struct buf *key_pem,
    struct buf *cert_pem, struct fault *f)
{
	BIO *key_out = NULL, *cert_out = NULL;
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	int rc = -1;

	ERR_clear_error();
	if (check_request(common_name, not_before, days, f) == -1)
		return -1;
	key_out = BIO_new(BIO_s_secmem()); /* wiped when freed */
	cert_out = BIO_new(BIO_s_mem());
	key =
	    EVP_PKEY_Q_keygen(crypto_libctx(c), crypto_propq(c), "EC", "P-384");
	if (key != NULL)
		cert = make_certificate(c, key, common_name, not_before, days);
	if (key_out == NULL || cert_out == NULL || cert == NULL ||
	    PEM_write_bio_X509(cert_out, cert) != 1) {
		(void)openssl_fault(f, FAULT_IO, "making a key");
		goto out;
	}
	if (write_key(c, key, pass, key_out, f) == -1)
		goto out;
	if (bio_to_buf(cert_out, cert_pem, "certificate", f) == 0)
		rc = bio_to_buf(key_out, key_pem, "private key", f);
out:
	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(cert_out);
	BIO_free(key_out);
	return rc;
}

/* -- signing ------------------------------------------------------------ */

static int
check_when(const struct signer *s, int64_t when, struct fault *f)
{
	char text[UTC_LEN], from[UTC_LEN], until[UTC_LEN];
	int64_t begin = 0, end = 0;

	if (when < 0 || when > TIME_MAX)
		return fault(f, FAULT_USAGE, "signing time not in 1970..9999");
	if (time_of(X509_get0_notBefore(s->cert), &begin, f) == -1 ||
	    time_of(X509_get0_notAfter(s->cert), &end, f) == -1)
		return -1;
	if (when >= begin && when <= end)
		return 0;
	utc_format(when, text);
	utc_format(begin, from);
	utc_format(end, until);
	return fault(f, FAULT_USAGE,
	    "signing at %s with a certificate valid from %s to %s", text, from,
	    until);
}

/*
 * A key for PSS alone (RFC 4055) must be told so: OpenSSL 3.0 otherwise signs
 * with PSS and writes rsaEncryption beside it. FIPS 186-5: the salt is no
 * longer than the digest.
 */
static int
set_padding(const struct signer *s, CMS_SignerInfo *si)
{
	char pss[] = OSSL_PKEY_RSA_PAD_MODE_PSS;
	char digest[] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(
		    OSSL_SIGNATURE_PARAM_PAD_MODE, pss, sizeof(pss) - 1),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, digest,
		    sizeof(digest) - 1),
		OSSL_PARAM_END,
	};

	if (!EVP_PKEY_is_a(s->key, "RSA-PSS"))
		return 1;
	return EVP_PKEY_CTX_set_params(
		   CMS_SignerInfo_get0_pkey_ctx(si), params) == 1;
}

/* signingTime (RFC 5652 11.3): UTCTime until 2049, then GeneralizedTime. */
static int
add_signing_time(CMS_SignerInfo *si, int64_t when)
{
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)when);
	int ok =
	    t != NULL && CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime,
			     ASN1_STRING_type(t), t, -1) == 1;

	ASN1_TIME_free(t);
	return ok;
}

/* Digest the bytes where they are, however many, and sign the attributes. */
static int
finish(CMS_ContentInfo *cms, const void *p, size_t len)
{
	BIO *bio = CMS_dataInit(cms, NULL); /* detached: content goes nowhere */
	const char *at = p;
	size_t n;
	int ok = bio != NULL;

	for (; ok && len > 0; at += n, len -= n)
		ok = BIO_write_ex(bio, at, len, &n) == 1;
	ok = ok && BIO_flush(bio) == 1 && CMS_dataFinal(cms, bio) == 1;
	BIO_free_all(bio);
	return ok;
}

/*
 * The signed CMS, before it is encoded: here, a time stamp over
 * CMS_SignerInfo_get0_signature() can still be added to its only SignerInfo
 * as an unsigned attribute (CAdES-T). NULL leaves the cause in the queue.
 */
static CMS_ContentInfo *
sign_cms(const struct signer *s, const void *p, size_t len, int64_t when)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_CADES |
			       CMS_NOSMIMECAP | CMS_PARTIAL | CMS_KEY_PARAM;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *si = NULL;
	int ok;

	/* CMS_sign() alone gives no say over the digest, hence in parts */
	cms = CMS_sign_ex(NULL, NULL, NULL, NULL, flags,
	    crypto_libctx(s->crypto), crypto_propq(s->crypto));
	if (cms != NULL)
		si = CMS_add1_signer(cms, s->cert, s->key, EVP_sha384(), flags);
	ok = si != NULL && set_padding(s, si) && add_signing_time(si, when);
	for (int i = 0; ok && i < sk_X509_num(s->chain); i++)
		ok = CMS_add1_cert(cms, sk_X509_value(s->chain, i)) == 1;
	if (ok && finish(cms, p, len))
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

static int
encode(CMS_ContentInfo *cms, struct buf *der, struct fault *f)
{
	unsigned char *p = NULL;
	int len = i2d_CMS_ContentInfo(cms, &p);

	if (len < 0)
		return openssl_fault(f, FAULT_IO, "encoding a signature");
	buf_put(der, p, (size_t)len);
	OPENSSL_free(p);
	return buf_done(der, "signature", f);
}

int
sign_detached(const struct signer *s, const void *p, size_t len, int64_t when,
    struct buf *der, struct fault *f)
{
	CMS_ContentInfo *cms;
	int rc;

	ERR_clear_error();
	if (check_when(s, when, f) == -1)
		return -1;
	if ((cms = sign_cms(s, p, len, when)) == NULL)
		return openssl_fault(f, FAULT_IO, "signing");
	rc = encode(cms, der, f);
	CMS_ContentInfo_free(cms);
	return rc;
}

/* -- verifying ---------------------------------------------------------- */

/* One verification under way. */
struct verification {
	struct crypto *crypto;	     /* borrowed */
	CMS_ContentInfo *cms;	     /* owned */
	STACK_OF(X509) * certs;	     /* owned; what the CMS brought along */
	CMS_SignerInfo *si;	     /* borrowed from cms */
	X509 *signer;		     /* borrowed from certs */
	const struct digest *digest; /* of the attributes and the content */
	struct signature_info info;
};

/*
 * DER only, and nothing after it. The comparison leaves one encoding for one
 * signature: no second form and no hidden bytes between the fields.
 */
static int
decode(struct verification *v, const void *der, size_t len, struct fault *f)
{
	const unsigned char *p = der;
	unsigned char *again = NULL;
	int n = -1;

	if (len > SIGNATURE_MAX)
		return fault(f, FAULT_LIMIT, "signature larger than %d bytes",
		    SIGNATURE_MAX);
	v->cms = CMS_ContentInfo_new_ex(
	    crypto_libctx(v->crypto), crypto_propq(v->crypto));
	if (v->cms == NULL ||
	    d2i_CMS_ContentInfo(&v->cms, &p, (long)len) == NULL)
		return openssl_fault(f, FAULT_FORMAT, "not a CMS in DER");
	if ((size_t)(p - (const unsigned char *)der) != len)
		return fault(f, FAULT_FORMAT, "bytes after the CMS");
	n = i2d_CMS_ContentInfo(v->cms, &again);
	if (n < 0)
		return openssl_fault(f, FAULT_FORMAT, "not a CMS in DER");
	n = (size_t)n == len && memcmp(again, der, len) == 0 ? 0 : -1;
	OPENSSL_free(again);
	return n == 0 ? 0
		      : fault(f, FAULT_FORMAT, "a CMS, but not encoded in DER");
}

static int
check_shape(struct verification *v, struct fault *f)
{
	STACK_OF(CMS_SignerInfo) * signers;

	if (OBJ_obj2nid(CMS_get0_type(v->cms)) != NID_pkcs7_signed)
		return fault(f, FAULT_FORMAT, "a CMS, but not SignedData");
	if (OBJ_obj2nid(CMS_get0_eContentType(v->cms)) != NID_pkcs7_data)
		return fault(f, FAULT_FORMAT, "a CMS, but not over data");
	if (CMS_is_detached(v->cms) != 1)
		return fault(f, FAULT_FORMAT,
		    "the signature carries content of its own; it must be "
		    "detached");
	signers = CMS_get0_SignerInfos(v->cms);
	if (sk_CMS_SignerInfo_num(signers) != 1)
		return fault(f, FAULT_FORMAT, "%d signers in it, need one",
		    signers == NULL ? 0 : sk_CMS_SignerInfo_num(signers));
	v->si = sk_CMS_SignerInfo_value(signers, 0);
	return 0;
}

/* EN 319 122-1: the signer's certificate is part of the signature. */
static int
find_signer(struct verification *v, struct fault *f)
{
	v->certs = CMS_get1_certs(v->cms);
	for (int i = 0; i < sk_X509_num(v->certs) && v->signer == NULL; i++)
		if (CMS_SignerInfo_cert_cmp(
			v->si, sk_X509_value(v->certs, i)) == 0)
			v->signer = sk_X509_value(v->certs, i);
	if (v->signer == NULL)
		return refused(
		    f, "the signer's certificate is not in the signature");
	CMS_SignerInfo_set1_signer_cert(v->si, v->signer);
	return 0;
}

static int
describe_signer(struct verification *v, struct fault *f)
{
	struct signer_info s;

	if (certificate_describe(
		v->crypto, v->signer, &s, FAULT_INTEGRITY, f) == -1)
		return -1;
	memcpy(v->info.subject, s.subject, sizeof(s.subject));
	memcpy(v->info.issuer, s.issuer, sizeof(s.issuer));
	memcpy(v->info.serial, s.serial, sizeof(s.serial));
	memcpy(v->info.fingerprint, s.fingerprint, sizeof(s.fingerprint));
	memcpy(v->info.algorithm, s.algorithm, sizeof(s.algorithm));
	return 0;
}

/*
 * The digest must be on our list and the signature algorithm must be made of
 * it and of the key's kind: neither field is signed (RFC 5652 section 5.3),
 * and OpenSSL does not look at the second for ECDSA.
 */
static int
check_algorithms(struct verification *v, struct fault *f)
{
	X509_ALGOR *digest, *signature;
	EVP_PKEY *key;
	int md, pk, nid;
	bool rsa;

	CMS_SignerInfo_get0_algs(v->si, &key, NULL, &digest, &signature);
	v->digest = digest_of(OBJ_obj2nid(digest->algorithm));
	if (v->digest == NULL)
		return refused(
		    f, "the digest is not SHA-256, SHA-384 or SHA-512");
	(void)snprintf(
	    v->info.digest, sizeof(v->info.digest), "%s", v->digest->text);
	nid = OBJ_obj2nid(signature->algorithm);
	rsa = EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");
	/* RFC 3370 3.2 names no digest; PSS has its own, which OpenSSL
	 * compares (RFC 4056) */
	if (rsa && (nid == NID_rsaEncryption || nid == NID_rsassaPss))
		return 0;
	if (OBJ_find_sigid_algs(nid, &md, &pk) != 1 || md != v->digest->nid ||
	    pk != EVP_PKEY_get_base_id(key))
		return refused(f,
		    "the signature algorithm does not fit the key and digest");
	return 0;
}

/* The only value of a signed attribute that may stand there once (RFC 5652
 * section 11); borrowed. NULL: absent, repeated, or of another type. */
static const void *
signed_value(const struct verification *v, int nid, int type)
{
	return CMS_signed_get0_data_by_OBJ(v->si, OBJ_nid2obj(nid), -3, type);
}

static int
check_signing_time(struct verification *v, struct fault *f)
{
	const ASN1_TIME *t =
	    signed_value(v, NID_pkcs9_signingTime, V_ASN1_UTCTIME);
	struct tm tm;

	if (t == NULL)
		t = signed_value(
		    v, NID_pkcs9_signingTime, V_ASN1_GENERALIZEDTIME);
	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return refused(
		    f, "the signature does not state its signing time");
	v->info.signing_time = (int64_t)timegm(&tm);
	return 0;
}

/* The digest of some bytes by the name of its NID; its length, or -1. */
static int
digest_by(struct crypto *c, int nid, const void *p, size_t len,
    unsigned char out[EVP_MAX_MD_SIZE])
{
	EVP_MD *md =
	    EVP_MD_fetch(crypto_libctx(c), OBJ_nid2sn(nid), crypto_propq(c));
	unsigned n = 0;
	int ok = md != NULL && EVP_Digest(p, len, out, &n, md, NULL) == 1;

	EVP_MD_free(md);
	return ok ? (int)n : -1;
}

/* RFC 5652 section 5.4: contentType and messageDigest bind the bytes. */
static int
check_content(
    const struct verification *v, const void *p, size_t len, struct fault *f)
{
	const ASN1_OBJECT *type =
	    signed_value(v, NID_pkcs9_contentType, V_ASN1_OBJECT);
	const ASN1_STRING *stated =
	    signed_value(v, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
	unsigned char d[EVP_MAX_MD_SIZE];
	int n;

	if (type == NULL || OBJ_obj2nid(type) != NID_pkcs7_data ||
	    stated == NULL)
		return refused(f,
		    "the signature does not state what it signs (no "
		    "contentType and messageDigest attributes)");
	if ((n = digest_by(v->crypto, v->digest->nid, p, len, d)) == -1)
		return openssl_fault(f, FAULT_IO, "hashing");
	if (n != ASN1_STRING_length(stated) ||
	    CRYPTO_memcmp(d, ASN1_STRING_get0_data(stated), (size_t)n) != 0)
		return refused(f, "the bytes are not those that were signed");
	return 0;
}

static int
check_mathematics(const struct verification *v, struct fault *f)
{
	if (CMS_signed_get_attr_count(v->si) <= 0)
		return refused(f, "the signature has no signed attributes");
	if (CMS_SignerInfo_verify(v->si) != 1)
		return openssl_fault(f, FAULT_INTEGRITY,
		    "the signature was not made by the key of the certificate "
		    "in it, or was changed");
	return 0;
}

/* -- signing-certificate-v2 (RFC 5035 section 3) ------------------------ */

static void
sequence_free(ASN1_SEQUENCE_ANY *s)
{
	sk_ASN1_TYPE_pop_free(s, ASN1_TYPE_free);
}

/* The members of a DER SEQUENCE, or NULL. The caller frees. */
static ASN1_SEQUENCE_ANY *
sequence_of(const ASN1_STRING *der)
{
	const unsigned char *p;

	if (der == NULL)
		return NULL;
	p = ASN1_STRING_get0_data(der);
	return d2i_ASN1_SEQUENCE_ANY(NULL, &p, ASN1_STRING_length(der));
}

/* Member i if it is of this type; borrowed. */
static const ASN1_STRING *
member(const ASN1_SEQUENCE_ANY *s, int i, int type)
{
	const ASN1_TYPE *t = sk_ASN1_TYPE_value(s, i);

	if (t == NULL || ASN1_TYPE_get(t) != type)
		return NULL;
	return t->value.asn1_string;
}

/* The digest an AlgorithmIdentifier names; absent means SHA-256. */
static const struct digest *
ess_digest(const ASN1_STRING *algorithm)
{
	X509_ALGOR *a;
	const unsigned char *p;
	const struct digest *d;

	if (algorithm == NULL)
		return digest_of(NID_sha256);
	p = ASN1_STRING_get0_data(algorithm);
	a = d2i_X509_ALGOR(NULL, &p, ASN1_STRING_length(algorithm));
	d = a == NULL ? NULL : digest_of(OBJ_obj2nid(a->algorithm));
	X509_ALGOR_free(a);
	return d;
}

/* ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash, … } */
static bool
ess_names(struct crypto *c, const ASN1_STRING *id, const X509 *cert)
{
	ASN1_SEQUENCE_ANY *s = sequence_of(id);
	const ASN1_STRING *algorithm = member(s, 0, V_ASN1_SEQUENCE);
	const ASN1_STRING *hash =
	    member(s, algorithm == NULL ? 0 : 1, V_ASN1_OCTET_STRING);
	const struct digest *digest = ess_digest(algorithm);
	unsigned char d[EVP_MAX_MD_SIZE], *der = NULL;
	int n = -1, len = i2d_X509(cert, &der);

	if (digest != NULL && hash != NULL && len > 0)
		n = digest_by(c, digest->nid, der, (size_t)len, d);
	if (n != -1 &&
	    (n != ASN1_STRING_length(hash) ||
		memcmp(d, ASN1_STRING_get0_data(hash), (size_t)n) != 0))
		n = -1;
	OPENSSL_free(der);
	sequence_free(s);
	return n != -1;
}

/*
 * Without this attribute the certificate could be exchanged for another one
 * of the same key. Its first entry names the signer's certificate; further
 * ones narrow the chain, which X.509 validation already decides.
 */
static int
check_signing_certificate(const struct verification *v, struct fault *f)
{
	ASN1_SEQUENCE_ANY *attribute = sequence_of(signed_value(
	    v, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE));
	ASN1_SEQUENCE_ANY *ids =
	    sequence_of(member(attribute, 0, V_ASN1_SEQUENCE));
	const ASN1_STRING *first = member(ids, 0, V_ASN1_SEQUENCE);
	int rc = 0;

	if (first == NULL)
		rc = refused(f,
		    "not a CAdES signature: no signing-certificate-v2 "
		    "attribute");
	else if (!ess_names(v->crypto, first, v->signer))
		rc = refused(f,
		    "the certificate is not the one that was signed with "
		    "(signing-certificate-v2)");
	sequence_free(ids);
	sequence_free(attribute);
	ERR_clear_error();
	return rc;
}

/* nonRepudiation alone will do here: RFC 5280 4.2.1.3 has it for this. */
static int
check_key_usage(const struct verification *v, struct fault *f)
{
	const uint32_t may = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;

	if ((X509_get_key_usage(v->signer) & may) == 0)
		return fault(f, FAULT_INTEGRITY,
		    "the key usage of %s does not allow signatures",
		    v->info.subject);
	return 0;
}

/* -- trust -------------------------------------------------------------- */

/* PEM may ask for a passphrase; an anchor may not. */
static int
no_passphrase(char *out, int size, int writing, void *arg)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static int
read_anchors(struct crypto *c, BIO *in, X509_STORE *store, int *count)
{
	X509 *x;
	int ok = 1;

	for (*count = 0; ok; *count += ok) {
		x = X509_new_ex(crypto_libctx(c), crypto_propq(c));
		if (x == NULL ||
		    PEM_read_bio_X509(in, &x, no_passphrase, NULL) == NULL) {
			X509_free(x);
			break;
		}
		ok = X509_STORE_add_cert(store, x) == 1;
		X509_free(x);
	}
	/* the end of the text is told as an error, too */
	return ok && ERR_GET_REASON(ERR_peek_last_error()) ==
			   PEM_R_NO_START_LINE
		   ? 0
		   : -1;
}

X509_STORE *
anchors_read(struct crypto *c, const void *pem, size_t len, struct fault *f)
{
	X509_STORE *store = X509_STORE_new();
	BIO *in = NULL;
	int count = 0, rc = -1;

	if (len > ANCHORS_MAX) {
		(void)fault(f, FAULT_LIMIT,
		    "trust anchors larger than %d bytes", ANCHORS_MAX);
		goto out;
	}
	in = BIO_new_mem_buf(pem, (int)len);
	if (store == NULL || in == NULL ||
	    read_anchors(c, in, store, &count) == -1)
		(void)openssl_fault(f, FAULT_USAGE, "trust anchors");
	else if (count == 0)
		(void)fault(
		    f, FAULT_USAGE, "trust anchors: no certificate in them");
	else
		rc = 0;
	ERR_clear_error();
out:
	BIO_free(in);
	if (rc == 0)
		return store;
	X509_STORE_free(store);
	return NULL;
}

/* Why X509_verify_cert refused, with the certificate and the time. */
static int
chain_fault(X509_STORE_CTX *ctx, const struct verification *v, int64_t at,
    struct fault *f)
{
	int e = X509_STORE_CTX_get_error(ctx);
	X509 *bad = X509_STORE_CTX_get_current_cert(ctx);
	char name[SIGNER_NAME_LEN], when[UTC_LEN];

	ERR_clear_error();
	if (e == X509_V_ERR_OUT_OF_MEM)
		return fault_memory(f);
	if (bad == NULL || name_text(X509_get_subject_name(bad), name, f) == -1)
		memcpy(name, v->info.subject, sizeof(name));
	utc_format(at, when);
	return fault(f, FAULT_INTEGRITY,
	    "the signer is not trusted at %s: %s (%.400s)", when,
	    X509_verify_cert_error_string(e), name);
}

/*
 * RFC 5280 section 6, from the signer to any anchor: an intermediate or the
 * signer's certificate itself may be one (partial chain).
 */
static int
set_rules(X509_STORE_CTX *ctx, int64_t at)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_depth(param, SIGNER_CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	return X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) ==
		   1 &&
	       X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY) == 1;
}

static int
check_chain(const struct verification *v, const void *pem, size_t len,
    int64_t at, struct fault *f)
{
	X509_STORE *store = anchors_read(v->crypto, pem, len, f);
	X509_STORE_CTX *ctx = NULL;
	int rc = -1;

	if (store == NULL)
		return -1;
	ctx = X509_STORE_CTX_new_ex(
	    crypto_libctx(v->crypto), crypto_propq(v->crypto));
	if (ctx == NULL ||
	    X509_STORE_CTX_init(ctx, store, v->signer, v->certs) != 1 ||
	    !set_rules(ctx, at))
		(void)openssl_fault(f, FAULT_IO, "certificate chain");
	else if (X509_verify_cert(ctx) != 1)
		(void)chain_fault(ctx, v, at, f);
	else
		rc = 0;
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return rc;
}

static int
check_signature(
    struct verification *v, const void *p, size_t len, struct fault *f)
{
	if (find_signer(v, f) == -1 || describe_signer(v, f) == -1 ||
	    check_algorithms(v, f) == -1 || check_mathematics(v, f) == -1 ||
	    check_content(v, p, len, f) == -1 ||
	    check_signing_time(v, f) == -1 ||
	    check_signing_certificate(v, f) == -1)
		return -1;
	return check_key_usage(v, f);
}

int
signature_verify(struct crypto *c, const void *p, size_t len, const void *der,
    size_t der_len, const void *anchors_pem, size_t anchors_len, int64_t at,
    struct signature_info *out, struct fault *f)
{
	struct verification v = { .crypto = c };
	int rc = -1;

	ERR_clear_error();
	if (decode(&v, der, der_len, f) == -1 || check_shape(&v, f) == -1 ||
	    check_signature(&v, p, len, f) == -1)
		goto out;
	if (anchors_pem != NULL) {
		if (check_chain(&v, anchors_pem, anchors_len,
			at != 0 ? at : v.info.signing_time, f) == -1)
			goto out;
		v.info.trusted = true;
	}
	*out = v.info;
	rc = 0;
out:
	ERR_clear_error();
	sk_X509_pop_free(v.certs, X509_free);
	CMS_ContentInfo_free(v.cms);
	return rc;
}
