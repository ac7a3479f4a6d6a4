/* See csv.h. */
#include "report/format/csv.h"

#include <string.h>

#include "base/json.h"

/* Does a spreadsheet take it for a formula? OWASP's list, with the full-width
 * forms that some take for their ASCII twins. */
static bool
acts(const char *p, size_t len)
{
	static const char starts[] = "=+-@\t\r\n", wide[] = "\x9d\x8b\x8d\xa0";

	if (len >= 3 && memcmp(p, "\xef\xbc", 2) == 0)
		return memchr(wide, p[2], sizeof(wide) - 1) != NULL;
	return len > 0 && memchr(starts, p[0], sizeof(starts) - 1) != NULL;
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

/* In quotes, each of its own doubled (RFC 4180, 2.7). */
static void
quoted(struct buf *out, const char *p, size_t len)
{
	buf_putc(out, '"');
	for (const char *q; (q = memchr(p, '"', len)) != NULL;) {
		size_t n = (size_t)(q - p) + 1;

		buf_put(out, p, n);
		buf_putc(out, '"');
		p += n;
		len -= n;
	}
	buf_put(out, p, len);
	buf_putc(out, '"');
}

void
csv_text(struct buf *out, const char *p, size_t len)
{
	BUF_AUTO(cell, 4 * len + 16);

	if (acts(p, len))
		buf_putc(&cell, '\'');
	clean(&cell, p, len);
	if (cell.failed != FAULT_NONE)
		out->failed = cell.failed;
	else if (cell.len == 0)
		buf_puts(out, "\"\"");
	else if (strcspn(cell.p, ",\"\r\n") < cell.len)
		quoted(out, cell.p, cell.len);
	else
		buf_put(out, cell.p, cell.len);
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
