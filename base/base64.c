/* See base64.h. */
#include "base/base64.h"

#include <stdint.h>
#include <string.h>

#define ALPHABET                                                               \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"                                           \
	"abcdefghijklmnopqrstuvwxyz"                                           \
	"0123456789"

static void
put(struct buf *out, const uint8_t *p, size_t len, const char *digits, bool pad)
{
	/* at once: a secret that moves leaves a copy behind */
	if (buf_reserve(out, 4 * ((len + 2) / 3)) == NULL)
		return;
	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)p[i] << 16;

		if (n > 1)
			v |= (uint32_t)p[i + 1] << 8;
		if (n > 2)
			v |= p[i + 2];
		for (size_t k = 0; k < 4; k++)
			if (k <= n)
				buf_putc(out, digits[v >> (18 - 6 * k) & 63]);
			else if (pad)
				buf_putc(out, '=');
	}
}

void
base64_put(struct buf *out, const void *p, size_t len)
{
	put(out, p, len, ALPHABET "+/", true);
}

void
base64url_put(struct buf *out, const void *p, size_t len)
{
	put(out, p, len, ALPHABET "-_", false);
}

static int
digit(char c)
{
	static const char digits[] = ALPHABET "+/";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static bool
is_space(char c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

static bool
take(struct buf *out, const char *p, size_t len, bool spaces)
{
	unsigned bits = 0, n = 0, pad = 0, total = 0;

	for (size_t i = 0; i < len; i++) {
		int d = digit(p[i]);

		if (spaces && is_space(p[i]))
			continue;
		total++;
		if (p[i] == '=') {
			pad++;
			continue;
		}
		if (d == -1 || pad > 0)
			return false;
		bits = bits << 6 | (unsigned)d;
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_putc(out, (char)(bits >> n & 0xff));
		}
	}
	return total % 4 == 0 && pad <= 2 && out->failed == FAULT_NONE;
}

bool
base64_read(struct buf *out, const char *p, size_t len)
{
	return take(out, p, len, false);
}

bool
base64_read_text(struct buf *out, const char *p, size_t len)
{
	return take(out, p, len, true);
}
