/* A key and its certificates in PKCS#12. See sign.h. */
#include "report/sign/signing.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include "base/file.h"

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

int
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
