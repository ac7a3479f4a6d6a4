/* Any bytes as revocation lists: read, or refused with a reason. */
#include <stdint.h>
#include <stdlib.h>

#include "report/sign/signing.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct crypto *c; /* a library context is slow to make */
	struct fault f = { 0 };
	STACK_OF(X509_CRL) * crls;

	if (c == NULL && (c = crypto_new(false, &f)) == NULL)
		abort();
	crls = crls_read(c, &(struct slice){ p, len }, &f);
	if (crls != NULL && sk_X509_CRL_num(crls) < 1)
		abort();
	if (crls == NULL && (f.text[0] == '\0' || (f.kind != FAULT_USAGE &&
						      f.kind != FAULT_LIMIT)))
		abort();
	crls_free(crls);
	return 0;
}
