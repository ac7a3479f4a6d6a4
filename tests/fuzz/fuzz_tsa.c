/*
 * Any bytes as a time stamp over a fixed content. Whatever comes, there is an
 * answer. The seeds were stamped with the key of the certificate below, which
 * is gone.
 */
#include <stdint.h>
#include <stdlib.h>

#include "report/sign/tsa.h"

static const char content[] = "checkpoint\n";

static const char anchor[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBvTCCAWSgAwIBAgIUNGbdtiQsF6pgoYTWOAv4gKii9FcwCgYIKoZIzj0EAwIw\n"
    "ITEfMB0GA1UEAwwWZXhoaWJpdCB0ZXN0IGF1dGhvcml0eTAgFw0yNjExMjMxNzA0\n"
    "MDVaGA8yMDUxMDcxNTE3MDQwNVowITEfMB0GA1UEAwwWZXhoaWJpdCB0ZXN0IGF1\n"
    "dGhvcml0eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDJZT0UAFziNbPL2VZqt\n"
    "dXhfYbNYZMeJRI8rcCEfnakWSKLwDq5VISIRoXW67jkMTRHZdzSFZHU0TamvYDe1\n"
    "UqejeDB2MB0GA1UdDgQWBBQqL8WnWarzr+xIG2zZi/gPmCBKMjAfBgNVHSMEGDAW\n"
    "gBQqL8WnWarzr+xIG2zZi/gPmCBKMjAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQE\n"
    "AwIHgDAWBgNVHSUBAf8EDDAKBggrBgEFBQcDCDAKBggqhkjOPQQDAgNHADBEAiAL\n"
    "BjnvlAtChigcalm2l5C/df6BIZNfTYn+qceYQhcIlAIgcic8SiOEvuJ25XUJVfou\n"
    "aGcOQCw774XUC+usNA/VLb0=\n"
    "-----END CERTIFICATE-----\n";

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct crypto *c; /* a library context is slow to make */
	static struct tsa_info info;
	struct fault f = { 0 };

	if (c == NULL && (c = crypto_new(false, &f)) == NULL)
		abort();
	if (tsa_verify(c, content, sizeof(content) - 1, p, len, anchor,
		sizeof(anchor) - 1, &info, &f) == 0) {
		if (info.time <= 0 || info.policy[0] == '\0')
			abort();
	} else if (f.text[0] == '\0' ||
		   (f.kind != FAULT_FORMAT && f.kind != FAULT_INTEGRITY &&
		       f.kind != FAULT_LIMIT)) {
		abort();
	}
	return 0;
}
