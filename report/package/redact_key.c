/* The key of pseudonyms, in a file of its own: see redact.h. */
#include "report/package/redact.h"

#include <stdio.h>
#include <sys/random.h>

#include <openssl/crypto.h>

#include "base/file.h"

static int
make_key(const char *path, uint8_t key[REDACT_KEY_LEN], struct fault *f)
{
	char hex[2 * REDACT_KEY_LEN + 2];
	ssize_t n = getrandom(key, REDACT_KEY_LEN, 0);
	int rc;

	if (n != REDACT_KEY_LEN)
		return fault(f, FAULT_IO, "no random bytes for a key");
	hex_encode(key, REDACT_KEY_LEN, hex);
	hex[2 * REDACT_KEY_LEN] = '\n';
	rc = file_write(path, hex, 2 * REDACT_KEY_LEN + 1, 0600, f);
	OPENSSL_cleanse(hex, sizeof(hex));
	return rc;
}

int
redact_key(const char *path, uint8_t key[REDACT_KEY_LEN], struct fault *f)
{
	struct fault why = { 0 };
	int rc = -1;
	BUF_AUTO(text, 4096);

	if (file_read(path, &text, &why) == -1) {
		if (why.kind == FAULT_ABSENT)
			return make_key(path, key, f);
		*f = why;
		return -1;
	}
	if (text.len > 0 && text.p[text.len - 1] == '\n')
		text.p[--text.len] = '\0';
	if (text.len == 2 * REDACT_KEY_LEN)
		rc = hex_decode(text.p, key, REDACT_KEY_LEN);
	if (rc == -1)
		(void)fault(f, FAULT_FORMAT,
		    "%.300s: is no key of 64 hex digits", path);
	if (text.p != NULL)
		OPENSSL_cleanse(text.p, text.len);
	return rc;
}
