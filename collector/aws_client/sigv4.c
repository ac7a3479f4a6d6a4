/* See sigv4.h. Step by step as the guide has them: canonical request, string
 * to sign, signing key, signature. */
#include "collector/aws_client/sigv4.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/length.h"
#include "collector/http/http.h"
#include "collector/aws_client/sigv4_parts.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

static void
sigv4_date(int64_t t, char out[SIGV4_DATE_LEN])
{
	time_t when = (time_t)t;
	struct tm tm;

	if (gmtime_r(&when, &tm) == NULL ||
	    strftime(out, SIGV4_DATE_LEN, "%Y%m%dT%H%M%SZ", &tm) == 0)
		(void)snprintf(out, SIGV4_DATE_LEN, "19700101T000000Z");
}

static int
sha256_hex(struct crypto *c, const void *p, size_t len, char out[SHA256_HEX],
    struct fault *f)
{
	uint8_t md[SHA256_LEN];

	if (digest_sha256(c, p, len, md, f) == -1)
		return -1;
	hex_encode(md, sizeof(md), out);
	return 0;
}

/* HMAC-SHA-256 (FIPS 198-1) through the program's context. */
static int
hmac(struct crypto *c, const uint8_t *key, size_t key_len, const char *text,
    uint8_t out[SHA256_LEN], struct fault *f)
{
	char name[] = "SHA256";
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
				    OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end() };
	EVP_MAC *mac = EVP_MAC_fetch(crypto_libctx(c), "HMAC", crypto_propq(c));
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	size_t len = 0;
	bool good = ctx != NULL &&
		    EVP_MAC_init(ctx, key, key_len, params) == 1 &&
		    EVP_MAC_update(
			ctx, (const unsigned char *)text, strlen(text)) == 1 &&
		    EVP_MAC_final(ctx, out, &len, SHA256_LEN) == 1;

	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return good ? 0
		    : fault(f, FAULT_IO,
			  "signing for AWS: HMAC-SHA-256 "
			  "cannot be had from OpenSSL");
}

static int
signature(struct crypto *c, const struct sigv4_key *key,
    const struct sigv4_request *r, const char *date, const char *text,
    char out[SHA256_HEX], struct fault *f)
{
	BUF_AUTO(first, AWS4_SECRET_MAX);
	uint8_t k[SHA256_LEN], next[SHA256_LEN];
	char day[9];
	const char *const scope[] = { r->region, r->service, "aws4_request",
		text };
	int rc;

	(void)snprintf(day, sizeof(day), "%.8s", date);
	buf_printf(&first, "AWS4%s", key->secret);
	rc = buf_done(&first, "secret key", f);
	if (rc == 0)
		rc = hmac(c, (const uint8_t *)first.p, first.len, day, k, f);
	for (size_t i = 0; rc == 0 && i < LENGTH(scope); i++) {
		rc = hmac(c, k, sizeof(k), scope[i], next, f);
		memcpy(k, next, sizeof(k));
	}
	if (rc == 0)
		hex_encode(k, sizeof(k), out);
	if (first.p != NULL)
		OPENSSL_cleanse(first.p, first.cap);
	OPENSSL_cleanse(k, sizeof(k));
	OPENSSL_cleanse(next, sizeof(next));
	return rc;
}

static int
string_to_sign(struct crypto *c, const struct sigv4_request *r,
    const char *date, const struct buf *canonical, struct buf *out,
    struct fault *f)
{
	char hash[SHA256_HEX];

	if (sha256_hex(c, canonical->p, canonical->len, hash, f) == -1)
		return -1;
	buf_printf(out, ALGORITHM "\n%s\n%.8s/%s/%s/aws4_request\n%s", date,
	    date, r->region, r->service, hash);
	return buf_done(out, "string to sign", f);
}

/* ---- for the Authorization header ---- */

/* What is signed beside the caller's headers. */
static int
own_headers(const struct sigv4_key *key, const struct sigv4_request *r,
    const char *date, const char *body, struct signed_headers *h,
    struct fault *f)
{
	signed_headers_add(h, "host", r->host);
	signed_headers_add(h, "x-amz-date", date);
	if (key->token != NULL)
		signed_headers_add(h, "x-amz-security-token", key->token);
	if (r->s3)
		signed_headers_add(h, "x-amz-content-sha256", body);
	for (size_t i = 0; r->headers != NULL && r->headers[i] != NULL; i++)
		signed_headers_line(h, r->headers[i]);
	return signed_headers_done(h, f);
}

static int
canonical_headers_form(const struct sigv4_key *key,
    const struct sigv4_request *r, const char *date, const char *body,
    struct buf *canonical, struct buf *names, struct fault *f)
{
	struct signed_headers h = { 0 };
	int rc = own_headers(key, r, date, body, &h, f);

	if (rc == 0) {
		buf_printf(canonical, "%s\n", r->method);
		sigv4_path(canonical, r->path, r->s3);
		buf_putc(canonical, '\n');
		rc = sigv4_query(canonical, r->query, f);
		buf_putc(canonical, '\n');
		signed_headers_put(&h, canonical, names);
		buf_printf(canonical, "\n%s\n%s",
		    names->p != NULL ? names->p : "", body);
	}
	signed_headers_free(&h);
	if (rc == -1 || buf_done(names, "signed headers", f) == -1)
		return -1;
	return buf_done(canonical, "canonical request", f);
}

int
sigv4_form(struct crypto *c, const struct sigv4_key *key,
    const struct sigv4_request *r, struct sigv4_form *out, struct fault *f)
{
	*out = (struct sigv4_form){ .canonical.max = SIGV4_BYTES_MAX,
		.names.max = SIGV4_BYTES_MAX,
		.to_sign.max = SIGV4_BYTES_MAX };
	sigv4_date(r->time, out->date);
	if (sha256_hex(c, r->body != NULL ? r->body : "", r->body_len,
		out->body_sha256, f) == -1 ||
	    canonical_headers_form(key, r, out->date, out->body_sha256,
		&out->canonical, &out->names, f) == -1)
		return -1;
	return string_to_sign(
	    c, r, out->date, &out->canonical, &out->to_sign, f);
}

void
sigv4_form_free(struct sigv4_form *form)
{
	buf_wipe(&form->canonical);
	buf_wipe(&form->names);
	buf_wipe(&form->to_sign);
}

int
sigv4_sign(struct crypto *c, const struct sigv4_key *key,
    const struct sigv4_request *r, struct sigv4_signed *out, struct fault *f)
{
	struct sigv4_form form;
	char hex[SHA256_HEX];
	int rc;

	*out = (struct sigv4_signed){ .authorization.max = SIGV4_BYTES_MAX };
	rc = sigv4_form(c, key, r, &form, f);
	if (rc == 0)
		rc = signature(c, key, r, form.date, form.to_sign.p, hex, f);
	if (rc == 0) {
		memcpy(out->date, form.date, sizeof(out->date));
		memcpy(out->body_sha256, form.body_sha256,
		    sizeof(out->body_sha256));
		buf_printf(&out->authorization,
		    ALGORITHM " Credential=%s/%.8s/%s/%s/aws4_request, "
			      "SignedHeaders=%s, Signature=%s",
		    key->id, out->date, r->region, r->service, form.names.p,
		    hex);
		rc = buf_done(&out->authorization, "Authorization", f);
	}
	sigv4_form_free(&form);
	return rc;
}

void
sigv4_free(struct sigv4_signed *s)
{
	buf_wipe(&s->authorization);
}

/* ---- in a URL ---- */

static void
parameter(struct buf *q, const char *name, const char *value)
{
	buf_printf(q, "%s%s=", q->len > 0 ? "&" : "", name);
	http_encode(q, value, strlen(value), false);
}

/* The parameters before the signature, as they are sent. */
static void
presign_query(const struct sigv4_key *key, const struct sigv4_request *r,
    const char *date, int expires, const char *names, struct buf *q)
{
	BUF_AUTO(credential, 1024);
	char seconds[16];

	buf_puts(q, r->query != NULL ? r->query : "");
	buf_printf(&credential, "%s/%.8s/%s/%s/aws4_request", key->id, date,
	    r->region, r->service);
	(void)snprintf(seconds, sizeof(seconds), "%d", expires);
	parameter(q, "X-Amz-Algorithm", ALGORITHM);
	parameter(
	    q, "X-Amz-Credential", credential.p != NULL ? credential.p : "");
	parameter(q, "X-Amz-Date", date);
	parameter(q, "X-Amz-Expires", seconds);
	parameter(q, "X-Amz-SignedHeaders", names);
	if (key->token != NULL)
		parameter(q, "X-Amz-Security-Token", key->token);
}

static int
presign_canonical(const struct sigv4_request *r, const char *query,
    struct signed_headers *h, const char *body, struct buf *canonical,
    struct fault *f)
{
	BUF_AUTO(names, SIGV4_BYTES_MAX);

	buf_printf(canonical, "%s\n", r->method);
	sigv4_path(canonical, r->path, r->s3);
	buf_putc(canonical, '\n');
	if (sigv4_query(canonical, query, f) == -1)
		return -1;
	buf_putc(canonical, '\n');
	signed_headers_put(h, canonical, &names);
	buf_printf(canonical, "\n%s\n%s", names.p != NULL ? names.p : "", body);
	return buf_done(canonical, "canonical request", f);
}

int
sigv4_presign(struct crypto *c, const struct sigv4_key *key,
    const struct sigv4_request *r, int expires, struct buf *out,
    struct fault *f)
{
	struct signed_headers h = { 0 };
	struct buf canonical = { .max = SIGV4_BYTES_MAX };
	struct buf to_sign = { .max = SIGV4_BYTES_MAX };
	BUF_AUTO(names, SIGV4_BYTES_MAX);
	BUF_AUTO(ignored, SIGV4_BYTES_MAX);
	char date[SIGV4_DATE_LEN], hex[SHA256_HEX];
	char body[SHA256_HEX] = "UNSIGNED-PAYLOAD";
	size_t from = out->len;
	int rc = 0;

	sigv4_date(r->time, date);
	signed_headers_add(&h, "host", r->host);
	for (size_t i = 0; r->headers != NULL && r->headers[i] != NULL; i++)
		signed_headers_line(&h, r->headers[i]);
	rc = signed_headers_done(&h, f);
	if (rc == 0 && !r->s3)
		rc = sha256_hex(
		    c, r->body != NULL ? r->body : "", r->body_len, body, f);
	if (rc == 0) {
		signed_headers_put(&h, &ignored, &names);
		presign_query(
		    key, r, date, expires, names.p != NULL ? names.p : "", out);
		rc = buf_done(out, "presigned URL", f);
	}
	if (rc == 0)
		rc = presign_canonical(
		    r, out->p + from, &h, body, &canonical, f);
	if (rc == 0)
		rc = string_to_sign(c, r, date, &canonical, &to_sign, f);
	if (rc == 0)
		rc = signature(c, key, r, date, to_sign.p, hex, f);
	if (rc == 0) {
		buf_printf(out, "&X-Amz-Signature=%s", hex);
		rc = buf_done(out, "presigned URL", f);
	}
	signed_headers_free(&h);
	buf_wipe(&canonical);
	buf_wipe(&to_sign);
	return rc;
}
