/* What a TLS server may say: the first byte chooses how it comes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/endpoint/tls_certificate.h"
#include "collector/endpoint/tls_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
records(const uint8_t *p, size_t len, size_t piece)
{
	struct answer a = { 0 };
	struct tls_reader r;

	answer_reset(&a);
	tls_reader_init(&r, &a);
	for (size_t i = 0; i < len; i += piece)
		if (tls_reader_take(
			&r, p + i, len - i < piece ? len - i : piece))
			break;
	tls_reader_free(&r);
	answer_free(&a);
}

static void
certificates(const uint8_t *p, size_t len)
{
	const uint8_t *der;
	size_t der_len;
	bool status;

	for (size_t i = 0; i < 4; i++)
		if (certificate_at(p, len, i % 2 == 1, i / 2, &der, &der_len,
			&status) != 1)
			continue;
}

static void
one_certificate(const uint8_t *p, size_t len)
{
	struct fault f;
	struct crypto *c = crypto_new(false, &f);
	X509 *x = c != NULL ? certificate_read(c, p, len) : NULL;
	ATTRS_AUTO(a);

	if (x != NULL) {
		certificate_attrs(x, &a);
		(void)certificate_covers(x, "example.org", false);
		(void)certificate_signed_by(x, x);
	}
	X509_free(x);
	crypto_free(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct server_hello hello;

	if (size == 0)
		return 0;
	switch (data[0] % 4) {
	case 0:
		one_certificate(data + 1, size - 1);
		break;
	case 1:
		records(data + 1, size - 1, 1);
		break;
	case 2:
		records(data + 1, size - 1, 4096);
		break;
	default:
		certificates(data + 1, size - 1);
		(void)server_hello_read(data + 1, size - 1, &hello);
		break;
	}
	return 0;
}
