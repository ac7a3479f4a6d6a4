/*
 * Any bytes as the signature of a fixed content. Whatever comes, there is an
 * answer: a refusal with its text, or the one signer that is trusted. The
 * seeds were signed with the key of the certificate below, which is gone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/sign/sign.h"

static const char content[] = "report\n";

static const char anchor[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeDCCAR+gAwIBAgIUIMocfH1DUCq5vVCdrHKKXrYbXmswCgYIKoZIzj0EAwMw\n"
    "HDEaMBgGA1UEAwwRZXhoaWJpdCB0ZXN0IHNlbGYwHhcNMjAwMTAxMDAwMDAwWhcN\n"
    "NDUwMTAxMDAwMDAwWjAcMRowGAYDVQQDDBFleGhpYml0IHRlc3Qgc2VsZjBZMBMG\n"
    "ByqGSM49AgEGCCqGSM49AwEHA0IABFBAxaI/K45YlGcRjdXoqpfVS6iSkVRH9/5e\n"
    "F9kzU/Lp4TniheV4oJqyI52odNaLYgT6OHbqPJxMQ89/Zk7y3bKjPzA9MAwGA1Ud\n"
    "EwEB/wQCMAAwDgYDVR0PAQH/BAQDAgbAMB0GA1UdDgQWBBSCtbGM2Zp2V2QZ9JLw\n"
    "v6vBGkqnpTAKBggqhkjOPQQDAwNHADBEAiAfYTCXWA183g9oyonKNb44inig5c7d\n"
    "wPO6wNQ8Qann3wIgbhsbgi6AbHBn3sghBVLC4Q6heIysJkPBSjp+TZvjos4=\n"
    "-----END CERTIFICATE-----\n";

static const char fingerprint[] =
    "1ad05956f02bff32ef1837ed35615108c1d6ef185544fce50281dc83d0c5865b";

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
check(int rc, const struct fault *f)
{
	if (rc == 0)
		return;
	if (f->text[0] == '\0' ||
	    (f->kind != FAULT_FORMAT && f->kind != FAULT_INTEGRITY &&
		f->kind != FAULT_LIMIT))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct crypto *c; /* a library context is slow to make */
	static struct signature_info info;
	struct fault f = { 0 };
	int rc;

	if (c == NULL && (c = crypto_new(false, &f)) == NULL)
		abort();
	rc = signature_verify(
	    c, content, sizeof(content) - 1, p, len, NULL, 0, 0, &info, &f);
	check(rc, &f);
	if (rc == 0 && info.trusted)
		abort();
	rc = signature_verify(c, content, sizeof(content) - 1, p, len, anchor,
	    sizeof(anchor) - 1, 0, &info, &f);
	check(rc, &f);
	if (rc == 0 &&
	    (!info.trusted || strcmp(info.fingerprint, fingerprint) != 0))
		abort();
	return 0;
}
