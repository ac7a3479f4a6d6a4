/* What the loaders of keys share: the question for a passphrase, and what they
 * found. See signing.h. */
#include "report/sign/signing.h"

#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ui.h>

/* How many bytes of passphrase, at most size, or -1. */
int
question_ask(struct question *q, char *out, size_t size)
{
	int n = -1;

	if (q->asked && q->once)
		return -1;
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

UI_METHOD *
question_ui(void)
{
	UI_METHOD *ui = UI_create_method("exhibit");

	if (ui != NULL && UI_method_set_reader(ui, ui_read) == 0)
		return ui;
	UI_destroy_method(ui);
	return NULL;
}

int
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

int
holding_add(struct holding *h, struct crypto *c, const X509 *cert)
{
	X509 *own = certificate_rebind(c, cert);

	if (own == NULL || sk_X509_push(h->certs, own) == 0) {
		X509_free(own);
		return -1;
	}
	return 0;
}
