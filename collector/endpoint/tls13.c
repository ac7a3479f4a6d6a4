/* See tls13.h. SSL_CTX_new_ex(3), SSL_set_msg_callback(3), BIO_s_mem(3). */
#include "collector/endpoint/tls13.h"

#include <string.h>

#include <openssl/err.h>

#include "base/length.h"
#include "collector/endpoint/names.h"

#define LIST_MAX 512

static const uint16_t known[] = { 0x0804, 0x0805, 0x0806, 0x0809, 0x080a,
	0x080b, 0x0403, 0x0503, 0x0603, 0x0807, 0x0808 };

bool
tls13_knows(uint16_t signature)
{
	for (size_t i = 0; i < LENGTH(known); i++)
		if (known[i] == signature)
			return true;
	return false;
}

SSL_CTX *
tls13_context(const struct crypto *c, struct fault *f)
{
	SSL_CTX *ctx = SSL_CTX_new_ex(
	    crypto_libctx(c), crypto_propq(c), TLS_client_method());

	if (ctx == NULL ||
	    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) != 1) {
		(void)fault(f, FAULT_IO, "libssl: no context for TLS 1.3: %s",
		    ERR_reason_error_string(ERR_peek_error()) != NULL
			? ERR_reason_error_string(ERR_peek_error())
			: "unknown reason");
		ERR_clear_error();
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	(void)SSL_CTX_set_ciphersuites(ctx,
	    "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:"
	    "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:"
	    "TLS_AES_128_CCM_8_SHA256");
	return ctx;
}

/* Every message as libssl sees it, decrypted: SSL_set_msg_callback(3). */
static void
see(int write_p, int version, int type, const void *p, size_t len, SSL *ssl,
    void *arg)
{
	struct answer *a = arg;
	const uint8_t *m = p;

	(void)version;
	(void)ssl;
	if (write_p)
		return;
	if (type == SSL3_RT_ALERT && len == 2 && m[0] == 2 &&
	    (a->kind == ANSWER_NONE || !a->whole)) {
		a->kind = ANSWER_ALERT;
		a->alert = m[1];
	}
	if (type != SSL3_RT_HANDSHAKE || len < 4 || a->whole)
		return;
	if (m[0] == 2) { /* the real one may follow a HelloRetryRequest */
		a->kind = ANSWER_NONE;
		(void)answer_take_message(a, m[0], m + 4, len - 4, true);
		a->whole = false;
	} else if (a->kind == ANSWER_ACCEPTED)
		(void)answer_take_message(a, m[0], m + 4, len - 4, true);
}

static int
set_signatures(SSL *ssl, const uint16_t *v, size_t n)
{
	char list[LIST_MAX] = "", name[TLS_NAME_LEN];
	size_t len = 0;

	for (size_t i = 0; i < n && len < sizeof(list); i++) {
		if (!tls13_knows(v[i]))
			continue;
		tls_name_of(tls_signatures, v[i], name);
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
		    len > 0 ? ":" : "", name);
	}
	return SSL_set1_sigalgs_list(ssl, list) == 1 ? 0 : -1;
}

static int
set_alpn(SSL *ssl, const char *const *alpn)
{
	BUF_AUTO(list, 1024);

	for (; alpn != NULL && *alpn != NULL; alpn++) {
		buf_putc(&list, (char)(unsigned char)strlen(*alpn));
		buf_puts(&list, *alpn);
	}
	if (list.len == 0)
		return 0;
	return SSL_set_alpn_protos(
		   ssl, (const unsigned char *)list.p, (unsigned)list.len) == 0
		   ? 0
		   : -1;
}

static int
set_up(struct tls13 *h, const char *server_name, const uint16_t *signatures,
    size_t n, const char *const *alpn)
{
	h->in = BIO_new(BIO_s_mem());
	h->out = BIO_new(BIO_s_mem());
	if (h->in == NULL || h->out == NULL) {
		BIO_free(h->in);
		BIO_free(h->out);
		return -1;
	}
	SSL_set_bio(h->ssl, h->in, h->out); /* owns both */
	SSL_set_connect_state(h->ssl);
	SSL_set_msg_callback(h->ssl, see);
	SSL_set_msg_callback_arg(h->ssl, h->answer);
	if (server_name != NULL &&
	    SSL_set_tlsext_host_name(h->ssl, server_name) != 1)
		return -1;
	if (SSL_set_tlsext_status_type(h->ssl, TLSEXT_STATUSTYPE_ocsp) != 1)
		return -1;
	return set_signatures(h->ssl, signatures, n) == -1 ||
		       set_alpn(h->ssl, alpn) == -1
		   ? -1
		   : 0;
}

int
tls13_begin(struct tls13 *h, SSL_CTX *ctx, const char *server_name,
    const uint16_t *signatures, size_t n, const char *const *alpn,
    struct answer *a)
{
	h->answer = a;
	h->ssl = SSL_new(ctx);
	if (h->ssl != NULL && set_up(h, server_name, signatures, n, alpn) == 0)
		return 0;
	ERR_clear_error();
	a->kind = ANSWER_BROKEN;
	a->why = "libssl cannot ask this";
	return -1;
}

static void
send_out(struct tls13 *h, struct buf *reply)
{
	char *p;
	long n = BIO_get_mem_data(h->out, &p);

	if (n > 0)
		buf_put(reply, p, (size_t)n);
	(void)BIO_reset(h->out);
}

bool
tls13_take(struct tls13 *h, const uint8_t *p, size_t len, struct buf *reply)
{
	struct answer *a = h->answer;
	int rc, e;

	if (h->ssl == NULL)
		return true;
	if (len > 0 && BIO_write(h->in, p, (int)len) != (int)len) {
		a->kind = ANSWER_BROKEN;
		a->why = "out of memory";
		return true;
	}
	rc = SSL_do_handshake(h->ssl);
	e = SSL_get_error(h->ssl, rc);
	ERR_clear_error();
	if (a->whole || rc == 1)
		return true;
	if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE) {
		send_out(h, reply);
		return false;
	}
	if (a->kind != ANSWER_ALERT) {
		a->kind = ANSWER_BROKEN;
		a->why = "libssl gives the handshake up";
	}
	return true;
}

void
tls13_end(struct tls13 *h)
{
	SSL_free(h->ssl);
	h->ssl = NULL;
}
