/* See references.h. */
#include "report/format/references.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

extern const struct text report_text[]; /* of report/judge */

void
nist_name(const char *id, char *out, size_t size)
{
	size_t n = 0;
	bool inside = false;

	assert(size > 0);
	for (; *id != '\0' && n + 3 < size; id++) {
		char c = *id;

		if (c == '(' || c == '.') {
			out[n++] = ' ';
			out[n++] = '(';
			inside = true;
		} else if (c >= 'a' && c <= 'z') {
			out[n++] = (char)(c - 'a' + 'A');
		} else if (c != ')') {
			out[n++] = c;
		}
	}
	if (inside)
		out[n++] = ')';
	out[n] = '\0';
}

static const struct text *
cci_text(void)
{
	const struct text *t = report_text;

	while (t->path != NULL && strcmp(t->path, "catalogs/cci.tsv") != 0)
		t++;
	assert(t->path != NULL);
	return t;
}

bool
cci_next(const struct control *control, size_t *at, char *out, size_t size)
{
	const struct text *t = cci_text();
	char name[32], row[64];
	int len;

	nist_name(control->id, name, sizeof(name));
	len =
	    snprintf(row, sizeof(row), "%.24s\t%s\t", control->framework, name);
	for (const char *p = t->p + *at; *p != '\0';) {
		size_t line = strcspn(p, "\n");

		*at = (size_t)(p - t->p) + line + (p[line] == '\n');
		if (strncmp(p, row, (size_t)len) == 0) {
			p += len;
			(void)snprintf(
			    out, size, "%.*s", (int)strcspn(p, "\t\n"), p);
			return true;
		}
		p = t->p + *at;
	}
	return false;
}
