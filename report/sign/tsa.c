/* See tsa.h. Sections are those of RFC 3161. */
#include "report/sign/tsa.h"
#include "report/sign/signing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>

#include "base/json.h"

#define NONCE_LEN 8
#define QUERY_MAX 1024
#define QUERY_TYPE "Content-Type: application/timestamp-query"
#define REPLY_TYPE "application/timestamp-reply"

/* ----------------------------------------------------------------- question
 */

struct stamping {
	struct crypto *crypto; /* borrowed */
	const char *url;       /* borrowed */
	long time_ms;
	bool loopback;
	uint8_t imprint[SHA384_LEN];
	TS_REQ *req;	     /* owned */
	struct buf answer;   /* owned */
	size_t received;     /* headers included */
	TS_RESP *resp;	     /* owned */
	const char *problem; /* of the transfer; static */
};

/* A positive number nobody can foresee. */
static ASN1_INTEGER *
nonce_new(struct crypto *c)
{
	unsigned char bytes[NONCE_LEN];
	ASN1_INTEGER *n = NULL;
	BIGNUM *bn = NULL;

	if (RAND_bytes_ex(crypto_libctx(c), bytes, sizeof(bytes), 0) == 1)
		bn = BN_bin2bn(bytes, sizeof(bytes), NULL);
	if (bn != NULL)
		n = BN_to_ASN1_INTEGER(bn, NULL);
	BN_free(bn);
	return n;
}

static TS_MSG_IMPRINT *
imprint_new(const uint8_t hash[SHA384_LEN])
{
	TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
	X509_ALGOR *a = X509_ALGOR_new();
	union { /* OpenSSL copies what it takes as not const */
		const uint8_t *in;
		uint8_t *out;
	} bytes = { .in = hash };

	if (m == NULL || a == NULL ||
	    X509_ALGOR_set0(a, OBJ_nid2obj(NID_sha384), V_ASN1_NULL, NULL) !=
		1 ||
	    TS_MSG_IMPRINT_set_algo(m, a) != 1 ||
	    TS_MSG_IMPRINT_set_msg(m, bytes.out, SHA384_LEN) != 1) {
		TS_MSG_IMPRINT_free(m);
		m = NULL;
	}
	X509_ALGOR_free(a);
	return m;
}

/* Section 2.4.1: version, imprint, nonce, and the certificate asked for. */
static int
make_query(struct stamping *s, struct fault *f)
{
	TS_MSG_IMPRINT *m = imprint_new(s->imprint);
	ASN1_INTEGER *nonce = nonce_new(s->crypto);
	int ok;

	s->req = TS_REQ_new();
	ok = s->req != NULL && m != NULL && nonce != NULL &&
	     TS_REQ_set_version(s->req, 1) == 1 &&
	     TS_REQ_set_msg_imprint(s->req, m) == 1 &&
	     TS_REQ_set_nonce(s->req, nonce) == 1 &&
	     TS_REQ_set_cert_req(s->req, 1) == 1;
	TS_MSG_IMPRINT_free(m);
	ASN1_INTEGER_free(nonce);
	return ok ? 0 : openssl_fault(f, FAULT_IO, "time-stamp query");
}

/* ----------------------------------------------------------------- exchange
 */

static bool
is_loopback(const char *host)
{
	size_t n = strlen(host);

	/* 127.0.0.0/8 as a number only: names may be anybody's */
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 &&
		   strspn(host, "0123456789.") == n);
}

static int
check_url(const char *url, bool *loopback, struct fault *f)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL, *user = NULL;
	int rc = -1;

	if (u == NULL)
		return fault_memory(f);
	if (strlen(url) > TSA_URL_MAX ||
	    curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_HOST, &host, 0) != CURLUE_OK) {
		(void)fault(f, FAULT_USAGE, "--tsa %.200s: not a URL", url);
	} else if (curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_OK) {
		(void)fault(f, FAULT_USAGE,
		    "--tsa: a URL with a password in it is not asked");
	} else {
		*loopback = is_loopback(host);
		if (strcmp(scheme, "https") == 0 ||
		    (strcmp(scheme, "http") == 0 && *loopback))
			rc = 0;
		else
			(void)fault(f, FAULT_USAGE,
			    "--tsa %.200s: https is needed (http only to a "
			    "loopback address)",
			    url);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_url_cleanup(u);
	return rc;
}

int
tsa_url_check(const char *url, struct fault *f)
{
	bool ignored;

	return check_url(url, &ignored, f);
}

static size_t
take(char *p, size_t one, size_t len, void *ctx)
{
	struct stamping *s = ctx;

	(void)one;
	s->received += len;
	if (s->received <= TSA_RESPONSE_MAX)
		buf_put(&s->answer, p, len);
	if (s->received <= TSA_RESPONSE_MAX && s->answer.failed == FAULT_NONE)
		return len;
	s->problem = "the answer is too large";
	return 0; /* ends the transfer */
}

static size_t
count(char *p, size_t one, size_t len, void *ctx)
{
	struct stamping *s = ctx;

	(void)p;
	(void)one;
	if ((s->received += len) <= TSA_RESPONSE_MAX)
		return len;
	s->problem = "the answer is too large";
	return 0;
}

static CURLcode
set_options(struct stamping *s, CURL *h, struct curl_slist *headers,
    const char *query, size_t len)
{
	CURLcode rc = CURLE_OK;

#define SET(option, value)                                                     \
	if (rc == CURLE_OK)                                                    \
	rc = curl_easy_setopt(h, option, value)
	SET(CURLOPT_URL, s->url);
	SET(CURLOPT_PROTOCOLS_STR, s->loopback ? "http,https" : "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS,
	    s->time_ms < TSA_CONNECT_MS ? s->time_ms : TSA_CONNECT_MS);
	SET(CURLOPT_TIMEOUT_MS, s->time_ms);
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDS, query);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	SET(CURLOPT_HTTPHEADER, headers);
	SET(CURLOPT_WRITEFUNCTION, take);
	SET(CURLOPT_WRITEDATA, s);
	SET(CURLOPT_HEADERFUNCTION, count);
	SET(CURLOPT_HEADERDATA, s);
	if (s->loopback) /* no proxy stands between us and ourselves */
		SET(CURLOPT_NOPROXY, "*");
#undef SET
	return rc;
}

static int
check_answer(struct stamping *s, CURL *h, CURLcode rc, struct fault *f)
{
	const char *type = NULL;
	long status = 0;

	if (s->problem != NULL)
		return fault(f, FAULT_LIMIT, "%.200s: %s (over %d bytes)",
		    s->url, s->problem, TSA_RESPONSE_MAX);
	if (rc != CURLE_OK)
		return fault(f, FAULT_REMOTE, "%.200s: %s", s->url,
		    curl_easy_strerror(rc));
	(void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 300 && status < 400)
		return fault(f, FAULT_REMOTE,
		    "%.200s: HTTP %ld: redirects are not followed; name where "
		    "it leads",
		    s->url, status);
	if (status != 200)
		return fault(
		    f, FAULT_REMOTE, "%.200s: HTTP %ld", s->url, status);
	(void)curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &type);
	if (type == NULL || strncmp(type, REPLY_TYPE, strlen(REPLY_TYPE)) != 0)
		return fault(f, FAULT_FORMAT,
		    "%.200s: does not answer as a time-stamp authority "
		    "(%.100s)",
		    s->url, type != NULL ? type : "no content type");
	return 0;
}

static int
post(struct stamping *s, const char *query, size_t len, struct fault *f)
{
	CURL *h = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, QUERY_TYPE);
	CURLcode rc = CURLE_OUT_OF_MEMORY;
	int ok;

	if (h != NULL && headers != NULL)
		rc = set_options(s, h, headers, query, len);
	if (rc == CURLE_OK)
		rc = curl_easy_perform(h);
	ok = check_answer(s, h, rc, f);
	curl_slist_free_all(headers);
	curl_easy_cleanup(h);
	return ok;
}

static int
ask(struct stamping *s, struct fault *f)
{
	unsigned char *query = NULL;
	int len, rc = -1;

	if (check_url(s->url, &s->loopback, f) == -1 || make_query(s, f) == -1)
		return -1;
	len = i2d_TS_REQ(s->req, &query);
	if (len <= 0 || len > QUERY_MAX)
		(void)openssl_fault(f, FAULT_IO, "time-stamp query");
	else if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		(void)fault(f, FAULT_IO, "libcurl does not start");
	else {
		rc = post(s, (const char *)query, (size_t)len, f);
		curl_global_cleanup();
	}
	OPENSSL_free(query);
	return rc;
}

/* ------------------------------------------------------------------- answer
 */

static bool
same_imprint(TS_MSG_IMPRINT *m, const uint8_t want[SHA384_LEN])
{
	const ASN1_OBJECT *algorithm = NULL;
	const ASN1_STRING *hash;

	if (m == NULL)
		return false;
	X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(m));
	hash = TS_MSG_IMPRINT_get_msg(m);
	return OBJ_obj2nid(algorithm) == NID_sha384 &&
	       ASN1_STRING_length(hash) == SHA384_LEN &&
	       memcmp(ASN1_STRING_get0_data(hash), want, SHA384_LEN) == 0;
}

/* Section 2.4.2: granted, or granted with modifications. */
static int
check_status(struct stamping *s, struct fault *f)
{
	const TS_STATUS_INFO *info = TS_RESP_get_status_info(s->resp);
	long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
	const STACK_OF(ASN1_UTF8STRING) *why = TS_STATUS_INFO_get0_text(info);
	const ASN1_UTF8STRING *first =
	    why != NULL ? sk_ASN1_UTF8STRING_value(why, 0) : NULL;
	BUF_AUTO(text, 512);

	if (status == TS_STATUS_GRANTED ||
	    status == TS_STATUS_GRANTED_WITH_MODS)
		return 0;
	if (first != NULL)
		text_clean(&text, (const char *)ASN1_STRING_get0_data(first),
		    (size_t)ASN1_STRING_length(first), 100);
	return fault(f, FAULT_REMOTE,
	    "%.200s: the authority did not grant it (status %ld) %s", s->url,
	    status, text.p != NULL ? text.p : "");
}

/* It is an answer to this question, and not to one that was heard before. */
static int
check_question(struct stamping *s, TS_TST_INFO *tst, struct fault *f)
{
	const ASN1_INTEGER *nonce = TS_TST_INFO_get_nonce(tst);

	if (!same_imprint(TS_TST_INFO_get_msg_imprint(tst), s->imprint))
		return fault(f, FAULT_INTEGRITY,
		    "%.200s: the time stamp is over other bytes", s->url);
	if (nonce == NULL ||
	    ASN1_INTEGER_cmp(nonce, TS_REQ_get_nonce(s->req)) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "%.200s: the time stamp answers another question (nonce)",
		    s->url);
	if (TS_TST_INFO_get_version(tst) != 1 ||
	    TS_TST_INFO_get_policy_id(tst) == NULL ||
	    OBJ_length(TS_TST_INFO_get_policy_id(tst)) == 0 ||
	    TS_TST_INFO_get_time(tst) == NULL)
		return fault(f, FAULT_FORMAT,
		    "%.200s: the time stamp lacks its policy or time", s->url);
	return 0;
}

static int
keep_token(struct stamping *s, struct buf *token, struct fault *f)
{
	unsigned char *der = NULL;
	int len = i2d_PKCS7(TS_RESP_get_token(s->resp), &der);

	if (len <= 0)
		return openssl_fault(f, FAULT_FORMAT, "time stamp");
	buf_put(token, der, (size_t)len);
	OPENSSL_free(der);
	return buf_done(token, "time stamp", f);
}

static int
read_answer(struct stamping *s, struct buf *token, struct fault *f)
{
	const unsigned char *p = (const unsigned char *)s->answer.p;
	TS_TST_INFO *tst;

	if (s->answer.len > 0)
		s->resp = d2i_TS_RESP(NULL, &p, (long)s->answer.len);
	ERR_clear_error();
	if (s->resp == NULL ||
	    p != (const unsigned char *)s->answer.p + s->answer.len)
		return fault(f, FAULT_FORMAT,
		    "%.200s: the answer is not a time-stamp response", s->url);
	if (check_status(s, f) == -1)
		return -1;
	tst = TS_RESP_get_tst_info(s->resp);
	if (tst == NULL || TS_RESP_get_token(s->resp) == NULL)
		return fault(f, FAULT_FORMAT,
		    "%.200s: granted, but without a time stamp", s->url);
	if (check_question(s, tst, f) == -1)
		return -1;
	return keep_token(s, token, f);
}

int
tsa_stamp(struct crypto *c, const char *url, long time_ms, const void *p,
    size_t len, struct buf *token, struct fault *f)
{
	struct stamping s = { .crypto = c,
		.url = url,
		.time_ms = time_ms,
		.answer = { .max = TSA_RESPONSE_MAX } };
	int rc = -1;

	ERR_clear_error();
	if (digest_sha384(c, p, len, s.imprint, f) == 0 && ask(&s, f) == 0)
		rc = read_answer(&s, token, f);
	TS_REQ_free(s.req);
	TS_RESP_free(s.resp);
	buf_free(&s.answer);
	ERR_clear_error();
	return rc;
}
