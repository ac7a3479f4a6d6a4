/* See markdown.h. */
#include "reference/markdown.h"

#include <string.h>

#include "base/json.h"

void
markdown_text(struct buf *out, const char *s)
{
	BUF_AUTO(b, 8 * strlen(s) + 16);

	text_clean(&b, s, strlen(s), strlen(s));
	for (size_t i = 0; i < b.len; i++) {
		if (strchr("\\`*_{}[]<>|", b.p[i]) != NULL)
			buf_putc(out, '\\');
		buf_putc(out, b.p[i] == '\n' ? ' ' : b.p[i]);
	}
}
