/* See csv.h. */
#include "csv.h"

#include <string.h>

#include "json.h"

/* Does a spreadsheet take it for a formula? OWASP's list, with the full-width
 * forms that some take for their ASCII twins. */
static bool
acts(const char *p, size_t len)
{
	static const char *const starts[] = { "=", "+", "-", "@", "\t", "\r",
		"\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
		"\xef\xbc\xa0" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t n = strlen(starts[i]);

		if (len >= n && memcmp(p, starts[i], n) == 0)
			return true;
	}
	return false;
}

static void
clean(struct buf *out, const char *p, size_t len)
{
	/* text_clean() shows a CR, which is data here */
	while (len > 0) {
		const char *cr = memchr(p, '\r', len);
		size_t n = cr != NULL ? (size_t)(cr - p) : len;

		text_clean(out, p, n, n);
		if (cr == NULL)
			return;
		buf_putc(out, '\r');
		p += n + 1;
		len -= n + 1;
	}
}

void
csv_text(struct buf *out, const char *p, size_t len)
{
	BUF_AUTO(cell, 4 * len + 16);
	bool quote = len == 0;

	if (acts(p, len))
		buf_putc(&cell, '\'');
	clean(&cell, p, len);
	for (size_t i = 0; i < cell.len; i++)
		quote |= strchr(",\"\r\n", cell.p[i]) != NULL;
	if (quote)
		buf_putc(out, '"');
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.p[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, cell.p[i]);
	}
	if (quote)
		buf_putc(out, '"');
	if (cell.failed != FAULT_NONE)
		out->failed = cell.failed;
}

void
csv_number(struct buf *out, const char *p, size_t len)
{
	buf_put(out, p, len);
}

void
csv_next(struct buf *out)
{
	buf_putc(out, ',');
}

void
csv_end(struct buf *out)
{
	buf_puts(out, "\r\n");
}
