/* See os_release.h. */
#include "collector/kit/os_release.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* catalogs/systems.tsv: os_id, os_version (a glob, empty: any), system, ...;
 * of one os_id the rows with a version stand first. */
extern const struct text kit_text[];

static bool
shell_value(struct span v, struct buf *out)
{
	char quote = '\0';

	buf_reset(out);
	v = span_trim(v);
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];

		if (c == '\\' && quote != '\'' && i + 1 < v.len) {
			c = v.p[++i];
			if (quote == '"' && strchr("\"\\$`", c) == NULL)
				buf_putc(out, '\\');
			buf_putc(out, c);
		} else if (quote != '\0' && c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
		} else if (quote == '\0' && (c == ' ' || c == '\t')) {
			return false; /* sh would run what follows */
		} else {
			buf_putc(out, c);
		}
	}
	return quote == '\0' && out->failed == FAULT_NONE;
}

bool
os_release_value(struct span text, const char *name, struct buf *out)
{
	struct span line, value;
	bool found = false;

	while (span_line(&text, &line)) {
		struct span key = span_until(span_trim(line), '=', &value);

		if (value.p == NULL || !span_is(key, name))
			continue;
		found = shell_value(value, out);
		if (!found) {
			enum fault_kind why = out->failed;

			buf_reset(out);
			if (why == FAULT_IO) /* memory: the caller is to know */
				out->failed = why;
		}
	}
	return found;
}

/* The cells of one row that are compared, and where the row ends. */
static const char *
row_cells(const char *p, struct span cells[3])
{
	struct span line = { p, strcspn(p, "\n") }, rest = line;

	for (size_t i = 0; i < 3; i++)
		cells[i] = span_until(rest, '\t', &rest);
	return p + line.len + (p[line.len] == '\n');
}

static bool
cell_matches(struct span cell, const char *text)
{
	char pattern[OS_FAMILY_MAX];

	if (cell.len >= sizeof(pattern))
		return false;
	memcpy(pattern, cell.p, cell.len);
	pattern[cell.len] = '\0';
	return fnmatch(pattern, text, 0) == 0;
}

void
os_family(const char *os_id, const char *version, char out[OS_FAMILY_MAX])
{
	const char *p = kit_text[0].p;
	struct span cells[3]; /* os_id, os_version, system */

	(void)snprintf(out, OS_FAMILY_MAX, "other");
	while (*p != '\0') {
		bool comment = *p == '#';

		p = row_cells(p, cells);
		if (comment || !span_is(cells[0], os_id) ||
		    (cells[1].len > 0 && !cell_matches(cells[1], version)))
			continue;
		(void)snprintf(
		    out, OS_FAMILY_MAX, "%.*s", (int)cells[2].len, cells[2].p);
		return;
	}
}
