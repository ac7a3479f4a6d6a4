/*
 * A key in a PKCS#11 token by OpenSSL's engine of that name (libp11): where no
 * provider serves the pkcs11: scheme. The engine works in OpenSSL's default
 * library context, past ours. So it is given a digest that we computed and
 * asked for nothing but the signature over it. See sign.h.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* engines are, but Debian 12 has no other \
				     */
#include "report/sign/signing.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#ifndef OPENSSL_NO_ENGINE
#include <openssl/engine.h>
#endif

/* The public key of another one, in our library context; the caller frees.
 * NULL leaves the cause in the queue. */
static EVP_PKEY *
key_public(struct crypto *c, const EVP_PKEY *from)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	int len = i2d_PUBKEY(from, &der);
	EVP_PKEY *to = NULL;

	p = der;
	if (len > 0)
		to = d2i_PUBKEY_ex(
		    NULL, &p, len, crypto_libctx(c), crypto_propq(c));
	OPENSSL_free(der);
	return to;
}

/* RFC 7512 section 2.3: %XX stands for a byte. */
static bool
percent_decode(const char *from, size_t len, char *to, size_t size)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = (uint8_t)from[i];
		char hex[3];

		if (byte == '%') {
			if (len - i < 3)
				return false;
			(void)snprintf(hex, sizeof(hex), "%.2s", from + i + 1);
			if (hex_decode(hex, &byte, 1) == -1 || byte == 0)
				return false;
			i += 2;
		}
		if (size < 2)
			return false;
		*to++ = (char)byte;
		size--;
	}
	*to = '\0';
	return true;
}

bool
token_uri(
    const char *uri, char rest[TOKEN_URI_MAX], char module[TOKEN_PATH_MAX])
{
	static const char name[] = "module-path=";
	const char *at = strchr(uri, '?'), *end;
	int n;

	module[0] = '\0';
	while (at != NULL && strncmp(at + 1, name, sizeof(name) - 1) != 0)
		at = strchr(at + 1, '&');
	if (at == NULL)
		return snprintf(rest, TOKEN_URI_MAX, "%s", uri) < TOKEN_URI_MAX;
	end = at + sizeof(name) + strcspn(at + sizeof(name), "&");
	n = snprintf(rest, TOKEN_URI_MAX, "%.*s%s%s", (int)(at - uri), uri,
	    *end == '&' ? (*at == '?' ? "?" : "&") : "",
	    *end == '&' ? end + 1 : "");
	return n >= 0 && n < TOKEN_URI_MAX &&
	       percent_decode(at + sizeof(name),
		   (size_t)(end - at) - sizeof(name), module, TOKEN_PATH_MAX);
}

#ifdef OPENSSL_NO_ENGINE
int
load_token(struct crypto *c, const char *uri, struct question *q,
    struct holding *h, struct fault *f)
{
	(void)c;
	(void)uri;
	(void)h;
	return fault(f, FAULT_USAGE,
	    "%s: no OpenSSL provider named pkcs11 is loadable here; install "
	    "pkcs11-provider",
	    q->what);
}
#else

#define ENGINE_NAME "pkcs11"

struct token {
	ENGINE *engine; /* owned, initialised */
	EVP_PKEY *key;	/* owned; a handle of the engine's */
};

static void
token_free(void *ctx)
{
	struct token *t = ctx;

	if (t == NULL)
		return;
	EVP_PKEY_free(t->key);
	if (t->engine != NULL) {
		(void)ENGINE_finish(t->engine);
		(void)ENGINE_free(t->engine);
	}
	free(t);
}

static int
token_sign(void *ctx, const uint8_t *digest, size_t digest_len, struct buf *sig,
    struct fault *f)
{
	const struct token *t = ctx;
	EVP_PKEY_CTX *sign = EVP_PKEY_CTX_new(t->key, t->engine);
	unsigned char out[SIGNER_SIGNATURE_MAX];
	size_t len = sizeof(out);
	int ok = sign != NULL && EVP_PKEY_sign_init(sign) == 1;

	if (ok && EVP_PKEY_get_base_id(t->key) == EVP_PKEY_RSA)
		ok = EVP_PKEY_CTX_set_rsa_padding(sign, RSA_PKCS1_PADDING) ==
			 1 &&
		     EVP_PKEY_CTX_set_signature_md(sign, EVP_sha384()) == 1;
	ok = ok && EVP_PKEY_sign(sign, out, &len, digest, digest_len) == 1;
	EVP_PKEY_CTX_free(sign);
	if (!ok)
		return openssl_fault(f, FAULT_IO, "signing in the token");
	buf_put(sig, out, len);
	return buf_done(sig, "signature", f);
}

static int
open_engine(struct token *t, const struct question *q, const char *module,
    struct fault *f)
{
	ERR_clear_error();
	ENGINE_load_dynamic();
	if ((t->engine = ENGINE_by_id(ENGINE_NAME)) == NULL) {
		ERR_clear_error();
		return fault(f, FAULT_USAGE,
		    "%s: neither an OpenSSL provider nor an engine named "
		    "pkcs11 is here; install libengine-pkcs11-openssl",
		    q->what);
	}
	/* it would write to stderr otherwise */
	(void)ENGINE_ctrl_cmd_string(t->engine, "QUIET", NULL, 1);
	ERR_clear_error();
	if ((module[0] == '\0' || ENGINE_ctrl_cmd_string(t->engine,
				      "MODULE_PATH", module, 0) == 1) &&
	    ENGINE_init(t->engine) == 1)
		return 0;
	(void)ENGINE_free(t->engine);
	t->engine = NULL;
	return openssl_fault(f, FAULT_ABSENT, q->what);
}

/* The certificate beside the key, if the token has one. */
static int
take_certificate(
    const struct token *t, struct crypto *c, const char *uri, struct holding *h)
{
	struct {
		const char *uri;
		X509 *cert;
	} ask = { uri, NULL };
	int rc = 0;

	(void)ENGINE_ctrl_cmd(t->engine, "LOAD_CERT_CTRL", 0, &ask, NULL, 1);
	if (ask.cert != NULL)
		rc = holding_add(h, c, ask.cert);
	X509_free(ask.cert);
	ERR_clear_error();
	return rc;
}

/* Why the engine gave no key: it has few words for it. */
static int
token_fault(const struct question *q, struct fault *f)
{
	char what[URI_SHOWN + 64];

	if (q->asked && !q->answered)
		return question_fault(q, f);
	(void)snprintf(what, sizeof(what),
	    "%s: no such token, no such key in "
	    "it, or a wrong PIN",
	    q->what);
	return openssl_fault(f, q->asked ? FAULT_DENIED : FAULT_ABSENT, what);
}

static int
open_key(struct token *t, struct crypto *c, const char *uri, struct question *q,
    struct holding *h, struct fault *f)
{
	UI_METHOD *ui = question_ui();

	q->once = true; /* a token locks itself after a few wrong PINs */
	if (ui != NULL)
		t->key = ENGINE_load_private_key(t->engine, uri, ui, q);
	UI_destroy_method(ui);
	if (t->key == NULL)
		return token_fault(q, f);
	ERR_clear_error();
	if ((h->key = key_public(c, t->key)) == NULL ||
	    take_certificate(t, c, uri, h) == -1)
		return openssl_fault(f, FAULT_FORMAT, q->what);
	return 0;
}

int
load_token(struct crypto *c, const char *uri, struct question *q,
    struct holding *h, struct fault *f)
{
	char rest[TOKEN_URI_MAX], module[TOKEN_PATH_MAX];
	struct token *t;

	if (crypto_propq(c)[0] != '\0')
		return fault(f, FAULT_USAGE,
		    "%s: with --fips a token's key is used through an OpenSSL "
		    "provider named pkcs11 that offers fips=yes, and none is "
		    "here; the engine works outside of the FIPS provider",
		    q->what);
	if (!token_uri(uri, rest, module))
		return fault(f, FAULT_USAGE, "%s: not a PKCS#11 URI", q->what);
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return fault_memory(f);
	if (open_engine(t, q, module, f) == -1 ||
	    open_key(t, c, rest, q, h, f) == -1) {
		token_free(t);
		return -1;
	}
	h->remote = (struct signer_remote){ token_sign, token_free, t, 0,
		"a PKCS#11 token" };
	return 0;
}
#endif
