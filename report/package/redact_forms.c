/* What a value is by its form alone: see redact_forms.h. */
#include "report/package/redact_forms.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/length.h"

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

static bool
is_address(const char *s, size_t len)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t bytes[16];

	if (len < 3 || len >= sizeof(text))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	return (inet_pton(AF_INET, text, bytes) == 1 &&
		   strcmp(text, "0.0.0.0") != 0 && bytes[0] != 127) ||
	       (inet_pton(AF_INET6, text, bytes) == 1 &&
		   strcmp(text, "::1") != 0 && strcmp(text, "::") != 0);
}

static bool
is_account(const char *s, size_t len)
{
	return len == 12 && strspn(s, "0123456789") >= 12;
}

static bool
is_mail(const char *s, size_t len)
{
	const char *at = memchr(s, '@', len);

	return at != NULL && at > s && at < s + len - 3 &&
	       memchr(at, '.', len - (size_t)(at - s)) != NULL;
}

/* i-0abc..., vol-...: what AWS draws; images are everybody's. */
static bool
is_aws_id(const char *s, size_t len)
{
	static const char *const kinds[] = { "i-", "vol-", "snap-", "vpc-",
		"subnet-", "sg-", "eni-", "lt-", "rtb-", "igw-", "nat-",
		"fs-" };
	size_t hex = 0;

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		size_t n = strlen(kinds[i]);

		if (len <= n || strncmp(s, kinds[i], n) != 0)
			continue;
		while (n + hex < len && is_hex(s[n + hex]))
			hex++;
		return n + hex == len && (hex == 8 || hex == 17);
	}
	return false;
}

/* How many bytes at s are 32 or more hex digits, or a UUID; else 0. */
static size_t
random_at(const char *s, size_t len)
{
	static const size_t parts[] = { 8, 4, 4, 4, 12 };
	size_t hex = 0, at = 0;

	while (hex < len && is_hex(s[hex]))
		hex++;
	if (hex >= 32)
		return hex;
	for (size_t i = 0; i < 5; i++) {
		for (size_t k = 0; k < parts[i]; k++)
			if (at >= len || !is_hex(s[at++]))
				return 0;
		if (i < 4 && (at >= len || s[at++] != '-'))
			return 0;
	}
	return at < len && is_hex(s[at]) ? 0 : at;
}

bool
redact_form(const char *s, size_t len, enum redact_class *c)
{
	if (is_address(s, len))
		*c = REDACT_ADDRESS;
	else if (is_account(s, len))
		*c = REDACT_ACCOUNT;
	else if (is_mail(s, len))
		*c = REDACT_USER;
	else if (is_aws_id(s, len))
		*c = REDACT_ID;
	else
		return false;
	return true;
}

size_t
redact_random(const char *s, size_t at, size_t len)
{
	return at > 0 && is_hex(s[at - 1]) ? 0 : random_at(s + at, len - at);
}
