/* See config_certificate.h. */
#include "collector/settings/config_certificate.h"

#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/base64.h"
#include "base/utc.h"

static bool
end_of(const X509 *x, int64_t *end)
{
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
		return false;
	*end = timegm(&tm);
	return true;
}

/* The end that counts, of all certificates in the text; false: none, or one
 * cannot be read. */
static bool
read_ends(BIO *in, enum certificate_role role, int64_t *end)
{
	size_t n = 0;
	X509 *x;
	bool good = true;

	while (good && n < CERTIFICATES_MAX &&
	       (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		int64_t one;

		good = end_of(x, &one);
		if (good &&
		    (n == 0 || (role == CERTIFICATE_AUTHORITY && one > *end)))
			*end = one;
		X509_free(x);
		n++;
	}
	/* that no more follows is an error to OpenSSL; any other is one */
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		good = false;
	ERR_clear_error();
	return good && n > 0;
}

static bool
decode(const struct node *n, enum certificate_role role, int64_t *end)
{
	const char *text = node_text(n);
	BUF_AUTO(pem, CERTIFICATE_BYTES_MAX);
	BIO *in;
	bool good;

	if (text == NULL || !base64_read_text(&pem, text, strlen(text)) ||
	    pem.len == 0)
		return false;
	ERR_clear_error();
	if ((in = BIO_new_mem_buf(pem.p, (int)pem.len)) == NULL)
		return false;
	good = read_ends(in, role, end);
	BIO_free(in);
	return good;
}

int
config_certificate(struct config_file *file, const struct node *n,
    enum certificate_role role, const char *what, const char *fragment,
    struct fault *f)
{
	char time[UTC_LEN];
	struct setting s;
	int64_t end = 0;
	int rc;

	if (n == NULL)
		return 0;
	rc = setting_begin(&s, file, n->line, f);
	if (rc == 0) {
		attrs_str(&s.a, "what", what);
		setting_line(&s, "not_after", n->line);
		if (decode(n, role, &end)) {
			utc_format(end, time);
			attrs_str(&s.a, "not_after", time);
		} else {
			setting_unread(&s, "not_after", n->line);
		}
		rc = setting_emit(
		    &s, &config_certificate_kind, fragment, n->line, f);
	}
	setting_free(&s);
	return rc;
}
