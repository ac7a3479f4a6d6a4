/* See certificate.h. */
#include "collector/endpoint/tls_certificate.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/length.h"
#include "base/utc.h"

#define NAME_TEXT_MAX 2048

X509 *
certificate_read(struct crypto *c, const uint8_t *der, size_t len)
{
	X509 *x = X509_new_ex(crypto_libctx(c), crypto_propq(c));
	const unsigned char *p = der;

	if (x == NULL || d2i_X509(&x, &p, (long)len) == NULL ||
	    p != der + len) {
		X509_free(x);
		x = NULL;
	}
	ERR_clear_error();
	return x;
}

/* ---- names, times ---- */

static void
add_name(struct attrs *a, const char *key, const X509_NAME *name)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p;
	long len;

	if (b == NULL ||
	    X509_NAME_print_ex(b, name, 0, XN_FLAG_RFC2253) == -1) {
		attrs_str(a, key, NULL);
	} else {
		len = BIO_get_mem_data(b, &p);
		if (len > NAME_TEXT_MAX)
			len = NAME_TEXT_MAX;
		attrs_text(a, key, p, (size_t)len);
	}
	BIO_free(b);
}

static void
add_time(struct attrs *a, const char *key, const ASN1_TIME *t)
{
	char text[UTC_LEN];
	struct tm tm;

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1 || tm.tm_year < 70 ||
	    tm.tm_year > 9999 - 1900) {
		attrs_str(a, key, NULL);
		return;
	}
	utc_format(timegm(&tm), text);
	attrs_str(a, key, text);
}

static void
add_serial(struct attrs *a, const X509 *x)
{
	const ASN1_INTEGER *n = X509_get0_serialNumber(x);
	const unsigned char *p = ASN1_STRING_get0_data(n);
	char hex[2 * 64 + 1];
	int len = ASN1_STRING_length(n);

	if (len < 0 || len > 64) {
		attrs_str(a, "serial", NULL);
		return;
	}
	hex_encode(p, (size_t)len, hex);
	attrs_str(a, "serial", hex);
}

/* ---- key and signature ---- */

static int
key_nid(X509 *x)
{
	ASN1_OBJECT *o = NULL;

	if (X509_PUBKEY_get0_param(
		&o, NULL, NULL, NULL, X509_get_X509_PUBKEY(x)) != 1)
		return NID_undef;
	return OBJ_obj2nid(o);
}

void
certificate_key_name(X509 *x, char *out, size_t size)
{
	int nid = key_nid(x);

	if (nid == NID_rsaEncryption || nid == NID_rsassaPss)
		(void)snprintf(out, size, "%s",
		    nid == NID_rsaEncryption ? "rsa" : "rsa-pss");
	else if (nid == NID_X9_62_id_ecPublicKey)
		(void)snprintf(out, size, "ec");
	else
		(void)snprintf(out, size, "%s",
		    nid == NID_undef ? "other" : OBJ_nid2sn(nid));
	for (char *p = out; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
}

/* RFC 5480 2.1.1: a name, or (which it forbids) the parameters themselves. */
static void
add_parameters(struct attrs *a, X509 *x)
{
	X509_ALGOR *alg = NULL;
	int type = V_ASN1_UNDEF;

	if (key_nid(x) != NID_X9_62_id_ecPublicKey ||
	    X509_PUBKEY_get0_param(
		NULL, NULL, NULL, &alg, X509_get_X509_PUBKEY(x)) != 1) {
		attrs_json(a, "explicit_parameters", json_null());
		return;
	}
	X509_ALGOR_get0(NULL, &type, NULL, alg);
	attrs_bool(a, "explicit_parameters", type != V_ASN1_OBJECT);
}

static void
add_key(struct attrs *a, X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	char curve[64] = "";
	size_t len = 0;
	int nid = key_nid(x);

	attrs_str(a, "key_type", nid == NID_undef ? NULL : OBJ_nid2ln(nid));
	if (key != NULL)
		attrs_int(a, "key_bits", EVP_PKEY_get_bits(key));
	else
		attrs_json(a, "key_bits", json_null());
	if (key != NULL && nid == NID_X9_62_id_ecPublicKey)
		(void)EVP_PKEY_get_group_name(key, curve, sizeof(curve), &len);
	attrs_str(a, "curve", curve[0] != '\0' ? curve : NULL);
	add_parameters(a, x);
}

static void
add_signature(struct attrs *a, X509 *x)
{
	int nid = X509_get_signature_nid(x), hash = NID_undef;
	uint32_t flags;

	attrs_str(a, "signature", nid == NID_undef ? NULL : OBJ_nid2ln(nid));
	/* for RSASSA-PSS the hash stands in the parameters */
	if (X509_get_signature_info(x, &hash, NULL, NULL, &flags) != 1)
		hash = NID_undef;
	attrs_str(
	    a, "signature_hash", hash == NID_undef ? NULL : OBJ_nid2sn(hash));
}

/* ---- extensions ---- */

static json_t *
general_name(const GENERAL_NAME *g)
{
	char text[INET6_ADDRSTRLEN];
	BUF_AUTO(b, 1024);
	int type;
	const ASN1_STRING *s = GENERAL_NAME_get0_value(g, &type);

	if (type == GEN_DNS || type == GEN_URI || type == GEN_EMAIL) {
		int len = ASN1_STRING_length(s);

		buf_puts(&b, type == GEN_DNS   ? "DNS:"
			     : type == GEN_URI ? "URI:"
					       : "email:");
		buf_put(&b, ASN1_STRING_get0_data(s),
		    len > 0 && len <= 512 ? (size_t)len : 0);
	} else if (type == GEN_IPADD) {
		int len = ASN1_STRING_length(s);

		if ((len != 4 && len != 16) ||
		    inet_ntop(len == 4 ? AF_INET : AF_INET6,
			ASN1_STRING_get0_data(s), text, sizeof(text)) == NULL)
			return NULL;
		buf_printf(&b, "IP:%s", text);
	} else
		return NULL;
	return json_text(b.p, b.len);
}

static void
add_names(struct attrs *a, X509 *x)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	json_t *list = json_array();

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < SAN_MAX; i++) {
		json_t *one = general_name(sk_GENERAL_NAME_value(names, i));

		if (one != NULL)
			(void)json_array_append_new(list, one);
	}
	attrs_json(a, "subject_alt_names", list);
	GENERAL_NAMES_free(names);
}

static void
add_key_usage(struct attrs *a, X509 *x)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} usages[] = {
		{ KU_CRL_SIGN, "cRLSign" },
		{ KU_DATA_ENCIPHERMENT, "dataEncipherment" },
		{ KU_DIGITAL_SIGNATURE, "digitalSignature" },
		{ KU_KEY_AGREEMENT, "keyAgreement" },
		{ KU_KEY_CERT_SIGN, "keyCertSign" },
		{ KU_KEY_ENCIPHERMENT, "keyEncipherment" },
		{ KU_NON_REPUDIATION, "nonRepudiation" },
	};
	uint32_t bits = X509_get_key_usage(x);
	json_t *list;

	if ((X509_get_extension_flags(x) & EXFLAG_KUSAGE) == 0) {
		attrs_json(a, "key_usage", json_null());
		return;
	}
	list = json_array();
	for (size_t i = 0; i < LENGTH(usages); i++)
		if ((bits & usages[i].bit) != 0)
			(void)json_array_append_new(
			    list, json_string(usages[i].name));
	attrs_json(a, "key_usage", list);
}

static void
add_purposes(struct attrs *a, X509 *x)
{
	EXTENDED_KEY_USAGE *eku =
	    X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
	json_t *list = eku != NULL ? json_array() : json_null();

	for (int i = 0; i < sk_ASN1_OBJECT_num(eku) && i < SAN_MAX; i++) {
		char text[128];

		if (OBJ_obj2txt(text, sizeof(text),
			sk_ASN1_OBJECT_value(eku, i), 0) > 0)
			(void)json_array_append_new(
			    list, json_text(text, strlen(text)));
	}
	attrs_json(a, "extended_key_usage", list);
	EXTENDED_KEY_USAGE_free(eku);
}

static void
add_access(struct attrs *a, X509 *x)
{
	AUTHORITY_INFO_ACCESS *info =
	    X509_get_ext_d2i(x, NID_info_access, NULL, NULL);
	bool ocsp = false, issuers = false;

	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(info); i++) {
		int nid =
		    OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(info, i)->method);

		ocsp |= nid == NID_ad_OCSP;
		issuers |= nid == NID_ad_ca_issuers;
	}
	attrs_bool(a, "ocsp", ocsp);
	attrs_bool(a, "ca_issuers", issuers);
	AUTHORITY_INFO_ACCESS_free(info);
}

void
certificate_attrs(X509 *x, struct attrs *a)
{
	const X509_NAME *subject = X509_get_subject_name(x);
	const X509_NAME *issuer = X509_get_issuer_name(x);

	add_name(a, "subject", subject);
	add_name(a, "issuer", issuer);
	attrs_bool(a, "self_signed", X509_NAME_cmp(subject, issuer) == 0);
	add_serial(a, x);
	add_time(a, "not_before", X509_get0_notBefore(x));
	add_time(a, "not_after", X509_get0_notAfter(x));
	attrs_int(a, "x509_version", X509_get_version(x) + 1);
	add_key(a, x);
	add_signature(a, x);
	add_names(a, x);
	attrs_bool(a, "ca", (X509_get_extension_flags(x) & EXFLAG_CA) != 0);
	add_key_usage(a, x);
	add_purposes(a, x);
	add_access(a, x);
	ERR_clear_error();
}

bool
certificate_signed_by(X509 *x, X509 *next)
{
	EVP_PKEY *key = X509_get0_pubkey(next);
	bool good = X509_NAME_cmp(X509_get_issuer_name(x),
			X509_get_subject_name(next)) == 0 &&
		    key != NULL && X509_verify(x, key) == 1;

	ERR_clear_error();
	return good;
}

bool
certificate_covers(X509 *x, const char *host, bool address)
{
	bool good = address
			? X509_check_ip_asc(x, host, 0) == 1
			: X509_check_host(x, host, 0,
			      X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1;

	ERR_clear_error();
	return good;
}
